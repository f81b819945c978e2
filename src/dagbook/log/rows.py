"""Rows of the event log's tables, and the records that they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.encoding import (
    decode_details,
    decode_error,
    decode_inputs,
    decode_key,
    decode_keys,
    decode_metadata,
    encode_details,
    encode_error,
    encode_inputs,
    encode_key,
    encode_metadata,
)
from dagbook.events.records import Materialization, ValueAddress, Verdict
from dagbook.log.projection import Current
from dagbook.log.protocol import RunRecord

Row = tuple[Any, ...]

MATERIALIZATION_COLUMNS = (
    "m.key, m.code_version, m.data_version, m.fingerprint, m.tracked, m.id, m.run_id, m.time, "
    "m.duration, m.address, m.format, m.size, m.inline, m.mtime_ns, m.details"
)
# What every status needs, and no more: making objects of a column of ten thousand rows takes 1 ms.
PLAIN_COLUMNS = "c.key, c.materialization, c.data_version, c.fingerprint"
CURRENT_COLUMNS = (
    "c.key, m.number, m.data_version, m.fingerprint, m.inline, c.last_run, c.skip, c.pin, c.error"
)
VERDICT_COLUMNS = (
    "v.asset, v.name, v.run_id, v.time, v.duration, v.passed, v.severity, v.blocking, "
    "v.code_version, v.fingerprint, v.inputs, v.metadata, v.description, "
    "v.address, v.format, v.size, v.inline, v.mtime_ns, v.row_count, v.error"
)
RUN_COLUMNS = "run_id, scope, started, finished, outcome, command, session, planned"


_NOWHERE: Row = (None, None, None, None, None)


def materialization_row(one: Materialization) -> Row:
    """The values of `INSERT_MATERIALIZATION` after scope, key, origin and detail."""
    value = one.value
    stored = _NOWHERE if value is None else _stored(value)
    return (
        one.tracked,
        one.id,
        one.run_id,
        one.time,
        one.duration,
        one.code_version,
        one.data_version,
        one.fingerprint,
        *stored,
        encode_details(one),
    )


def verdict_row(one: Verdict) -> Row:
    """The values of `INSERT_VERDICT` after the scope."""
    stored = _NOWHERE if one.rows is None else _stored(one.rows)
    return (
        encode_key(one.check.asset_key),
        one.check.name,
        one.run_id,
        one.time,
        one.duration,
        one.passed,
        one.severity,
        one.blocking,
        one.code_version,
        one.fingerprint,
        encode_inputs(one.inputs),
        encode_metadata(one.metadata),
        one.description,
        *stored,
        one.row_count,
        encode_error(one.error),
    )


def to_verdict(row: Row) -> Verdict:
    """The verdict of a row of VERDICT_COLUMNS."""
    return Verdict(
        check=AssetCheckKey(decode_key(row[0]), row[1]),
        run_id=row[2],
        time=row[3],
        duration=row[4],
        passed=bool(row[5]),
        severity=row[6],
        blocking=bool(row[7]),
        code_version=row[8],
        fingerprint=row[9],
        inputs=decode_inputs(row[10]),
        metadata=decode_metadata(row[11]),
        description=row[12],
        rows=_address(*row[13:18]),
        row_count=row[18],
        error=decode_error(row[19]),
    )


def to_run(row: Row) -> RunRecord:
    """The run of a row of RUN_COLUMNS."""
    return RunRecord(
        run_id=row[0],
        scope=row[1],
        started=row[2],
        finished=row[3],
        outcome=row[4],
        command=row[5],
        session=row[6],
        planned=decode_keys(row[7]),
    )


def _address(address: str | None, kind: str, size: int, inline: int, mtime_ns: int | None) -> Any:
    if address is None:
        return None
    value = _new(ValueAddress)
    _set_address(value, address)
    _set_format(value, kind)
    _set_size(value, size)
    _set_inline(value, inline == 1)
    _set_mtime_ns(value, mtime_ns)
    return value


def to_address(row: Row) -> ValueAddress:
    """The value of a row of address, format, size, inline and mtime_ns."""
    address: ValueAddress = _address(*row)
    return address


def _stored(value: ValueAddress) -> Row:
    return value.address, value.format, value.size, value.inline, value.mtime_ns


class KeptMaterialization(Materialization):
    """A materialization that reads and decodes what is seldom asked for when it is asked for.

    A row is never changed.
    """

    __slots__ = ("_number", "_read", "_row")

    def __getattr__(self, name: str) -> Any:
        if name == "_row":
            value = self._read(self._number)
        elif name in _LATE:
            value = _LATE[name](self._row)
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        object.__setattr__(self, name, value)
        return value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Materialization):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _FIELDS)

    __hash__ = Materialization.__hash__

    def __reduce__(self) -> tuple[Any, ...]:
        return _plain, ({name: getattr(self, name) for name in _FIELDS},)


def _plain(values: dict[str, Any]) -> Materialization:
    return Materialization(**values)


_FIELDS = tuple(field.name for field in fields(Materialization))
_LATE: Mapping[str, Callable[[Row], Any]] = {
    "code_version": lambda row: row[1],
    "tracked": lambda row: row[4] == 1,
    "value": lambda row: _address(*row[9:14]),
    "id": lambda row: row[5],
    "run_id": lambda row: row[6],
    "time": lambda row: row[7],
    "duration": lambda row: row[8],
    "inputs": lambda row: decode_details(row[14]).inputs,
    "others": lambda row: decode_details(row[14]).others,
    "metadata": lambda row: decode_details(row[14]).metadata,
}


def _setter(owner: type, name: str) -> Callable[[Any, Any], None]:
    """The slot's own setter, which a frozen class does not bar; an `__init__` costs three times."""
    setter: Callable[[Any, Any], None] = owner.__dict__[name].__set__
    return setter


