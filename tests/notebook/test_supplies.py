"""Resources in the bodies of cells, and previews of what I/O managers keep."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook

GIVEN = "import dagbook as dg\ndg.workspace().provide({'limit': 3})"


@pytest.mark.parametrize(
    "cells",
    [
        ["%%asset a\ncontext.resources.limit"],
        ["%%op o()\ncontext.resources.limit", "%%graph_asset a\no()"],
        ["%%multi_asset a b\na = context.resources.limit\nb = 1"],
    ],
)
def test_a_body_asks_its_context_for_resources(notebook: Notebook, cells: list[str]) -> None:
    """Naming one is enough; it needs no declaration."""
    notebook(GIVEN)
    for cell in cells:
        notebook(cell)
    assert notebook("a").value == 3


def test_a_check_s_body_asks_for_resources(notebook: Notebook) -> None:
    """As others do."""
    notebook(GIVEN)
    notebook("%%asset a\n2")
    assert "passed" in repr(notebook("%%asset_check few\na < context.resources.limit").value)


def test_a_resource_that_nothing_gives_is_told_before_the_body_runs(notebook: Notebook) -> None:
    """With the cell and suggestions."""
    notebook(GIVEN)
    assert notebook.message("%%asset a\ncontext.resources.limti") == (
        "InvalidConfig: `a` (cell [3], line 1) needs the resource `limti`, and there is none of "
        "that name. Did you mean `limit`? Give it as resources={'limti': …}."
    )


@pytest.mark.parametrize("show", ["%%asset orders --io tables\nframe", "%asset orders"])
def test_what_a_manager_keeps_is_shown(notebook: Notebook, show: str) -> None:
    """As what the workspace keeps itself."""
    notebook("import dagbook as dg, pandas\nframe = pandas.DataFrame({'day': ['Monday']})")
    notebook("tables = dg.DuckDBIOManager(database='shop.duckdb')")
    notebook("%%asset orders --io tables\nframe")
    assert "Monday" in notebook(show).html


def test_what_a_manager_can_t_give_is_shown_as_its_error(notebook: Notebook) -> None:
    """The asset was made all the same."""
    notebook(
        "import dagbook as dg\n"
        "class Forgetful(dg.IOManager):\n"
        "    def handle_output(self, context, obj): ...\n"
        "    def load_input(self, context):\n"
        "        raise RuntimeError('gone')\n"
        "lost = Forgetful()"
    )
    ran = notebook("%%asset a --io lost\n1")
    assert "gone" in ran.html
    assert notebook.state("a") == "fresh"
