"""Letting an earlier version of an asset count, whatever its code and inputs are by now."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dagbook.definitions.keys import AssetKey
from dagbook.engine.store import Store
from dagbook.engine.values import with_id
from dagbook.errors.execution import ValueMissing
from dagbook.events.records import Event, Materialization, Pinned, Restored, Unpinned
from dagbook.execution.addresses import new_id
from dagbook.log.projection import Current


def pin_events(
    key: AssetKey,
    version: str | int | None,
    kept: Iterable[Materialization],
    current: Mapping[AssetKey, Current],
    store: Store,
) -> tuple[Event, ...]:
    """What makes this version, one of the kept, count until it is unpinned; None unpins the asset.

    Raises ValueMissing where it is not kept.
    """
    now = time.time()
    if version is None:
        return (Unpinned(time=now, key=key),)
    chosen = with_id(kept, key, version)
    if chosen.value is not None and chosen.value.address not in store.log.addresses():
        raise ValueMissing(asset=str(key), reason=f"no longer keeps version {str(version)!r}")
    counting = current.get(key)
    record = counting.materialization if counting is not None else None
    if record is not None and record.id == chosen.id:
        return (Pinned(time=now, key=key, materialization_id=chosen.id),)
    # It is as old as it is: only that it counts is new.
    taken = replace(_plain(chosen), id=new_id(now))
    return (
        Restored(materialization=taken, source=chosen.id),
        Pinned(time=now, key=key, materialization_id=taken.id),
    )


def _plain(record: Materialization) -> Materialization:
    """The record with all that is read late, so that it can be written anew."""
    return Materialization(
        id=record.id,
        key=record.key,
        run_id=record.run_id,
        time=record.time,
        duration=record.duration,
        code_version=record.code_version,
        data_version=record.data_version,
        fingerprint=record.fingerprint,
        inputs=record.inputs,
        others=record.others,
        value=record.value,
        metadata=record.metadata,
        tracked=record.tracked,
    )
