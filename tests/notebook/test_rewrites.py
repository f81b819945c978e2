"""The table of edits of ops, graphs, multi-assets, checks and surroundings, end to end."""

from __future__ import annotations

import decimal
import sys
import time
from collections.abc import Iterator

import matplotlib.pyplot
import numpy as np
import pandas as pd
import polars as pl
import pytest

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.staleness.causes import UpstreamStale
from tests.notebook.edits_of_files import EDITS as OF_FILES
from tests.notebook.edits_of_graphs import EDITS as OF_GRAPHS
from tests.notebook.edits_of_surroundings import EDITS as OF_SURROUNDINGS
from tests.notebook.rewrites import Rewrite
from tests.notebook.shells import Notebook

EDITS = [*OF_GRAPHS, *OF_SURROUNDINGS, *OF_FILES]


@pytest.fixture(autouse=True)
def unchanged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the cells do to the process is undone."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", sys.dont_write_bytecode)
    for name in ("DAGBOOK_T", "DAGBOOK_U", "TZ"):
        monkeypatch.setenv(name, "")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    if "xarray" in sys.modules:
        sys.modules["xarray"].set_options(keep_attrs="default")
    for name in ("flight_rules", "fineprint"):
        sys.modules.pop(name, None)
    for kind in (pd.DataFrame, pd.api.typing.DataFrameGroupBy):
        if hasattr(kind, "dagbook_t"):
            del kind.dagbook_t
    matplotlib.rcParams.update(matplotlib.rcParamsOrig)
    matplotlib.pyplot.close("all")
    pd.reset_option("display.precision")
    pd.reset_option("future.python_scalars")
    pl.Config.restore_defaults()
    np.seterr(divide="warn", under="ignore")
    np.set_printoptions(precision=8)
    decimal.setcontext(decimal.Context())


def waiting(notebook: Notebook) -> set[str]:
    """The assets that are not fresh by themselves, and the checks that are to be judged."""
    standing = notebook.workspace.standing()
    found = {
        str(key)
        for key, status in standing.assets.items()
        if not status.is_fresh and not all(isinstance(one, UpstreamStale) for one in status.causes)
    }
    return found | {str(k) for k, one in standing.checks.items() if one.judgement == "missing"}


def results(notebook: Notebook) -> dict[str, str]:
    """All values and all that verdicts say."""
    standing = notebook.workspace.standing()
    found = {str(key): repr(notebook.workspace.value(key)) for key in standing.assets}
    for key, one in standing.checks.items():
        assert one.verdict is not None
        found[str(key)] = repr((one.verdict.passed, one.verdict.severity, one.verdict.metadata))
    return found


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_counts_exactly_where_a_run_could_show_it(
    notebook: Notebook, edit: Rewrite
) -> None:
    """What is stale after it is what is expected; a run of all shows that nothing fresh was wrong."""
    notebook("%config Dagbook.on_define = 'register'")
    for place, cell in enumerate(edit.cells):
        notebook(cell, cell=f"cell {place}")
    notebook("%materialize")
    before = results(notebook)
    assert waiting(notebook) == set()
    for place, cell in sorted(edit.after.items()):
        notebook(cell, cell=f"cell {place}")
    assert waiting(notebook) == set(edit.stale)
    notebook("%materialize --force")
    after = results(notebook)
    assert {name for name in after if after[name] != before[name]} <= set(edit.stale) | below(
        notebook, edit.stale
    )
    assert waiting(notebook) == set(edit.stale if edit.stays else ())


def below(notebook: Notebook, keys: tuple[str, ...]) -> set[str]:
    """What is made from these."""
    graph = notebook.workspace.graph
    found: set[str] = set()
    todo = [AssetKey(key) for key in keys if "." not in key]
    while todo:
        for child in graph.children(todo.pop()):
            found.add(str(child))
            todo.append(child)
    for check in graph.checks:
        if str(check.asset_key) in {*found, *keys}:
            found.add(str(check))
    return found


def test_the_table_is_large_and_its_names_are_unique() -> None:
    """Every edit has a name of its own."""
    assert len({edit.name for edit in EDITS}) == len(EDITS) >= 60
    assert str(AssetCheckKey(AssetKey("raw"), "small")) == "raw.small"