_set_key = _setter(Materialization, "key")
_set_data_version = _setter(Materialization, "data_version")
_set_fingerprint = _setter(Materialization, "fingerprint")
_set_number = _setter(KeptMaterialization, "_number")
_set_read = _setter(KeptMaterialization, "_read")
_set_row = _setter(KeptMaterialization, "_row")
_set_address = _setter(ValueAddress, "address")
_set_format = _setter(ValueAddress, "format")
_set_size = _setter(ValueAddress, "size")
_set_inline = _setter(ValueAddress, "inline")
_set_mtime_ns = _setter(ValueAddress, "mtime_ns")
_new = object.__new__


def to_materialization(row: Row) -> Materialization:
    """The materialization of a row of MATERIALIZATION_COLUMNS."""
    one = _new(KeptMaterialization)
    _set_key(one, decode_key(row[0]))
    _set_data_version(one, row[2])
    _set_fingerprint(one, row[3])
    _set_row(one, row)
    return one


def read_plain(
    rows: Iterable[Row], read: KeptMaterializations, found: dict[AssetKey, Current]
) -> None:
    """Add what counts of rows of PLAIN_COLUMNS."""
    new = tuple.__new__
    for text, number, data_version, mark in rows:
        key = decode_key(text)
        told = (key, data_version, mark, "ok", None, None, False, number, read)
        found[key] = new(Current, told)


def read_current(
    rows: Iterable[Row], read: KeptMaterializations, found: dict[AssetKey, Current]
) -> list[KeptMaterialization]:
    """Add what counts of rows of CURRENT_COLUMNS; gives those whose values are files."""
    large: list[KeptMaterialization] = []
    for text, number, data_version, mark, inline, last_run, skip, pin, error in rows:
        key, failure = decode_key(text), decode_error(error)
        reading = None if number is None else read
        told = data_version, mark, last_run, failure, skip, pin is not None, number, reading
        now = found[key] = Current(key, *told)
        if inline == 0:
            large.append(read(now))
    return large


class KeptMaterializations:
    """The materializations of what counted when a log was read, each made when it is first asked for.

    Every status needs ten thousand data versions and fingerprints, and all else of the few that are
    stale or looked at. `row` gives the row of MATERIALIZATION_COLUMNS of a number.
    """

    def __init__(self, row: Callable[[int], Row]) -> None:
        self._row = row
        self._made: dict[int, KeptMaterialization] = {}

    def __call__(self, now: Current) -> KeptMaterialization:
        """The materialization that counts."""
        number: Any = now.record
        known = self._made.get(number)
        if known is not None:
            return known
        one = _new(KeptMaterialization)
        _set_key(one, now.key)
        _set_data_version(one, now.data_version)
        _set_fingerprint(one, now.fingerprint)
        _set_number(one, number)
        _set_read(one, self._row)
        return self._made.setdefault(number, one)


def read_values(
    large: Iterable[KeptMaterialization], rows: Iterable[Row]
) -> dict[AssetKey, ValueAddress]:
    """The values of those that are files, with the rows of MATERIALIZATION_COLUMNS of most of them.

    The number stands before each row; a row that is not among them is read by itself.
    """
    known = {number: row for number, *row in rows}
    for one in large:
        if one._number in known:
            _set_row(one, known[one._number])
    return {one.key: one.value for one in large if one.value is not None}
