"""Locks by key, among threads and among processes, that vanish with the process that holds them."""

from __future__ import annotations

import os
import threading
import time
import weakref
from pathlib import Path

import xxhash

from dagbook.io.faults import naming
from dagbook.io.oslock import holder_of, try_lock, unlock

_FIRST_PAUSE = 0.001
_LONGEST_PAUSE = 0.05


class _LockFile:
    """One lock file, open once in this process.

    The system's locks belong to the process, and closing *any* handle of the file drops them all.
    So there is one handle a file, shared, and the threads are told apart by `held`.
    """

    def __init__(self, path: Path) -> None:
        with naming(path.parent):
            self.fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.held: set[str] = set()
        self.begin()
        weakref.finalize(self, os.close, self.fd)

    def begin(self) -> None:
        """Nothing is held, and no thread waits."""
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.waiting = 0
        self.held.clear()


# By the file's identity, for as long as some KeyLocks uses it.
_open_files: weakref.WeakValueDictionary[tuple[int, int], _LockFile] = weakref.WeakValueDictionary()
_opening = threading.Lock()


def _forget_after_fork() -> None:
    """A forked child holds none of its parent's locks, and its copied mutexes may be locked."""
    global _opening
    _opening = threading.Lock()
    for file in _open_files.values():
        file.begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


class KeyLocks:
    """Locks named by text, such as an asset's scope and key, on the bytes of one file.

    They are held until released, or until the last KeyLocks of the file in this process is closed
    or gone.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     locks = KeyLocks(Path(folder) / "assets.lock")
    ...     locks.acquire("orders"), locks.acquire("orders"), locks.release("orders")
    (True, False, None)
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: _LockFile | None = _shared(path)

    @property
    def _file(self) -> _LockFile:
        # A run that ends after the close of its store may still ask.
        if self._opened is None:
            self._opened = _shared(self._path)
        return self._opened

    def close(self) -> None:
        """Let go of the file; who asks later opens it anew."""
        self._opened = None

    def acquire(self, key: str, *, wait: float | None = 0.0) -> bool:
        """Take the lock of a key; false where it is held for longer than `wait` seconds.

        With `wait=None` this waits for as long as it takes. The lock is not reentrant: a thread
        that holds the key waits for itself.
        """
        file = self._file
        offset = _offset(key)
        with file.lock:
            if key not in file.held and try_lock(file.fd, offset):
                file.held.add(key)
                return True
        return wait != 0.0 and self._wait(key, offset, wait)

    def release(self, key: str) -> None:
        """Give the lock back; nothing happens where this process does not hold it."""
        file = self._file
        with file.lock:
            if key in file.held:
                file.held.remove(key)
                unlock(file.fd, _offset(key))
                if file.waiting:
                    file.changed.notify_all()

    def holder(self, key: str) -> int | None:
        """The process that holds the key; None where nobody does, or the system cannot tell."""
        file = self._file
        with file.lock:
            return os.getpid() if key in file.held else holder_of(file.fd, _offset(key))

    def is_held(self, key: str) -> bool:
        """Whether anyone holds the key at this moment."""
        file = self._file
        offset = _offset(key)
        with file.lock:
            if key in file.held or not try_lock(file.fd, offset):
                return True
            unlock(file.fd, offset)
            return False

    def _wait(self, key: str, offset: int, wait: float | None) -> bool:
        file = self._file
        end = None if wait is None else time.monotonic() + wait
        pause = _FIRST_PAUSE
        with file.changed:
            while key in file.held or not try_lock(file.fd, offset):
                left = pause if end is None else min(pause, end - time.monotonic())
                if left <= 0:
                    return False
                # A thread of ours wakes us; another process's lock has to be asked for again.
                file.waiting += 1
                try:
                    file.changed.wait(left)
                finally:
                    file.waiting -= 1
                pause = min(pause * 2, _LONGEST_PAUSE)
            file.held.add(key)
            return True


class SessionLocks:
    """Which sessions are alive: each holds a lock, which even `kill -9` gives back."""

    def __init__(self, path: Path) -> None:
        self._locks = KeyLocks(path)

    def begin(self, session_id: str) -> None:
        """Mark the session as alive for as long as this object and its process live."""
        self._locks.acquire(session_id, wait=1.0)

    def end(self, session_id: str) -> None:
        """Mark the session as ended."""
        self._locks.release(session_id)
        self._locks.close()

    def is_alive(self, session_id: str) -> bool:
        """Whether the process that began the session still runs it."""
        return self._locks.is_held(session_id)


def _shared(path: Path) -> _LockFile:
    with _opening:
        with naming(path.parent):
            known = _open_files.get(_identity(path)) if path.exists() else None
        if known is None:
            known = _LockFile(path)
            _open_files[_identity(path)] = known
        return known


def _identity(path: Path) -> tuple[int, int]:
    stat = os.stat(path)
    return stat.st_dev, stat.st_ino


def _offset(key: str) -> int:
    """A byte far enough along that two keys share one less often than disks fail."""
    return int(xxhash.xxh3_64_intdigest(key.encode("utf-8", "surrogatepass"))) >> 2
