"""Names that a cell binds before it reads them."""

from __future__ import annotations

import pytest

from dagbook.notebook.binding import binds_first
from tests.notebook.shells import Notebook


@pytest.mark.parametrize(
    ("text", "binds"),
    [
        ("low = 1\nlow", True),
        ("for low in range(3): pass\nlow", True),
        ("import low\nlow", True),
        ("def low(): pass\nlow()", True),
        ("with open('x') as low: low", True),
        ("low", False),
        ("low = low + 1", False),
        ("low += 1", False),
        ("for low in low: pass", False),
        ("[low for low in range(3)]\nlow = 2", False),
        ("%magic\nlow = 1", False),
    ],
)
def test_the_first_use_of_a_name_decides(text: str, binds: bool) -> None:
    """A value is worked out before it is bound."""
    assert binds_first(text, "low") is binds


@pytest.mark.parametrize(
    ("text", "told"), [("for low in range(3): pass\nlow", False), ("low", True)]
)
def test_a_variable_of_the_cell_is_no_stale_asset(
    notebook: Notebook, text: str, told: bool
) -> None:
    """Although there is an asset of its name, which is stale."""
    notebook("%config Dagbook.on_define = 'register'\nbase = 1")
    notebook("%%asset low\nbase + 1", cell="a")
    notebook("%materialize low")
    notebook("base = 2")
    assert ("`low` is stale" in notebook(text).text) is told
