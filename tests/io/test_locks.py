"""Locks by key: one holder among threads and processes, none left behind by a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dagbook.errors.store import StoreGone
from dagbook.io.locks import KeyLocks, SessionLocks

OPEN = Path("/proc/self/fd")
HOLD = """
import sys, time
from pathlib import Path
from dagbook.io.locks import KeyLocks
locks = KeyLocks(Path(sys.argv[1]))
print(locks.acquire(sys.argv[2]), flush=True)
time.sleep(float(sys.argv[3]))
"""


def holder(path: Path, key: str, seconds: float) -> subprocess.Popen[str]:
    """A process that holds the key for a while; returns once it does."""
    command = [sys.executable, "-c", HOLD, str(path), key, str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assets.lock"


def test_a_key_has_one_holder(path: Path) -> None:
    """The second asker is refused until the first gives the key back; other keys are free."""
    locks = KeyLocks(path)
    assert locks.acquire("orders")
    assert not locks.acquire("orders")
    assert locks.acquire("flights")
    locks.release("orders")
    assert locks.acquire("orders")


def test_two_objects_of_one_process_share_their_locks(path: Path) -> None:
    """Opening and dropping a second object of the file neither doubles nor drops a lock."""
    locks = KeyLocks(path)
    assert locks.acquire("orders")
    assert not KeyLocks(path).acquire("orders")
    check = "import sys; from pathlib import Path; from dagbook.io.locks import KeyLocks\n"
    check += "print(KeyLocks(Path(sys.argv[1])).acquire('orders'))"
    shown = subprocess.run([sys.executable, "-c", check, path], capture_output=True, text=True)
    assert shown.stdout == "False\n"


def test_releasing_what_is_not_held_does_nothing(path: Path) -> None:
    """A release in a `finally` needs no question first."""
    locks = KeyLocks(path)
    locks.release("orders")
    assert locks.acquire("orders")


@pytest.mark.skipif(not OPEN.is_dir(), reason="the system does not list what is open")
def test_who_closes_holds_nothing_and_may_ask_again(path: Path) -> None:
    """Neither a key nor the file, until the next question."""
    locks = KeyLocks(path)
    assert locks.acquire("orders")
    locks.close()
    assert str(path) not in {os.path.realpath(one) for one in OPEN.iterdir()}
    locks.release("orders")
    assert locks.acquire("orders")


def test_a_thread_waits_for_a_thread(path: Path) -> None:
    """The waiter goes on as soon as the holder releases."""
    locks = KeyLocks(path)
    locks.acquire("orders")
    threading.Timer(0.05, locks.release, ["orders"]).start()
    assert locks.acquire("orders", wait=None)


def test_a_wait_ends(path: Path) -> None:
    """After its seconds a wait gives up."""
    locks = KeyLocks(path)
    locks.acquire("orders")
    begun = time.monotonic()
    assert not locks.acquire("orders", wait=0.05)
    assert 0.05 <= time.monotonic() - begun < 2


def test_a_key_is_never_held_twice(path: Path) -> None:
    """Eight threads that take turns never overlap."""
    locks, inside, worst = KeyLocks(path), [0], [0]

    def work() -> None:
        for _ in range(50):
            locks.acquire("orders", wait=None)
            inside[0] += 1
            worst[0] = max(worst[0], inside[0])
            inside[0] -= 1
            locks.release("orders")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst[0] == 1


def test_another_process_holds_and_is_named(path: Path) -> None:
    """The holder's process number is known, and its kill gives the lock back at once."""
    locks = KeyLocks(path)
    with holder(path, "orders", 60) as process:
        assert not locks.acquire("orders")
        assert locks.is_held("orders")
        if sys.platform in ("linux", "darwin"):
            assert locks.holder("orders") == process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert locks.acquire("orders")


def test_a_process_waits_for_a_process(path: Path) -> None:
    """The waiter gets the lock soon after the other process ends."""
    with holder(path, "orders", 0.2):
        assert KeyLocks(path).acquire("orders", wait=30)


def test_nobody_holds_a_free_key(path: Path) -> None:
    """Asking takes nothing."""
    locks = KeyLocks(path)
    assert locks.holder("orders") is None
    assert not locks.is_held("orders")
    assert locks.acquire("orders")
    assert locks.holder("orders") == os.getpid()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_does_not_hold_its_parents_locks(path: Path) -> None:
    """The child is refused, like any other process."""
    locks = KeyLocks(path)
    locks.acquire("orders")
    script = (
        "import os, sys; from pathlib import Path; from dagbook.io.locks import KeyLocks\n"
        "locks = KeyLocks(Path(sys.argv[1])); locks.acquire('flights')\n"
        "child = os.fork()\n"
        "if child == 0: os._exit(locks.acquire('flights'))\n"
        "print(os.waitpid(child, 0)[1], locks.holder('flights') == os.getpid())\n"
    )
    shown = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
    assert shown.stdout == "0 True\n"


def test_a_session_is_alive_until_it_ends(path: Path) -> None:
    """A session that never began, or has ended, is not alive."""
    sessions = SessionLocks(path)
    assert not sessions.is_alive("a")
    sessions.begin("a")
    assert sessions.is_alive("a")
    sessions.end("a")
    assert not sessions.is_alive("a")


def test_a_killed_session_is_dead(path: Path) -> None:
    """kill -9 leaves nothing that looks alive."""
    sessions = SessionLocks(path)
    with holder(path, "a", 60) as process:
        assert sessions.is_alive("a")
        process.kill()
        process.wait()
        assert not sessions.is_alive("a")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A lock file in a folder that is gone is the store's error."""
    with pytest.raises(StoreGone, match="nowhere"):
        KeyLocks(tmp_path / "nowhere" / "a.lock")
