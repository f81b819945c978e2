"""Where output goes and what form it has: pipes, terminals, JSON, JUnit, odd names."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.program import ORDERS, TOTAL, dagbook, document, write

SLOW = "%%asset slow\nimport time\nopen('begun', 'w').close()\ntime.sleep(60)\n1"


def on_terminal(*words: object) -> str:
    """What the program writes to a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dagbook", *map(str, words)]
    process = subprocess.Popen(command, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 65536):
            seen += piece
    except OSError:  # the terminal's end, as Linux tells it
        pass
    finally:
        os.close(ours)
    assert process.wait() == 0, seen.decode()
    return seen.decode()


def test_a_pipe_gets_plain_lines(tmp_path: Path) -> None:
    """One line an asset, no codes of terminals."""
    ran = dagbook("run", write(tmp_path / "shop.ipynb", ORDERS, TOTAL), code=0)
    assert "\x1b" not in ran.stdout
    assert "✓ materialized total" in ran.stdout


def test_a_warning_is_not_told_as_a_failure(tmp_path: Path) -> None:
    """The line says of a check what the table says of it."""
    warning = "%%asset_check few --severity warn\nlen(orders) > 10"
    ran = dagbook("run", write(tmp_path / "shop.ipynb", ORDERS, warning), code=0)
    assert "● warned orders.few" in ran.stdout
    assert "failed" not in ran.stdout


def test_a_terminal_gets_one_line_that_is_redrawn(tmp_path: Path) -> None:
    """It names what runs, and is gone when the table comes."""
    slow = "%%asset slow\nimport time\ntime.sleep(0.3)\nprint('hello')\n1"
    seen = on_terminal("run", write(tmp_path / "shop.ipynb", slow, "%%asset last\nslow"))
    assert "▶ 0 of 2 assets · slow" in seen
    assert "\r\x1b[2Khello" in seen
    assert "▶" not in seen.rpartition("\x1b[2K")[2]


def test_json_is_all_that_stands_on_standard_output(tmp_path: Path) -> None:
    """What cells, bodies and their child processes print goes to standard error."""
    loud = "import os\nprint('one')\nos.system('echo two')\nos.write(1, b'three')"
    body = "%%asset loud\nprint('four')\n!echo five\n1"
    notebook = write(tmp_path / "shop.ipynb", loud, body)
    ran = dagbook("run", notebook, "--json", code=0)
    assert ran.stdout.startswith("{\n")
    assert ran.stdout.endswith("}\n")
    assert all(word in ran.stderr for word in ("one", "two", "three", "four", "five"))


def test_json_tells_an_error_in_the_document(tmp_path: Path) -> None:
    """A fault that keeps everything from running is a document too."""
    found = document("run", write(tmp_path / "shop.ipynb", ORDERS, ORDERS), code=2)
    assert found["exit_code"] == 2
    assert found["error"]["type"] == "DuplicateKey"


def test_json_says_what_was_left_out(tmp_path: Path) -> None:
    """Cells that show, run or read assets are listed with the reason."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, "top = orders[0]", "print(top)", "%dag")
    found = document("run", notebook)["left_out"]
    assert [one["cell"] for one in found] == ["cell [2]", "cell [3]", "cell [4]"]


def test_what_was_left_out_is_counted_in_one_line(tmp_path: Path) -> None:
    """The list of a long notebook would hide what came of the run."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, "top = orders[0]", "print(top)", "%dag")
    said = dagbook("run", notebook).stdout
    assert "Left out: 3 cells, for running, showing or reading assets; listed by --json." in said


