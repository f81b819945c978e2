"""A real kernel: restarts, interrupts, kills, and outputs that are the same every time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.notebook.kernels import Kernel, running_kernel

CELLS = [
    "%load_ext dagbook\nimport pandas as pd\nfactor = 2",
    "%%asset orders --group shop\nwith open('runs', 'a') as file:\n    file.write('x')\n"
    "pd.DataFrame({'id': [1, 2], 'amount': [5.0, None]})",
    "%%asset doubled --sql\nselect id * $factor as twice from orders order by id",
    "%%asset_check amounts\norders[orders.amount.isna()]",
    "len(doubled), doubled.twice.sum().item()",
    "factor = 3",
    "%stale",
    "%materialize",
    "%asset",
    "%runs",
    "%asset doubled",
    "%dag --static",
    "%%asset broken\n1 / 0",
]
# What would differ from run to run: times, durations, ids, paths, addresses.
VARIES = re.compile(r"/tmp/|\d\d:\d\d|\b\d+(\.\d+)? ?(ms|µs|s)\b|0x[0-9a-f]+|[0-9a-f]{12,}")


def run_all(kernel: Kernel) -> list[str]:
    """All cells from the top; their outputs as plain text."""
    return [kernel(text, cell=f"cell-{place}").text for place, text in enumerate(CELLS)]


def test_a_restart_and_run_all_computes_nothing(tmp_path: Path) -> None:
    """In a second kernel the same cells show the kept values, and no body runs."""
    for _ in range(2):
        with running_kernel(tmp_path) as kernel:
            for text in CELLS[:4]:
                assert kernel(text).status == "ok"
            assert kernel(CELLS[4]).text == "(2, 6)"
    assert (tmp_path / "runs").read_text() == "x"


def test_outputs_are_the_same_on_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On empty stores in different folders all plain text is equal, and holds nothing that varies."""
    found = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv("DAGBOOK_HOME", str(folder / ".dagbook"))
        with running_kernel(folder) as kernel:
            found.append(run_all(kernel))
    assert found[0] == found[1]
    told = [text for text in found[0] if VARIES.search(re.sub(r"\x1b\[[0-9;]*m", "", text))]
    assert told == []


def test_a_graph_is_drawn_once_and_again_when_asked(tmp_path: Path) -> None:
    """`%dag` draws where it stands; its value shows nothing more in that cell, and all in a later."""
    with running_kernel(tmp_path) as kernel:
        kernel("%load_ext dagbook")
        kernel("%%asset orders\n[1, 2]")
        pictures = [
            sum("<svg" in output["data"].get("text/html", "") for output in kernel(cell).outputs)
            for cell in (
                "%dag --static",
                "drawn = %dag --static\nNone",
                "drawn = %dag --static\ndrawn",
                "drawn",
            )
        ]
    assert pictures == [1, 1, 1, 1]


def test_an_interrupt_stops_a_run_and_keeps_what_is_done(tmp_path: Path) -> None:
    """The kernel's interrupt ends the body; finished assets are kept, and names give them."""
    with running_kernel(tmp_path) as kernel:
        kernel("%load_ext dagbook")
        kernel("%%asset first --lazy\n1")
        kernel(
            "%%asset second --lazy\nimport time\nfrom pathlib import Path\n"
            "Path('mark').touch()\ntime.sleep(60)\nfirst + 1"
        )
        request = kernel.send("%materialize second")
        kernel.wait_for(tmp_path / "mark")
        kernel.manager.interrupt_kernel()
        stopped = kernel.answer(request)
        assert stopped.status == "error"
        assert "Stopped. Finished and kept: `first`." in stopped.text
        assert kernel("first").text == "1"
        assert "cancelled" in kernel("%runs").text


def test_a_killed_kernel_is_told_at_the_next_start(tmp_path: Path) -> None:
    """After kill -9 the next session says that a run was interrupted, and goes on with it."""
    with running_kernel(tmp_path) as kernel:
        kernel("%load_ext dagbook")
        kernel("%%asset first --lazy\n1")
        kernel(
            "%%asset second --lazy\nimport time\nfrom pathlib import Path\n"
            "Path('mark').touch()\ntime.sleep(60)\nfirst + 1"
        )
        kernel.send("%materialize second")
        kernel.wait_for(tmp_path / "mark")
        kernel.kill()
    with running_kernel(tmp_path) as kernel:
        assert kernel("%load_ext dagbook").text == (
            "dagbook is ready; 1 asset kept from before, readable by name; "
            "the last run was interrupted: `%runs --retry` goes on with it."
        )
        assert kernel("first").text.splitlines()[-1] == "1"
        kernel("%%asset first --lazy\n1")
        kernel("%%asset second --lazy\nfirst + 1")
        assert "1 materialized" in kernel("%runs --retry").text


def test_a_renamed_cell_is_known_by_its_id(tmp_path: Path) -> None:
    """The front end's cell id tells a new name in the same cell from a new asset."""
    with running_kernel(tmp_path) as kernel:
        kernel("%load_ext dagbook")
        kernel("%%asset old\n1", cell="c1")
        assert "`old` left the graph" in kernel("%%asset new\n1", cell="c1").text


def test_a_failing_body_shows_the_cells_lines(tmp_path: Path) -> None:
    """The traceback holds the cell's own lines and no frame of dagbook."""
    with running_kernel(tmp_path) as kernel:
        kernel("%load_ext dagbook")
        answer = kernel("%%asset broken\nx = 1\nx / 0")
    text = re.sub(r"\x1b\[[0-9;]*m", "", answer.text)
    assert answer.status == "error"
    assert "----> 3 x / 0" in text
    assert "dagbook" not in text
