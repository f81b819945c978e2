"""Runs that are killed, interrupted, share a store, or find that the disk refuses."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from dagbook.engine.workspace import Workspace
from dagbook.errors.store import StoreError
from tests.crash.asked import script, until
from tests.engine.typed import define, states, words

LONG = """
from pathlib import Path
import time

@asset
def first():
    return list(range(100_000))

@asset
def second(first):
    Path(WHERE, "began").write_text("")
    while not Path(WHERE, "go").exists():
        time.sleep(0.01)
    return len(first)

@asset
def third(second):
    return second + 1
"""
RUN = 'define(workspace, {text!r}, {{"WHERE": {where!r}, "__name__": "__main__"}})\n{then}\n'


def running(folder: Path, then: str = "workspace.materialize()") -> str:
    """A script that defines the long assets and materializes them."""
    return RUN.format(text=LONG, where=str(folder), then=then)


def here(workspace: Workspace, folder: Path) -> None:
    """Define the long assets in this process."""
    define(workspace, LONG, {"WHERE": str(folder), "__name__": "__main__"})


@pytest.mark.parametrize("durability", ["kill", "power"])
def test_after_a_kill_only_the_unfinished_runs_again(tmp_path: Path, durability: str) -> None:
    """The run is told as interrupted, and what had finished is whole."""
    process = script(tmp_path, running(tmp_path), durability=durability)
    until(tmp_path / "began", process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    (tmp_path / "go").touch()
    with Workspace(tmp_path) as workspace:
        (run,) = workspace.store.log.runs("")
        assert (run.outcome, run.finished is None) == ("interrupted", False)
        here(workspace, tmp_path)
        assert workspace.status("second").last_run == "interrupted"
        assert words(workspace.materialize().materialized) == ["second", "third"]
        assert len(workspace.value("first")) == 100_000


def test_reopening_after_a_kill_is_quick(tmp_path: Path) -> None:
    """A tenth of a second at most, and the best of three to leave the machine's other work out."""
    process = script(tmp_path, running(tmp_path))
    until(tmp_path / "began", process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        Workspace(tmp_path).close()
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.1


def test_kills_at_any_moment_leave_a_whole_store(tmp_path: Path) -> None:
    """Whatever is recorded as made has its value, and the rest runs again."""
    text = "\n".join(f"@asset\ndef a{n}():\n    return [{n}] * 20_000\n" for n in range(40))
    for delay in (0.0, 0.01, 0.02, 0.04, 0.08):
        process = script(
            tmp_path,
            f"define(workspace, {text!r})\n(folder / 'began').touch()\n"
            "workspace.materialize(force=True)",
        )
        until(tmp_path / "began", process)
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        (tmp_path / "began").unlink()
    with Workspace(tmp_path) as workspace:
        define(workspace, text)
        assert workspace.materialize().success
        assert all(workspace.value(f"a{n}") == [n] * 20_000 for n in range(40))
        assert all(run.finished is not None for run in workspace.store.log.runs(None))


def test_an_interrupt_keeps_what_had_finished(tmp_path: Path) -> None:
    """The run is recorded as cancelled, and the interrupt reaches the caller."""
    then = "try:\n    workspace.materialize()\nexcept KeyboardInterrupt:\n    print('interrupted')"
    process = script(tmp_path, running(tmp_path, then))
    until(tmp_path / "began", process)
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=30)[0] == "interrupted\n"
    with Workspace(tmp_path) as workspace:
        here(workspace, tmp_path)
        (run,) = workspace.store.log.runs("")
        outcomes = {str(one.key): one.outcome for one in workspace.store.log.steps(run.run_id)}
        assert run.outcome == "cancelled"
        assert outcomes == {"first": "materialized", "second": "failed", "third": "not_run"}
        assert states(workspace)["first"] == "fresh"


def test_a_second_process_waits_and_uses_the_result(tmp_path: Path) -> None:
    """The same asset is not made twice at once."""
    process = script(tmp_path, running(tmp_path))
    until(tmp_path / "began", process)
    (tmp_path / "began").unlink()
    with Workspace(tmp_path) as workspace:
        here(workspace, tmp_path)
        waits: list[tuple[str, int | None]] = []

        def told(key: object, holder: int | None) -> None:
            waits.append((str(key), holder))
            (tmp_path / "go").touch()

        workspace.on_wait(told)
        result = workspace.materialize()
    process.communicate(timeout=30)
    assert result.success
    assert waits[0] == ("second", process.pid)
    assert "second" not in words(result.materialized)
    assert not (tmp_path / "began").exists()


def test_two_processes_with_several_workers_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """However they interleave, both come to an end."""
    text = "import time\n" + "\n".join(
        f"@asset(always=True)\ndef a{n}():\n    time.sleep(0.02)\n    return {n}\n"
        for n in range(8)
    )
    then = "for _ in range(3): assert workspace.materialize(executor='threads', jobs=4).success"
    both = [script(tmp_path, f"define(workspace, {text!r})\n{then}") for _ in range(2)]
    assert [(one.communicate(timeout=60)[1], one.returncode) for one in both] == [("", 0)] * 2


def test_a_value_that_was_deleted_is_lost_and_made_again(tmp_path: Path) -> None:
    """The status says so before anything reads it."""
    (tmp_path / "go").touch()
    with Workspace(tmp_path) as workspace:
        here(workspace, tmp_path)
        workspace.materialize()
        (file,) = (path for path in _objects(workspace) if path.stat().st_size > 100_000)
        file.unlink()
        assert workspace.status("first").why == "value lost"
        assert states(workspace)["first"] == "missing"
        assert words(workspace.materialize().materialized) == ["first"]
        assert len(workspace.value("first")) == 100_000


@pytest.mark.parametrize("damage", [b"", b"x" * 10])
def test_a_value_that_was_damaged_is_lost_and_made_again(tmp_path: Path, damage: bytes) -> None:
    """Never is wrong data handed out."""
    (tmp_path / "go").touch()
    with Workspace(tmp_path) as workspace:
        here(workspace, tmp_path)
        workspace.materialize()
        (file,) = (path for path in _objects(workspace) if path.stat().st_size > 100_000)
        file.chmod(0o600)
        with file.open("r+b") as open_file:
            open_file.truncate(0) if not damage else open_file.write(damage)
        assert workspace.status("first").why == "value lost"
        assert workspace.materialize().success
        assert len(workspace.value("first")) == 100_000


def _objects(workspace: Workspace) -> list[Path]:
    return [path for path in workspace.store.objects.root.rglob("*") if path.is_file()]


def test_when_the_log_refuses_the_run_ends_and_the_next_one_works(tmp_path: Path) -> None:
    """Nothing stays locked, and nothing half-done counts."""
    with Workspace(tmp_path) as workspace:
        define(workspace, "@asset\ndef a():\n    return b'x' * 60_000\n")
        full = workspace.subscribe(lambda events: _fill(workspace))
        with pytest.raises(StoreError):
            workspace.materialize()
        full()
        _empty(workspace)
        assert [run.outcome for run in workspace.store.log.runs("")] == ["interrupted"]
        assert words(workspace.materialize().materialized) == ["a"]
        assert len(workspace.value("a")) == 60_000


def _fill(workspace: Workspace) -> None:
    """Let the database take no further page: as a full disk does."""
    connection: sqlite3.Connection = workspace.store.log._connection  # type: ignore[attr-defined]
    connection.execute("PRAGMA max_page_count = 1")


def _empty(workspace: Workspace) -> None:
    connection: sqlite3.Connection = workspace.store.log._connection  # type: ignore[attr-defined]
    connection.execute("PRAGMA max_page_count = 1000000")
