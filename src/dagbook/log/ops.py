"""The ops of graphs in the event log: what became of each, and what a failed run left of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from dagbook.definitions.keys import AssetKey
from dagbook.events.encoding import (
    decode_error,
    decode_key,
    decode_metadata,
    encode_error,
    encode_key,
    encode_metadata,
    storable,
)
from dagbook.events.records import KeptOpValue, OpFinished, ValueAddress

Kept = Mapping[str, tuple[KeptOpValue, ...]]

# The ops of one asset's graph, by the first of the keys that it makes; values only of the newest run.
TABLES = """
CREATE TABLE ops (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL, key TEXT NOT NULL, run_id TEXT NOT NULL, step TEXT NOT NULL,
    time REAL NOT NULL, duration REAL NOT NULL, outcome TEXT NOT NULL, error TEXT, fingerprint TEXT
);
CREATE INDEX ops_of_run ON ops (run_id);
CREATE INDEX resumable_ops ON ops (scope, key) WHERE fingerprint IS NOT NULL;
CREATE TABLE op_values (
    op INTEGER NOT NULL, nth INTEGER NOT NULL, name TEXT NOT NULL, entry TEXT,
    data_version TEXT NOT NULL,
    address TEXT, format TEXT, size INTEGER, inline INTEGER, mtime_ns INTEGER, metadata TEXT,
    PRIMARY KEY (op, nth)
) WITHOUT ROWID;
"""
ADDRESSES = "SELECT address FROM op_values WHERE address IS NOT NULL"
VALUES = "SELECT address, format, size, inline, mtime_ns FROM op_values WHERE address IS NOT NULL"
_OLDER = """SELECT number FROM ops
WHERE scope = ? AND key = ? AND fingerprint IS NOT NULL AND run_id != ?"""
FORGET_VALUES = f"DELETE FROM op_values WHERE op IN ({_OLDER})"
FORGET_OPS = "UPDATE ops SET fingerprint = NULL WHERE scope = ? AND key = ? AND run_id != ?"
INSERT_OP = "INSERT INTO ops VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_VALUE = (
    "INSERT INTO op_values VALUES ((SELECT max(number) FROM ops), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_BLOB = "INSERT OR IGNORE INTO blobs VALUES (?, ?)"
OPS = """
SELECT key, run_id, step, time, duration, outcome, error FROM ops WHERE run_id = ?
ORDER BY number"""
# How far back it is looked for the newest record of each op, so that it costs the same for ever.
_FAR = 50_000
LAST_OPS = f"""
SELECT key, run_id, step, time, duration, outcome, error FROM ops WHERE number IN (
    SELECT max(number) FROM ops
    WHERE number > (SELECT max(number) FROM ops) - {_FAR} AND scope = ? AND key = ? GROUP BY step
) ORDER BY number"""
KEPT = """
SELECT o.number, o.fingerprint, v.name, v.entry, v.data_version,
    v.address, v.format, v.size, v.inline, v.mtime_ns, v.metadata
FROM ops o LEFT JOIN op_values v ON v.op = o.number
WHERE o.scope = ? AND o.key = ? AND o.fingerprint IS NOT NULL ORDER BY o.number, v.nth"""


class Execute(Protocol):
    """Runs one statement."""

    def __call__(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any:
        """Run it with these values in the places of its question marks."""


def write_op(run: Execute, scope: str, event: OpFinished) -> None:
    """Keep what became of an op; what earlier runs of its asset left is of no more use."""
    key = encode_key(event.keys[0])
    for statement in (FORGET_VALUES, FORGET_OPS):
        run(statement, (scope, key, event.run_id))
    error = encode_error(event.error)
    run(
        INSERT_OP,
        (
            *(scope, key, event.run_id, storable(event.step)),
            *(event.time, event.duration, event.outcome, error, event.fingerprint),
        ),
    )
    for nth, one in enumerate(event.values):
        at = one.value
        where = (
            (None,) * 5
            if at is None
            else (at.address, at.format, at.size, int(at.inline), at.mtime_ns)
        )
        metadata = encode_metadata(one.metadata)
        run(INSERT_VALUE, (nth, one.name, one.key, one.data_version, *where, metadata))
    for address, blob in event.blobs.items():
        run(INSERT_BLOB, (address, blob))


def to_op(row: tuple[Any, ...]) -> OpFinished:
    """The op of a row of OPS."""
    key, run_id, step, time, duration, outcome, error = row
    return OpFinished(
        run_id=run_id,
        time=time,
        duration=duration,
        keys=(decode_key(key),),
        step=step,
        outcome=outcome,
        error=decode_error(error),
    )


def to_kept(rows: Sequence[tuple[Any, ...]]) -> Kept:
    """What ops gave, by their fingerprint, of rows of KEPT; the newest op of a fingerprint counts."""
    found: dict[str, dict[int, list[KeptOpValue]]] = {}
    for number, mark, *value in rows:
        values = found.setdefault(mark, {}).setdefault(number, [])
        if value[0] is not None:
            values.append(_value(*value))
    return {mark: tuple(of[max(of)]) for mark, of in found.items()}


def _value(
    name: str, entry: str | None, version: str, address: str | None, *rest: Any
) -> KeptOpValue:
    kind, size, inline, mtime_ns, metadata = rest
    at = None
    if address is not None:
        at = ValueAddress(
            address=address, format=kind, size=size, inline=inline == 1, mtime_ns=mtime_ns
        )
    return KeptOpValue(
        name=name, key=entry, data_version=version, value=at, metadata=decode_metadata(metadata)
    )


class OpsInMemory:
    """The same in lists, for the log in memory."""

    def __init__(self) -> None:
        self._events: list[tuple[str, OpFinished]] = []
        self._kept: dict[tuple[str, AssetKey], list[OpFinished]] = {}

    def keep(self, scope: str, event: OpFinished) -> None:
        """Keep what became of an op."""
        self._events.append((scope, event))
        place = scope, event.keys[0]
        newest = [one for one in self._kept.get(place, ()) if one.run_id == event.run_id]
        self._kept[place] = [*newest, event] if event.fingerprint is not None else newest

    def of(self, run_id: str) -> list[OpFinished]:
        """The ops of a run, in order."""
        return [event for _, event in self._events if event.run_id == run_id]

    def last(self, scope: str, key: AssetKey) -> list[OpFinished]:
        """The newest record of each op of an asset's graph, in order."""
        own = [one for at, one in self._events if (at, one.keys[0]) == (scope, key)]
        newest = {one.step: place for place, one in enumerate(own)}
        return [own[place] for place in sorted(newest.values())]

    def kept(self, scope: str, key: AssetKey) -> Kept:
        """What ops of an asset's graph gave in its newest run, where that failed."""
        return {str(one.fingerprint): one.values for one in self._kept.get((scope, key), ())}

    def values(self) -> list[ValueAddress]:
        """The values that are kept."""
        ops = [one for kept in self._kept.values() for one in kept]
        return [value.value for one in ops for value in one.values if value.value is not None]
