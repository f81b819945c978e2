"""Names in ordinary cells: each cell has a value of its own."""

from __future__ import annotations

import pytest

from tests.engine.test_isolation import VALUES
from tests.notebook.shells import Notebook

HEAD = "import numpy as np, pandas as pd, polars as pl\nfrom types import SimpleNamespace"


@pytest.mark.parametrize(
    "name", ["frame", "column", "large array", "dictionary", "object", "polars"]
)
def test_a_change_in_an_ordinary_cell_reaches_nobody_else(notebook: Notebook, name: str) -> None:
    """Not the next cell, not an asset, not the store."""
    value, change, told = VALUES[name]
    notebook(HEAD)
    notebook(f"%%asset source\n{value}", cell="a")
    before = notebook(told).value
    notebook(change)
    assert notebook(told).value == before
    notebook(f"%%asset reader\n{told}", cell="b")
    assert notebook.workspace.value("reader") == before
    assert notebook.state("source") == "fresh"


def test_what_a_body_sets_of_a_library_is_its_own(notebook: Notebook) -> None:
    """What runs after it in the same run shows nothing of it, and nothing is stale by it."""
    notebook("%config Dagbook.on_define = 'register'\nimport decimal")
    notebook("%%asset raw\ndecimal.getcontext().prec = 4\ndecimal.Decimal(1) / 3", cell="a")
    notebook("%%asset after\nraw, decimal.Decimal(1) / 3", cell="b")
    notebook("%materialize")
    assert [len(str(one)) for one in notebook("after").value] == [6, 30]
    assert (notebook.state("raw"), notebook.state("after")) == ("fresh", "fresh")
