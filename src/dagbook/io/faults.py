"""Turns what the operating system says into the error that names the folder and the way out."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagbook.errors.store import ReadOnlyStore, StoreError, StoreFull, StoreGone

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_GONE = {
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENODEV,
    getattr(errno, "ESTALE", errno.ENODEV),
    getattr(errno, "ENOTCONN", errno.ENODEV),
}


def store_error(error: OSError, path: Path, *, needed: int = 0) -> StoreError:
    """The error of the store for a fault of the system met at `path`."""
    problem = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in _FULL:
        return StoreFull(path=str(path), problem=problem, needed=needed)
    if error.errno in _READ_ONLY:
        return ReadOnlyStore(path=str(path), problem=problem)
    if error.errno in _GONE:
        return StoreGone(path=str(path), problem=problem)
    return StoreError(path=str(path), problem=problem)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Raise what the system refuses within the block as the store's own error about `path`."""
    try:
        yield
    except OSError as error:
        raise store_error(error, path) from error
