"""`%config Dagbook.stale_names`: what happens to a stale asset that a cell reads by its name."""

from __future__ import annotations

import pytest

from tests.notebook.shells import Notebook

MATERIALIZE = "%config Dagbook.stale_names = 'materialize'\n%config Dagbook.on_define = 'register'"


def edited(notebook: Notebook) -> None:
    """Two assets, the upper one edited and not run since."""
    notebook("%%asset above\n1", cell="a")
    notebook("%%asset below\nabove + 1", cell="b")
    notebook(MATERIALIZE)
    notebook("%%asset above\n10", cell="a")


def test_a_stale_name_is_made_first(notebook: Notebook) -> None:
    """With all that it needs, and nothing is announced."""
    edited(notebook)
    ran = notebook("below")
    assert ran.value == 11
    assert "stale" not in ran.text


def test_a_missing_name_is_made_too(notebook: Notebook) -> None:
    """Reading it is enough."""
    notebook(MATERIALIZE)
    notebook("%%asset fresh\n5", cell="a")
    assert notebook("fresh").value == 5


@pytest.mark.parametrize(
    "text", ["def f(made): return made\nf(1)", "g = lambda made: made", "[made for made in [1]]"]
)
def test_a_name_of_a_parameter_makes_nothing(notebook: Notebook, text: str) -> None:
    """The function's own name is no asset that is read."""
    notebook("%%asset made --lazy\n1", cell="a")
    notebook(MATERIALIZE)
    notebook(text)
    assert notebook.state("made") == "missing"


def test_what_fails_leaves_the_old_value_and_says_so(notebook: Notebook) -> None:
    """The cell runs on."""
    edited(notebook)
    notebook("%%asset above\n1 / 0", cell="a")
    ran = notebook("below")
    assert ran.value == 2
    assert "`below` is stale" in ran.text


def test_otherwise_it_is_only_announced(notebook: Notebook) -> None:
    """The kept value is given."""
    edited(notebook)
    notebook("%config Dagbook.stale_names = 'announce'")
    ran = notebook("below")
    assert ran.value == 2
    assert "`below` is stale" in ran.text
