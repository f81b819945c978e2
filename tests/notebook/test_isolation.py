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
