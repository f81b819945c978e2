"""Killing a process at any instant leaves the event log whole."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from dagbook.log.sqlite import SqliteLog
from tests.log.making import SCOPE, A, B, C

KEYS = (A, B, C)
APPENDS = """
import sys
from pathlib import Path
from dagbook.log.sqlite import SqliteLog
from tests.log.making import SCOPE, A, B, C, made, started

log, first = SqliteLog(Path(sys.argv[1])), int(sys.argv[2])
log.append(SCOPE, [started(f"run{first}", A, B, C)])
print("ready", flush=True)
for nth in range(first, first + 10**6):
    log.append(SCOPE, [made(key, nth, f"run{first}") for key in (A, B, C)])
    print(nth, flush=True)
"""


def append_until_killed(path: Path, first: int, seconds: float) -> int:
    """Start a process that appends, kill it after that time; the last append that it told of."""
    process = subprocess.Popen(
        [sys.executable, "-c", APPENDS, str(path), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.kill()
    told = process.stdout.read().splitlines()
    process.stdout.close()
    process.wait()
    return int(told[-1]) if told and told[-1].isdecimal() else first - 1


def test_nothing_is_lost_or_torn_by_a_kill(tmp_path: Path) -> None:
    """What was told as kept is there, with its value, and what was appended together is together."""
    path, instants = tmp_path / "events.sqlite", random.Random(7)
    first, slowest = 0, 0.0
    for _ in range(20):
        told = append_until_killed(path, first, instants.uniform(0.0, 0.03))
        start = time.perf_counter()
        log = SqliteLog(path)
        current = log.projection(SCOPE).current
        slowest = max(slowest, time.perf_counter() - start)
        numbers = [[int(one.time) for one in log.history(SCOPE, key, 10**6)] for key in KEYS]
        assert numbers[0] == numbers[1] == numbers[2]
        assert numbers[0] == list(range(len(numbers[0])))[::-1]
        assert len(numbers[0]) > told
        assert {one.last_run for one in current.values()} <= {"ok"}
        for key in KEYS:
            for one in log.history(SCOPE, key, 10**6):
                assert one.value is not None
                assert log.blob(one.value.address) == f"{key}{int(one.time)}".encode()
        assert log._rows("PRAGMA integrity_check") == [("ok",)]
        first = len(numbers[0])
        log.close()
    assert first > 0
    print(f"{first} appends, slowest reopening {slowest * 1e3:.1f} ms")


def test_a_killed_run_can_be_closed(tmp_path: Path) -> None:
    """The run of a dead process is open until it is marked; then nothing of it stays started."""
    path = tmp_path / "events.sqlite"
    append_until_killed(path, 0, 0.0)
    log = SqliteLog(path)
    assert [run.outcome for run in log.runs(None)] == [None]
    log.mark_interrupted(run.run_id for run in log.runs(None))
    assert [run.outcome for run in log.runs(None)] == ["interrupted"]
    assert {one.last_run for one in log.projection(SCOPE).current.values()} <= {"ok", "interrupted"}
    log.close()
