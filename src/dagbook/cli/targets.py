"""Files that a command is told to write."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EISDIR
from pathlib import Path

from dagbook.errors.headless import UnwritableFile


def make_room(target: Path) -> None:
    """Make the folder of a file that is to be written; raises UnwritableFile where that can't be."""
    with naming(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        if not os.access(target if target.exists() else target.parent, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))


@contextmanager
def naming(target: Path) -> Iterator[None]:
    """The system's errors as UnwritableFile."""
    try:
        yield
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise UnwritableFile(path=str(target), problem=problem) from None
