"""A file's bytes as writable memory of the caller's own: mapped copy-on-write, or read."""

from __future__ import annotations

import mmap
import os
from pathlib import Path

# A mapping holds a file descriptor for as long as the value lives, so small files are read.
MAP_FROM = 1024 * 1024


def open_bytes(path: Path) -> memoryview:
    """The bytes of a file; writing to them never reaches the file.

    Raises OSError where the file cannot be opened.
    """
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(fd).st_size
        if size >= MAP_FROM:
            try:
                return memoryview(mmap.mmap(fd, 0, access=mmap.ACCESS_COPY))
            except OSError:  # no descriptor or no mapping left: the value is read instead
                pass
        return memoryview(_read(fd, size))
    finally:
        os.close(fd)


def _read(fd: int, size: int) -> bytearray:
    held = bytearray(size)
    with open(fd, "rb", closefd=False) as file:
        read = file.readinto(held)
    return held[:read] if read < size else held
