"""A module whose file is newer than what is loaded: what is said of it, and what helps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

REMEDY = "`import importlib, rates; importlib.reload(rates)`"
RAN = f"`rt` ran with `rates` as it was loaded; its file is newer: {REMEDY}."


@pytest.fixture
def edited(notebook: Notebook, tmp_path: Path) -> Iterator[Notebook]:
    """A notebook whose module has been edited since two assets were made by it."""
    file = tmp_path / "rates.py"
    file.write_text("RATE = 1\n")
    notebook(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport rates")
    notebook("%%asset rt\nrates.RATE * 100", cell="a")
    notebook("%%asset below\nrt + 1", cell="b")
    file.write_text("RATE = 22\n")
    yield notebook
    sys.path.remove(str(tmp_path))
    sys.modules.pop("rates", None)


Show = Callable[[Notebook], str]
SHOWS: dict[str, Show] = {
    "%stale": lambda notebook: notebook("%stale rt").text,
    "the name": lambda notebook: notebook("rt").text,
    "the name of what is below": lambda notebook: notebook("below").text,
    "a plan": lambda notebook: notebook("%materialize rt --dry-run").text,
    "a run": lambda notebook: notebook("%materialize rt").text,
    "its own cell": lambda notebook: notebook("%%asset rt\nrates.RATE * 100", cell="a").text,
}


@pytest.mark.parametrize("show", SHOWS.values(), ids=SHOWS)
def test_what_helps_is_said(edited: Notebook, show: Show) -> None:
    """Wherever the asset is shown to be stale; a run alone would use the old module."""
    assert REMEDY in " ".join(show(edited).split())


def test_a_run_says_that_it_used_the_old_code(edited: Notebook) -> None:
    """It cannot do otherwise, and its table would look as if all were well."""
    assert RAN in " ".join(edited("%materialize rt").text.split())
    assert edited("rt").value == 100


def test_after_the_reload_a_run_helps(edited: Notebook) -> None:
    """And says nothing of modules any more."""
    edited(REMEDY.strip("`"))
    assert "ran with" not in edited("%materialize below").text
    assert edited("below").value == 2201
    assert "stale" not in edited("below").text
