"""Names that a cell binds before it reads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dagbook.notebook.binding import names_read
from tests.notebook.shells import Notebook


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("low = 1\nlow", False),
        ("for low in range(3): pass\nlow", False),
        ("import low\nlow", False),
        ("def low(): pass\nlow()", False),
        ("with open('x') as low: low", False),
        ("low", True),
        ("low = low + 1", True),
        ("low += 1", True),
        ("for low in low: pass", True),
        ("[low for low in range(3)]\nlow = 2", False),
        ("def f(low): return low", False),
        ("def f(*low, **more): return low", False),
        ("lambda low: low", False),
        ("def f(x=low): return x", True),
        ("def f(x): return low", True),
        ("def f(low): return low\nlow", True),
        ("def f():\n low = 1\n return low", False),
        ("def f():\n low = 1\n return low\nlow", True),
        ("class low: pass", False),
        ("class A:\n low = 1\nlow", True),
        ("def f(low):\n 'low is doubled'\n return low", False),
        ("eval('low')", True),
        ("x.low", False),
        ("def f(low): pass\nfor low in range(3): pass\nlow", False),
    ],
)
def test_what_a_cell_binds_first_it_does_not_read(text: str, reads: bool) -> None:
    """A value is worked out before it is bound; parameters belong to their function."""
    assert ("low" in (names_read(text) or ())) is reads


def test_nothing_is_known_of_what_is_no_python() -> None:
    """It may read anything."""
    assert names_read("%magic\nlow = 1") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("for low in range(3): pass\nlow", False),
        ("low", True),
        ("def f(low): return low", False),
        ("%matplotlib --list\ndef f(low): return low", False),
        ("def f(low): return reader()", True),
        ("%time low", True),
    ],
)
def test_a_variable_of_the_cell_is_no_stale_asset(
    notebook: Notebook, text: str, told: bool
) -> None:
    """Although there is an asset of its name, which is stale."""
    notebook("%config Dagbook.on_define = 'register'\nbase = 1")
    notebook("%%asset low\nbase + 1", cell="a")
    notebook("%materialize low")
    notebook("base = 2\ndef reader(): return low")
    assert ("`low` is stale" in notebook(text).text) is told


def test_what_is_kept_from_before_is_told_of_what_is_read_only(
    restart: Callable[[], Notebook],
) -> None:
    """Not of parameters, nor of the function that defines the asset anew."""
    notebook, text = restart(), "import dagbook as dg\n@dg.asset\ndef total(rate): return rate"
    notebook("%%asset rate\n2")
    notebook(f"{text}\n%materialize total")
    notebook = restart()
    assert "`rate` is the value kept from before, unverified" in notebook("rate").text
    assert "unverified" not in notebook("def f(rate):\n    return rate").text
    assert "unverified" not in notebook(text).text
