"""Where a format writes to: memory while the value is small, then a temporary file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import xxhash

from dagbook.io.faults import store_error
from dagbook.io.oslock import claim

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

INLINE_LIMIT = 64 * 1024
TEMPORARY = ".tmp-"
ALIGNMENT = 64
_CHUNK = 512 * 1024


class Target(Protocol):
    """What a format writes to."""

    size: int

    def write(self, data: ReadableBuffer) -> int:
        """Take more bytes; returns their number, as files do."""

    def align(self) -> int:
        """Pad with zeros to where a mapped buffer may start; returns that position."""

    def restart(self) -> None:
        """Forget what was written."""


class Memory:
    """Takes the bytes of one value into memory; they are the caller's, and may be written to."""

    __slots__ = ("held", "size")

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget what was written."""
        self.held = bytearray()
        self.size = 0

    def write(self, data: ReadableBuffer) -> int:
        """Take more bytes."""
        before = self.size
        self.held += memoryview(data).cast("B")
        self.size = len(self.held)
        return self.size - before

    def align(self) -> int:
        """Pad with zeros to where a mapped buffer may start."""
        self.write(bytes(-self.size % ALIGNMENT))
        return self.size


class Sink:
    """Takes the bytes of one value.

    Up to `limit` bytes stay in memory; beyond, they go to a temporary file in `folder` that is
    locked for as long as this process lives, so that a left-over one can be told from one in use.
    Raises the store's errors where the disk refuses.
    """

    __slots__ = ("_fd", "_folder", "_hash", "_held", "_limit", "path", "size")

    def __init__(self, folder: Path, *, limit: int = INLINE_LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self._fd = -1
        self.path: Path | None = None
        self.restart()

    def restart(self) -> None:
        """Forget what was written."""
        self._held: list[bytes] = []
        self._hash = xxhash.xxh3_128()
        self.size = 0
        if self._fd >= 0:
            os.ftruncate(self._fd, 0)
            os.lseek(self._fd, 0, os.SEEK_SET)

    def write(self, data: ReadableBuffer) -> int:
        """Take more bytes; returns their number, as files do."""
        view = memoryview(data).cast("B")
        self.size += view.nbytes
        if self._fd < 0 and self.size <= self._limit:
            self._hash.update(view)
            self._held.append(bytes(view))
        else:
            self._write_out(view)
        return view.nbytes

    def align(self) -> int:
        """Pad with zeros to where a mapped buffer may start; returns that position."""
        short = -self.size % ALIGNMENT
        if short:
            self.write(bytes(short))
        return self.size

    def address(self) -> str:
        """The hash of what was written."""
        return str(self._hash.hexdigest())

    def inline(self) -> bytes | None:
        """The bytes, where they stayed in memory."""
        return b"".join(self._held) if self._fd < 0 else None

    def keep_in_file(self) -> None:
        """Write also what is small to a file."""
        if self._fd < 0:
            self._write_out(memoryview(b""))

    def sync(self) -> None:
        """Wait until the file is on the disk."""
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise store_error(error, self._folder, needed=self.size) from error

    def mtime_ns(self) -> int:
        """The time of the file's last change."""
        return os.fstat(self._fd).st_mtime_ns

    def close(self) -> None:
        """Let go of the file, and of its bytes unless they were moved into place."""
        if self._fd < 0:
            return
        os.close(self._fd)
        self._fd = -1
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _write_out(self, view: memoryview) -> None:
        try:
            if self._fd < 0:
                self._open()
            for start in range(0, view.nbytes, _CHUNK):
                chunk = view[start : start + _CHUNK]
                self._hash.update(chunk)  # what was just hashed is written from the cache
                self._write_all(chunk)
        except OSError as error:
            raise store_error(error, self._folder, needed=self.size) from error

    def _open(self) -> None:
        self.path = self._folder / f"{TEMPORARY}{os.getpid()}-{os.urandom(8).hex()}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._fd = os.open(self.path, flags, 0o600)
        claim(self._fd)
        held, self._held = self._held, []
        for part in held:
            self._write_all(memoryview(part))

    def _write_all(self, view: memoryview) -> None:
        while view.nbytes:
            view = view[os.write(self._fd, view) :]
