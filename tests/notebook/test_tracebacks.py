"""What a notebook shows and keeps of an error: users' frames, and cells by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagbook.notebook.tracebacks import fitted
from tests.notebook.kernels import running_kernel
from tests.notebook.shells import Notebook

HELPER = "def helper(x):\n    return x / 0"
BROKEN = "from dagbook import asset, workspace\n@asset\ndef broken():\n    return helper(1)"


def ours(text: str) -> bool:
    """Whether a text names a file of dagbook."""
    return "dagbook/" in text.replace("\\", "/")


@pytest.mark.parametrize(
    "call",
    ["workspace().materialize('broken')", "broken()", "broken.value", "workspace().value('brokn')"],
)
def test_a_call_shows_no_frames_of_ours(notebook: Notebook, call: str) -> None:
    """Only the line of the cell and those of the user's functions."""
    notebook(HELPER)
    notebook(BROKEN)
    shown = notebook.message(call)
    assert call in shown
    assert not ours(shown)


def test_a_fault_of_ours_shows_where_it_is(notebook: Notebook) -> None:
    """What dagbook did not raise on purpose is to be found by its frames."""
    notebook(BROKEN)
    assert ours(notebook.message("workspace().graph.sorted([[]])"))


def test_the_frames_come_back_when_dagbook_is_taken_out(notebook: Notebook) -> None:
    """`%unload_ext` leaves the shell as it was."""
    notebook(HELPER)
    notebook(BROKEN)
    notebook("%unload_ext dagbook")
    assert ours(notebook.message("broken()"))


@pytest.mark.parametrize("options", ["--no-raise", "--executor processes"])
def test_a_kept_traceback_names_the_cells_of_helpers(tmp_path: Path, options: str) -> None:
    """Also of a run in other processes, whose error is shown without frames of this one."""
    with running_kernel(tmp_path) as kernel:
        for text in ("%load_ext dagbook", HELPER, BROKEN):
            kernel(text)
        shown = kernel(f"%materialize broken {options}").text
    assert 'File "cell [3]", line 4, in broken' in shown
    assert 'File "cell [2]", line 2, in helper' in shown
    assert not ours(shown)


def test_a_kept_traceback_names_the_cells_of_ops(tmp_path: Path) -> None:
    """In other processes, too, which never saw these cells, with their lines."""
    with running_kernel(tmp_path) as kernel:
        for text in ("%load_ext dagbook", HELPER, "%%op one()\nhelper(1)"):
            kernel(text)
        kernel("%%graph_asset broken --lazy\none()")
        shown = kernel("%materialize broken --executor processes").text
    assert 'File "cell [3]", line 2, in one\n    helper(1)\n' in shown
    assert 'File "cell [2]", line 2, in helper\n    return x / 0\n' in shown


def test_an_asynchronous_body_shows_its_own_frames(notebook: Notebook) -> None:
    """And not those of the loop that drives it."""
    notebook(HELPER)
    shown = notebook.message("%%asset broken\nimport asyncio\nawait asyncio.sleep(0)\nhelper(1)")
    assert "----> 4 helper(1)" in shown
    assert "run_until_complete" not in shown


def test_a_failed_query_is_told_once_more_than_in_the_table(notebook: Notebook) -> None:
    """The error that is raised says all of it: there are no frames to show."""
    notebook("%%asset one --sql --lazy\nselect error('unheard') as day")
    ran = notebook("%materialize one", fails=True)
    assert "dagbook.errors" not in ran.text
    assert ran.text.count("unheard") == 2


def test_a_failed_run_shows_the_frames_once(notebook: Notebook) -> None:
    """They stand below the error that is raised, and not in the table of the run too."""
    notebook(HELPER)
    notebook(BROKEN)
    shown = [str(one) for one in notebook("%materialize broken", fails=True).shown]
    assert any("1 failed" in one for one in shown)
    assert not any("Traceback" in one for one in shown)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("w " * 60, ["w " * 39 + "w", "w " * 20]),
        ("  " + "w " * 45, ["  " + "w " * 38 + "w", "  " + "w " * 6]),
        ("- " + "w " * 45, ["- " + "w " * 38 + "w", "  " + "w " * 6]),
        ("w " * 39 + "`a b`", ["w " * 39, "`a b`"]),
        ("w" * 90, ["w" * 90]),
        ("l " * 60 + "\n   ^", ["l " * 60, "   ^"]),
    ],
)
def test_lines_of_an_error_fit_a_page(text: str, lines: list[str]) -> None:
    """Broken between words, never in what is to be typed, nor where a caret points into them."""
    assert [one.rstrip() for one in fitted(text)] == [one.rstrip() for one in lines]


@pytest.mark.parametrize("body", ["exit()", "raise SystemExit", "import sys\nsys.exit(2)"])
def test_a_body_that_exits_has_failed(notebook: Notebook, body: str) -> None:
    """One sentence that names the asset; the run has ended as any that fails."""
    said = notebook.message(f"%%asset q\n{body}")
    assert said.startswith("BodyExited: `q` called exit")
    assert "\n" not in said
    status = notebook.workspace.status("q")
    assert status.last_run == "failed"
