"""Says something in a cell, the same again and then another thing, beside a body that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from tests.notebook.shells import Notebook


def says(notebook: Notebook, cell: str, said: Sequence[str], body: str) -> None:
    """The same changes nothing; another word is stale by right, and only there."""
    notebook(cell.format(said[0]), cell="head")
    notebook(f"%%asset result\n{body}", cell="result")
    notebook("%%asset apart\nsum([1, 2])", cell="apart")
    before = repr(notebook.workspace.value("result"))
    notebook(cell.format(said[0]), cell="head")
    assert notebook.state("result") == "fresh"
    notebook(cell.format(said[1]), cell="head")
    assert (notebook.state("result"), notebook.state("apart")) == ("stale", "fresh")
    notebook("%materialize result")
    assert repr(notebook.workspace.value("result")) != before
