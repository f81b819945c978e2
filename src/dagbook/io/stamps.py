"""What files and folders look like from outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from xxhash import xxh3_128_hexdigest

# Stands for what is not there, or can't be looked at.
ABSENT = "absent"
# Times of writing and of change, size, and which file it is.
Stamp = tuple[int, int, int, int]
# Our own look at files and folders is no step's, in whatever thread it happens.
OWN_LOOK: ContextVar[bool] = ContextVar("dagbook_looking", default=False)


@contextmanager
def looking() -> Iterator[None]:
    """What is opened and listed meanwhile is not what a running step reads."""
    token = OWN_LOOK.set(True)
    try:
        yield
    finally:
        OWN_LOOK.reset(token)


def stamp_of(path: str | os.PathLike[str]) -> Stamp | None:
    """The file's stamp; None where there is none."""
    try:
        seen = os.stat(path)
    except (OSError, ValueError):
        return None
    return (seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)


def names_in(folder: str | os.PathLike[str]) -> str:
    """A digest of the names in a folder, hidden ones apart."""
    try:
        names = sorted(one for one in os.listdir(folder) if not one.startswith("."))
    except OSError:
        return ABSENT
    return xxh3_128_hexdigest("\0".join(names).encode("utf-8", "surrogateescape"))
