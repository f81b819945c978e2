"""The law of rows without an order: what was read of their order is true as long as it is fresh."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import dagbook as dg
from dagbook.cells.define_sql import sql_asset
from dagbook.definitions.assets import Upkeep
from dagbook.definitions.origin import Origin
from dagbook.engine.workspace import Workspace

ROWS = st.sampled_from(["ab", "ba", "aab", "aba", "baa", "c", ""])
STEPS = st.tuples(ROWS, st.sampled_from(["all", "rows", "first", "forced", "lost", "nothing"]))
PADDING = "-" * 20_000  # so that the value has a file of its own


@dg.asset
def raw() -> Any:
    """The rows in the order that they have now."""
    return pd.DataFrame({"c": [letter + PADDING for letter in now[0]]}, dtype="str")


@dg.asset
def read(rows: Any) -> list[str]:
    """All that there is to be read of their order."""
    return [text[0] for text in rows.c]


now = [""]
rows = sql_asset(
    "select c from raw",
    dg.AssetSpec("rows"),
    ins={},
    upkeep=Upkeep(),
    namespace={},
    origin=Origin(where="a test"),
)


def act(workspace: Workspace, step: str) -> None:
    """One thing that somebody does."""
    kept = workspace.status("rows").materialization
    if step == "lost" and kept is not None and kept.value is not None:
        workspace.store.objects.delete(kept.value.address)
    elif step == "forced":
        workspace.materialize("rows", force=True, raise_on_error=False)
    elif step in ("rows", "first"):
        key = "read" if step == "first" else "rows"
        workspace.materialize(key, only=True, raise_on_error=False)
    elif step == "all":
        workspace.materialize()


@settings(max_examples=25, deadline=None)
@given(st.lists(STEPS, max_size=10))
def test_a_fresh_reader_of_positions_is_true_of_the_rows_that_are_kept(
    steps: list[tuple[str, str]],
) -> None:
    """Whatever orders the rows came in, were lost in, or were read in by one alone."""
    with TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), base=Path(folder))
        workspace.define(raw, rows, read)
        for order, step in steps:
            now[0] = order
            act(workspace, step)
            if workspace.status("read").is_fresh:
                kept = [text[0] for text in workspace.value("rows").c]
                assert workspace.value("read") == kept
        workspace.close()
