"""What it means that SQLite or the system refuses something."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from dagbook.errors.store import (
    DamagedStore,
    ReadOnlyStore,
    StoreError,
    StoreFull,
    StoreGone,
)

PATIENCE = 60.0  # seconds that another process may hold the lock; an append holds it for 0.1 ms


def fault_of(error: sqlite3.Error | OSError, path: Path) -> StoreError:
    """What went wrong, by the code that SQLite or the system gave; never by its text."""
    where, problem = str(path), str(error)
    if isinstance(error, FileNotFoundError):
        return StoreGone(path=where, problem=error.strerror or problem)
    if isinstance(error, (PermissionError, FileExistsError, NotADirectoryError)):
        return ReadOnlyStore(path=str(path.parent), problem=error.strerror or problem)
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return DamagedStore(path=where, problem=problem)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ReadOnlyStore(path=str(path.parent), problem=problem)
    if primary == sqlite3.SQLITE_FULL:
        return StoreFull(path=where, problem=problem, needed=0)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        problem = f"another process has kept it locked for {PATIENCE:.0f} seconds"
    return StoreError(path=where, problem=problem)
