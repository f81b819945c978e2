"""The store of a workspace: its folder, log, values and locks, opened together."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from dagbook.events.records import ValueAddress
from dagbook.execution.addresses import new_id, stored_value
from dagbook.io.faults import naming
from dagbook.io.layout import NAME, StoreFolder, find_store, open_folder
from dagbook.io.locks import KeyLocks, SessionLocks
from dagbook.io.objects import ObjectStore
from dagbook.io.stored import StoredValue
from dagbook.log.protocol import EventLog
from dagbook.log.sqlite import SqliteLog
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open store; `session` names this process among those that use it."""

    folder: StoreFolder
    log: EventLog
    objects: ObjectStore
    locks: KeyLocks
    sessions: SessionLocks
    session: str

    def present(self, address: ValueAddress) -> bool:
        """Whether the value is still kept; small ones live in the log."""
        if address.inline:
            return self.log.blob(address.address) is not None
        stored = self.stored(address)
        if stored is None or not self.objects.can_read(address.format):
            return False
        seen = self.objects.look(stored)
        # What was touched since it was written is read once, and then known again by its time.
        return seen.unchanged or (seen.exists and self.objects.verify(stored))

    def stored(self, address: ValueAddress) -> StoredValue | None:
        """The value at this address; None where its bytes are no longer kept."""
        return stored_value(address, self.log.blob)

    def close(self) -> None:
        """Let go of the log and the locks, and end the session."""
        self.sessions.end(self.session)
        self.locks.close()
        self.log.close()


def open_store(
    path: Path | str | None,
    *,
    durability: Literal["kill", "power"],
    env: Mapping[str, str] = os.environ,
) -> Store:
    """Open the store of a folder, or that of the current one; made where there is none.

    `path` is the folder `.dagbook` itself, or the folder that holds it or is to. Raises StoreError.
    """
    if path is None:
        root = find_store(Path.cwd(), env)
    else:
        given = Path(path).expanduser().absolute()
        with naming(given):
            root = given if given.name == NAME or (given / "format").is_file() else given / NAME
    folder = open_folder(root, env)
    log = SqliteLog(folder.events, durability=durability)
    store = Store(
        folder=folder,
        log=log,
        objects=ObjectStore(folder.objects, durable=durability == "power"),
        locks=KeyLocks(folder.asset_locks),
        sessions=SessionLocks(folder.session_locks),
        session=new_id(time.time()),
    )
    store.sessions.begin(store.session)
    _close_dead_runs(store)
    return store


def _close_dead_runs(store: Store) -> None:
    """Runs whose process is gone are told as interrupted."""
    opened = store.log.open_runs().items()
    dead = [run_id for run_id, session in opened if not store.sessions.is_alive(session)]
    if dead:
        store.log.mark_interrupted(dead)
