"""Reading kept values: of what counts now, and of earlier materializations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.engine.store import Store
from dagbook.errors.execution import ValueMissing
from dagbook.events.records import Materialization, ValueAddress
from dagbook.log.projection import Current

# Fewer letters would be told apart from numbers of records by luck only.
_SHORTEST = 8


def value_of(store: Store, key: AssetKey, record: Materialization | None) -> Any:
    """The value of a record; raises ValueMissing, or StoreError where it can't be read."""
    if record is None:
        raise ValueMissing(asset=str(key))
    if record.value is None:
        raise ValueMissing(asset=str(key), reason="keeps no value")
    return value_at(store, key, record.value)


def newest(current: Mapping[AssetKey, Current], key: AssetKey, scope: str) -> Materialization:
    """What the log says counts for a key; raises ValueMissing where it knows none."""
    known = current.get(key)
    if known is None or known.materialization is None:
        remedy = "A notebook's scope is its path beside `.dagbook`: `Workspace(scope=...)`."
        raise ValueMissing(
            asset=str(key),
            reason=f"has no kept value in the scope {scope!r}",
            remedy="" if current else remedy,
        )
    return known.materialization


def value_at(store: Store, key: AssetKey, address: ValueAddress) -> Any:
    """The value at an address, of the asset `key` or of a check on it."""
    stored = store.stored(address)
    if stored is None:
        raise ValueMissing(asset=str(key), reason="is no longer kept")
    return store.objects.load(stored)


def with_id(
    records: Iterable[Materialization], key: AssetKey, version: str | int
) -> Materialization:
    """The record of this id; raises ValueMissing where there is none.

    `records` come newest first; the beginning of an id will do where it is the only one, and so
    will the record's number, counted from the oldest.
    """
    known, identity = list(records), str(version)
    found = [record for record in known if record.id == identity]
    if not found and len(identity) >= _SHORTEST:
        found = [record for record in known if record.id.startswith(identity)]
    if not found and identity.isdecimal() and 1 <= int(identity) <= len(known):
        found = [known[-int(identity)]]
    if len(found) == 1:
        return found[0]
    raise ValueMissing(
        asset=str(key),
        reason=f"has no kept version {identity!r}",
        remedy=_versions(key, len(known)),
    )


def _versions(key: AssetKey, kept: int) -> str:
    """Which versions there are, by the numbers that the history shows."""
    if not kept:
        return ""
    counted = "result 1" if kept == 1 else f"results 1 to {kept}"
    return f"It has {counted}, the newest last: `%asset {key} --history` lists them."
