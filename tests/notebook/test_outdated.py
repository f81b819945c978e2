"""Cells that show, or go on with, values that are no longer those that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dagbook.comm.outdated import outdated_cells
from dagbook.notebook.extension import load, unload
from dagbook.notebook.session import NotebookSession
from tests.notebook.shells import Notebook, opened_shell

Marks = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
STEPS = {
    "limit": "limit = 3",
    "orders": "%%asset orders\n[n for n in range(5) if n < limit]",
    "total": "%%asset total\nsum(orders)",
    "look": "len(orders)",
    "most": "most = max(orders)",
    "further": "most * 2",
    "helper": "def first():\n    return orders[0]",
    "helped": "first()",
    "apart": "limit + 1",
    "check": "%%asset_check some --asset orders\nlen(orders) > 1",
}
ALL = ("orders", "total", "look", "most", "further", "helped", "check")


@pytest.fixture
def session(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Notebook, NotebookSession]]:
    """A notebook in which every cell has run, and its session."""
    monkeypatch.chdir(tmp_path)
    found: list[NotebookSession] = []

    def connect(session: NotebookSession) -> Callable[[], None]:
        found.append(session)
        return found.clear

    with opened_shell() as shell:
        vars(shell)["kernel"] = None  # A page listens to a shell that a kernel runs.
        load(shell, None, connect)
        notebook = Notebook(shell)
        for cell, text in STEPS.items():
            notebook(text, cell=cell)
        yield notebook, found[0]
        unload(shell)


def marks(session: NotebookSession) -> Marks:
    """What a page is told: the cells, with earlier and with stale assets."""
    statuses, current = session.workspace.standing().assets, session.workspace.history_of.current
    told = outdated_cells(session, statuses, current)
    return {each.cell: (each.earlier, each.stale) for each in told}


def test_nothing_is_outdated_that_has_just_run(session: tuple[Notebook, NotebookSession]) -> None:
    """Neither what defines nor what reads."""
    assert marks(session[1]) == {}


def test_cells_that_show_or_read_what_is_stale_are_marked(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """Directly, through a function and through a variable."""
    notebook, notes = session
    notebook("limit = 4", cell="limit")
    stale = {cell: ((), (("total" if cell == "total" else "orders"),)) for cell in ALL}
    assert marks(notes) == stale


def test_after_a_run_the_cells_that_show_what_was_before_are_marked(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """Those of the assets too: what is shown below them is not the value that they have now."""
    notebook, notes = session
    notebook("limit = 4", cell="limit")
    notebook("%materialize", cell="run")
    earlier = {cell: ((("total" if cell == "total" else "orders"),), ()) for cell in ALL}
    assert marks(notes) == earlier


def test_running_a_cell_again_takes_its_mark_away(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """A variable keeps the mark of whoever reads it until its own cell has run."""
    notebook, notes = session
    notebook("limit = 4", cell="limit")
    notebook("%materialize", cell="run")
    for cell in ("orders", "total", "look", "helped", "further", "check"):
        notebook(STEPS[cell], cell=cell)
    assert set(marks(notes)) == {"most", "further"}
    notebook(STEPS["most"], cell="most")
    notebook(STEPS["further"], cell="further")
    assert marks(notes) == {}


def test_what_came_out_the_same_marks_nothing(session: tuple[Notebook, NotebookSession]) -> None:
    """What is shown is still true, since the data is the same."""
    notebook, notes = session
    notebook("%%asset orders\nlist(range(limit))", cell="orders")
    notebook("%materialize", cell="run")
    assert marks(notes) == {}


def test_an_edit_that_is_undone_marks_nothing(session: tuple[Notebook, NotebookSession]) -> None:
    """The earlier result is taken again, and it is what the cells show."""
    notebook, notes = session
    notebook("limit = 4", cell="limit")
    notebook("%materialize", cell="run")
    notebook("limit = 3", cell="limit")
    notebook("%materialize", cell="run")
    assert marks(notes) == {}


def test_who_reads_a_variable_from_before_is_named(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """After a run and by `%stale`, until the variable's cell has run again."""
    notebook, _ = session
    notebook("%%asset double\nmost * 2", cell="double")
    notebook("limit = 4", cell="limit")
    told = "`double` reads `most`, which cell [5] computed before `orders` changed"
    assert told in notebook("%materialize", cell="run").text
    assert told in notebook("%stale").value.text
    notebook(STEPS["most"], cell="most")
    assert told not in notebook("%materialize", cell="run").text
    assert notebook("double").value == 6


def test_a_line_that_tells_of_a_run_to_come_is_true_until_that(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """It is greyed when the asset has been made, also where that gave the data of before."""
    notebook, notes = session
    same = STEPS["total"].replace("sum(orders)", "sum(orders) + 0")
    notebook("%config Dagbook.on_define = 'register'")
    assert "stale" in notebook(same, cell="total").value.shown().text
    assert "total" not in marks(notes)
    notebook("%materialize", cell="run")
    assert marks(notes) == {"total": (("total",), ())}
    notebook(same, cell="total")
    assert marks(notes) == {}


@pytest.mark.parametrize("text", ["%asset", "%asset orders", "%stale"])
def test_what_magics_tell_is_marked_when_it_is_no_longer_so(
    session: tuple[Notebook, NotebookSession], text: str
) -> None:
    """That assets are fresh when they are not, and that they wait when they do not."""
    notebook, notes = session
    notebook(text, cell="told")
    assert "told" not in marks(notes)
    notebook("limit = 4", cell="limit")
    assert "orders" in marks(notes)["told"][1]
    notebook(text, cell="told")
    assert "told" not in marks(notes)
    notebook("%materialize", cell="run")
    assert "orders" in marks(notes)["told"][0]


def test_what_reads_a_forgotten_asset_is_marked(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """Nothing stands behind the value that is shown; a cell that waits for a run still does."""
    notebook, notes = session
    notebook("%forget total")
    notebook("%forget orders")
    told = marks(notes)
    assert told["look"] == ((), ("orders",))
    assert told["further"] == ((), ("orders",))


def test_failing_rows_are_marked_when_their_asset_changes(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """Also where a variable holds them, and a later cell shows what it made of that."""
    notebook, notes = session
    notebook("%%asset_check none --asset orders\nimport pandas\npandas.DataFrame({'a': orders})")
    notebook("rows = %failing orders.none\nlen(rows)", cell="rows")
    notebook("rows.a.max()", cell="shown")
    notebook("limit = 4", cell="limit")
    notebook("%materialize", cell="run")
    told = marks(notes)
    assert (told["rows"], told["shown"]) == ((("orders",), ()), (("orders",), ()))
    notebook("rows = %failing orders.none", cell="rows")
    assert set(marks(notes)).isdisjoint({"rows"})


def test_a_cell_that_defines_by_decorators_shows_nothing_that_could_change(
    session: tuple[Notebook, NotebookSession],
) -> None:
    """It says nothing of the assets, neither that they wait nor what they are."""
    notebook, notes = session
    text = "from dagbook import asset\n@asset\ndef twice(orders): return orders * 2"
    notebook(text, cell="made")
    notebook("%materialize", cell="run")
    notebook("limit = 4", cell="limit")
    notebook("%materialize", cell="run")
    assert "made" not in marks(notes)
