"""Where values without content come from: cells stand in for what can't be read."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook.notebook.provenance import Provenance
from tests.notebook.shells import Notebook


class Cells:
    """A namespace in which cells run, with their provenance."""

    def __init__(self) -> None:
        self.space: dict[str, Any] = {}
        self.known = Provenance(self.space, set)

    def __call__(self, text: str) -> None:
        """Run a cell."""
        exec(text.removeprefix("%%time\n"), self.space)
        self.known.note_cell(text, lambda source: source)

    def of(self, name: str) -> str | None:
        """What stands in for the value of a name."""
        return self.known(name, self.space[name])


LOCK = "import threading\nlock = threading.Lock()"


def test_the_cell_that_bound_it_stands_in() -> None:
    """The same cells give the same answer in another session, other cells another one."""
    first, again, other = Cells(), Cells(), Cells()
    first(LOCK)
    again(LOCK)
    other(LOCK + "\nlock.acquire()")
    assert first.of("lock") == again.of("lock") is not None
    assert first.of("lock") != other.of("lock")


def test_what_its_cell_read_counts() -> None:
    """Another URL in another cell makes another connection of the same code."""
    marks = []
    for url in ("'a'", "'b'"):
        cells = Cells()
        cells(f"url = {url}")
        cells("class C:\n    def __init__(self, url): self.url = url\nc = C(url)")
        marks.append(cells.of("c"))
    assert marks[0] != marks[1]


@pytest.mark.parametrize(
    "text",
    [
        "lock.acquire()",
        "other = lock\nother.acquire()",
        "def take(x): x.acquire()\ntake(lock)",
        "%%time\nlock.acquire()",
    ],
)
def test_a_cell_that_may_change_it_counts(text: str) -> None:
    """Calling its methods or handing it on may change it, by whatever name."""
    cells = Cells()
    cells(LOCK)
    before = cells.of("lock")
    cells(text)
    assert cells.of("lock") != before


@pytest.mark.parametrize("text", ["lock", "print(lock)", "x = 1", "type(lock)"])
def test_a_cell_that_only_shows_it_does_not(text: str) -> None:
    """Looking at a value is no change."""
    cells = Cells()
    cells(LOCK)
    before = cells.of("lock")
    cells(text)
    assert cells.of("lock") == before


def test_another_value_than_the_one_that_was_bound_is_unknown() -> None:
    """What was bound past the cells, or hangs below another name, has no known origin."""
    cells = Cells()
    cells(LOCK)
    cells.space["lock"] = object()
    assert cells.of("lock") is None
    assert cells.known("elsewhere", cells.space["lock"]) is None


def test_a_cell_that_is_no_python_leaves_nothing_known() -> None:
    """Where it can't be told what a cell did, no stand-in is given."""
    cells = Cells()
    cells(LOCK)
    cells.known.note_cell("ls -l |", lambda source: source)
    assert cells.of("lock") is None


def test_a_notebook_tells_its_workspace_where_values_come_from(notebook: Notebook) -> None:
    """A body that reads an open connection is fresh, and stale once another cell's code opened it."""
    notebook("import threading\ngate = threading.Semaphore(1)")
    notebook("%%asset looked\ngate.acquire(blocking=False)", cell="a")
    assert notebook.state("looked") == "fresh"
    assert "weak" in notebook.workspace.status("looked").flags
    assert "a change of what it reads may stay unseen" in str(notebook("%asset").value)
    assert "</span>: a change of what it reads may stay unseen" in notebook("%asset looked").html
    notebook("import threading\ngate = threading.Semaphore(2)")
    assert notebook.state("looked") == "stale"