def test_a_variable_that_was_left_out_is_named_to_its_reader(tmp_path: Path) -> None:
    """The note says which asset reads it and what to do; the body itself fails loudly."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, "top = max(orders)", "%%asset twice\ntop * 2")
    found = document("run", notebook, code=1)
    assert "make `top` an asset" in found["notes"][0]
    assert found["run"]["failed"] == ["twice"]


def test_junit_has_a_case_for_each_asset_and_check(tmp_path: Path) -> None:
    """Errors, failures and what did not run are told apart."""
    cells = (ORDERS, "%%asset_check few --blocking\nlen(orders) < 2", TOTAL, "%%asset bad\n1 / 0")
    target = tmp_path / "deep" / "report.xml"
    dagbook("run", write(tmp_path / "shop.ipynb", *cells), "--junit", target, code=1)
    suite = ElementTree.parse(target).getroot()[0]
    told = {case.get("name"): [child.tag for child in case] for case in suite}
    assert told == {"orders": [], "total": ["skipped"], "bad": ["error"], "few": ["failure"]}
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "1")


def test_junit_tells_a_notebook_that_did_not_come_to_run(tmp_path: Path) -> None:
    """One case in error, so that no CI takes an empty report for a green one."""
    target = tmp_path / "report.xml"
    dagbook("run", tmp_path / "nothing.ipynb", "--junit", target, code=2)
    assert ElementTree.parse(target).getroot().findall(".//error")


def test_hostile_texts_stay_text(tmp_path: Path) -> None:
    """Codes of terminals and markup in messages and names reach neither terminal nor XML."""
    fail = "def fail():\n    raise ValueError('\\x1b[31m<b>&\\x00 ]]> \\ud800')"
    bad = "%%asset bad\nfail()"
    key = (
        "import dagbook\n@dagbook.asset(description='<script>\\x1b[2J')\ndef fine():\n    return 1"
    )
    target = tmp_path / "report.xml"
    ran = dagbook(
        "run", write(tmp_path / "a <b>&'\".ipynb", fail, bad, key), "--junit", target, code=1
    )
    assert "\x1b" not in ran.stdout + ran.stderr
    assert "<b>&" in (ElementTree.parse(target).getroot().findtext(".//error") or "")


@pytest.mark.parametrize("coding", ["ascii", "utf-8"])
def test_any_encoding_of_the_output_will_do(tmp_path: Path, coding: str) -> None:
    """A sign that can't be written becomes another one; no error."""
    notebook = write(tmp_path / "shop.ipynb", "%%asset orders\nprint('✓')\n1")
    dagbook("run", notebook, env=[f"PYTHONIOENCODING={coding}"], code=0)


def interrupted(begun: Path, *words: object) -> tuple[int, str]:
    """The exit code and standard error of a program that is interrupted once the file is there."""
    command = [sys.executable, "-m", "dagbook", *map(str, words)]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 60
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    return process.returncode, told


def test_an_interrupt_keeps_what_had_finished(tmp_path: Path) -> None:
    """SIGINT ends the run with 130, and the next run goes on from there."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS, SLOW)
    found = interrupted(tmp_path / "begun", "run", notebook)
    assert found == (130, "dagbook: interrupted; what had finished is kept.\n")
    assert document("run", notebook, "--dry-run")["plan"]["fresh"] == ["orders"]


def test_an_interrupt_ends_the_execution_too(tmp_path: Path) -> None:
    """The kernel ends with it, and the outputs up to there are written."""
    cells = ("%load_ext dagbook", ORDERS, "print(orders)", SLOW.partition("\n")[2])
    notebook = write(tmp_path / "shop.ipynb", *cells[:3], "if orders:\n    pass\n" + cells[3])
    target = tmp_path / "done.ipynb"
    found = interrupted(tmp_path / "begun", "run", notebook, "--execute", target)
    assert found == (130, "dagbook: interrupted; what had finished is kept.\n")
    assert "[1, 2, 3]" in target.read_text()


def test_a_reader_that_has_gone_is_no_fault(tmp_path: Path) -> None:
    """`dagbook status … | head -1` ends without a traceback."""
    notebook = write(tmp_path / "shop.ipynb", ORDERS)
    command = f"'{sys.executable}' -m dagbook run '{notebook}' | true"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert ran.stderr == ""


def test_what_changed_is_told_in_every_form(tmp_path: Path) -> None:
    """In the table, and in the document that is written when the store is closed."""
    notebook = tmp_path / "shop.ipynb"
    dagbook("run", write(notebook, "rate = 2", "%%asset shown\nrate"), code=0)
    write(notebook, "rate = 3", "%%asset shown\nrate")
    why = "variable rate changed: 2 → 3"
    assert why in dagbook("run", notebook, "--dry-run", code=0).stdout
    (shown,) = document("run", notebook, "--dry-run")["assets"]
    assert shown["why"] == why
