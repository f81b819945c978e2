"""Threads, processes and background runs."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import sqlglot

from dagbook.engine.running import ExecutorName
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.errors.execution import WorkerDied
from tests.engine.typed import define, states, words

DIAMOND = """
@asset
def top():
    return [1, 2]

@asset
def left(top):
    return sum(top)

@asset
def right(top):
    return len(top)

@asset
def bottom(left, right):
    return left * right
"""
SLOW = """
import time
from pathlib import Path

@asset
def quick():
    return 1

@asset
def slow(quick):
    Path("{}").write_text("began")
    time.sleep(60)
"""


@pytest.mark.parametrize("executor", ["inline", "threads", "processes"])
def test_every_executor_gives_the_same(workspace: Workspace, executor: ExecutorName) -> None:
    """Values, order by dependencies, and nothing to do afterwards."""
    define(workspace, DIAMOND)
    result = workspace.materialize(executor=executor, jobs=2)
    assert (result.success, len(result.materialized)) == (True, 4)
    assert workspace.value("bottom") == 6
    assert workspace.materialize(executor=executor, jobs=2).materialized == []


def test_a_constant_that_was_put_into_a_package_reaches_another_process(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version counts what it is here; the next body there has the package's own again."""
    text = "import os, sqlglot\n@asset\ndef limit():\n    return sqlglot.pretty, os.getpid()\n"
    found = []
    for value in ("changed", "again"):
        monkeypatch.setattr(sqlglot, "pretty", value)
        define(workspace, text)
        workspace.materialize(executor="processes")
        found.append(workspace.value("limit"))
    monkeypatch.undo()
    define(workspace, text + "@asset\ndef own():\n    return 1, sqlglot.pretty\n")
    workspace.materialize(executor="processes")
    assert [value for value, _ in found] == ["changed", "again"]
    assert os.getpid() not in {process for _, process in found}
    assert workspace.value("own") == (1, sqlglot.pretty)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_failures_come_back_with_the_users_exception(
    workspace: Workspace, executor: ExecutorName
) -> None:
    """Also from another process, with its traceback as text."""
    define(workspace, DIAMOND + "\n@asset\ndef broken(top):\n    raise KeyError('gone')\n")
    result = workspace.materialize(executor=executor, raise_on_error=False)
    assert words(result.failed) == ["broken"]
    assert isinstance(result.errors["broken"], KeyError)
    assert "raise KeyError('gone')" in next(iter(result.failures.values())).error.traceback


def test_hidden_inputs_do_not_mix_between_threads(workspace: Workspace) -> None:
    """Two bodies whose helpers read assets by name run beside each other and leave nothing behind."""
    space = define(
        workspace,
        """
        import time

        @asset
        def table():
            return [1]

        def grown(by):
            table.append(by)
            time.sleep(0.05)
            return sum(table)

        @asset
        def first():
            return grown(10)

        @asset
        def second():
            return grown(100)
        """,
    )
    space.pop("table")
    workspace.materialize(executor="threads", jobs=3)
    assert (workspace.value("first"), workspace.value("second")) == (11, 101)
    assert "table" not in space


def test_functions_that_cannot_travel_run_here(workspace: Workspace) -> None:
    """A body that holds a lock stays in this process."""
    define(
        workspace,
        """
        import threading

        LOCK = threading.Lock()

        @asset(code_version="1")
        def a():
            with LOCK:
                return 1
        """,
    )
    assert workspace.materialize(executor="processes").success


def test_what_a_worker_prints_is_told(workspace: Workspace) -> None:
    """It comes as an event."""
    heard: list[object] = []
    workspace.subscribe(heard.extend)
    define(workspace, "@asset\ndef a():\n    print('hello')\n    return 1\n")
    workspace.start().result(30)
    assert any(getattr(event, "text", "") == "hello\n" for event in heard)


def test_a_worker_that_dies_fails_its_asset(workspace: Workspace) -> None:
    """What had finished is kept, and the next run has a new worker."""
    text = "import os\n@asset\ndef a():\n    return 1\n@asset\ndef b(a):\n    {}\n"
    define(workspace, text.format("os._exit(3)"))
    error = workspace.start().result(60).errors["b"]
    assert isinstance(error, WorkerDied)
    assert "ended while it ran `b`" in str(error)
    assert states(workspace)["a"] == "fresh"
    define(workspace, text.format("return a"))
    assert words(workspace.start().result(60).materialized) == ["b"]


def test_a_background_run_leaves_the_caller_free(workspace: Workspace) -> None:
    """The handle is there before the run ends."""
    define(workspace, "import time\n@asset\ndef a():\n    time.sleep(0.5)\n    return 1\n")
    run = workspace.start()
    assert not run.done
    assert words(run.keys) == ["a"]
    assert run.result(30).success


def began(file: Path) -> None:
    """Wait until the body has begun."""
    end = time.monotonic() + 30
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert file.exists()


def test_a_cancelled_run_ends_at_once(workspace: Workspace, tmp_path: Path) -> None:
    """What had finished is kept, and the next run works."""
    define(workspace, SLOW.format(tmp_path / "began"))
    run = workspace.start()
    began(tmp_path / "began")
    started = time.monotonic()
    run.cancel()
    result = run.result(10)
    assert time.monotonic() - started < 3
    assert (result.outcome, words(result.materialized)) == ("cancelled", ["quick"])
    define(workspace, "@asset\ndef slow(quick):\n    return quick\n")
    assert words(workspace.start().result(30).materialized) == ["slow"]


def test_a_cancelled_run_gives_its_turn_back(workspace: Workspace, tmp_path: Path) -> None:
    """A run in the caller's own thread does not wait for ever."""
    define(workspace, SLOW.format(tmp_path / "began"))
    run = workspace.start()
    began(tmp_path / "began")
    run.cancel()
    run.result(10)
    define(workspace, "@asset\ndef slow(quick):\n    return 2\n")
    assert workspace.materialize().success


def test_a_second_run_waits_for_the_same_asset(workspace: Workspace) -> None:
    """Whichever comes second then uses the result instead of making it again."""
    waits: list[str] = []
    workspace.on_wait(lambda key, _process: waits.append(str(key)))
    define(workspace, "import time\n@asset\ndef a():\n    time.sleep(1)\n    return 1\n")
    run = workspace.start()
    result = workspace.materialize()
    made = [words(result.materialized), words(run.result(30).materialized)]
    assert (sorted(made), waits) == ([[], ["a"]], ["a"])


def test_what_cannot_be_stored_is_told_from_a_worker(workspace: Workspace) -> None:
    """The error names the asset, and is no death of the worker."""
    define(workspace, "import threading\n@asset\ndef locked():\n    return threading.Lock()\n")
    with pytest.raises(DagbookError, match="`locked`: a value of type"):
        workspace.materialize(executor="processes")
