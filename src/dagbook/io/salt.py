"""The secret of a store, with which the secrets that code reads are hashed."""

from __future__ import annotations

import os
from pathlib import Path

_FILE = "salt"
_LENGTH = 32


def store_salt(root: Path) -> bytes:
    """The store's secret, made the first time that it is asked for; only its owner may read it.

    Who has the records without it can't try out what a recorded password was.
    """
    file = root / _FILE
    try:
        found = file.read_bytes()
    except FileNotFoundError:
        found = b""
    return found if len(found) == _LENGTH else _made(file, replacing=bool(found))


def _made(file: Path, *, replacing: bool) -> bytes:
    """A new secret; of two processes that make one at the same time, the first one's counts."""
    draft = file.with_name(f"{_FILE}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(os.urandom(_LENGTH))
        opened.flush()
        os.fsync(descriptor)
    if not replacing:
        try:
            os.link(draft, file)
        except FileExistsError:
            draft.unlink()
            return file.read_bytes()
        except OSError:
            # A file system without hard links: whoever comes last wins, and all read it after.
            draft.replace(file)
            return file.read_bytes()
        draft.unlink()
        return file.read_bytes()
    draft.replace(file)
    return file.read_bytes()
