"""The compact text of keys, inputs, metadata and errors, as logs keep them.

`decode_x(encode_x(value))` is `value`; nothing at all is encoded as None. All text is ASCII, so
that what no database could hold (a lone surrogate in a file name, say) passes through it whole.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from dagbook.definitions import tables
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.events.records import NOTHING, ErrorRecord, InputVersion, Materialization

_dumps: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_loads: Callable[[str], Any] = json.JSONDecoder().decode

_PLAIN = (str, int, float, bool, type(None))
# Records that metadata may hold; kept by their class's name and their fields in order.
_RECORDS: Mapping[str, Any] = {
    one.__name__: one
    for one in (
        tables.TableColumn,
        tables.TableColumnConstraints,
        tables.TableColumnDep,
        tables.TableColumnLineage,
        tables.TableConstraints,
        tables.TableRecord,
        tables.TableRows,
        tables.TableSchema,
    )
}
_LONGEST_DECIMAL = 10**4_000  # Python refuses to read decimals of more than 4,300 digits
_DEEPEST = 100


def encode_key(key: AssetKey) -> str:
    """The key as people write it, where that is unambiguous; else its parts as JSON."""
    path = key.path
    text = "/".join(path)
    if text.isascii() and text.count("/") == len(path) - 1 and text[0] != "[":
        return text
    return _dumps(path)


def decode_key(text: str) -> AssetKey:
    """The key of an `encode_key` text; without checks, since it was a key before."""
    if text[0] == "[":
        path = tuple(_loads(text))
    else:
        path = tuple(text.split("/")) if "/" in text else (text,)
    return tuple.__new__(AssetKey, (path,))


def encode_keys(keys: Iterable[AssetKey]) -> str:
    """Several keys, in their order."""
    return _dumps([encode_key(key) for key in keys])


def decode_keys(text: str) -> tuple[AssetKey, ...]:
    """The keys of an `encode_keys` text."""
    return tuple(decode_key(key) for key in _loads(text))


def encode_names(names: Iterable[str]) -> str:
    """Several names, in their order."""
    return _dumps(list(names))


def decode_names(text: str) -> tuple[str, ...]:
    """The names of an `encode_names` text."""
    return tuple(_loads(text))


def encode_inputs(inputs: tuple[InputVersion, ...]) -> str | None:
    """Inputs with their data versions."""
    return _dumps(_flat_inputs(inputs)) if inputs else None


def decode_inputs(text: str | None) -> tuple[InputVersion, ...]:
    """The inputs of an `encode_inputs` text."""
    return () if text is None else _inputs(_loads(text))


def encode_metadata(metadata: Mapping[str, MetadataValue]) -> str | None:
    """Metadata with kinds; a value of a type that is not plain is kept as its text.

    Plain are None, bool, int, float, str, bytes, asset keys, the records of `definitions.tables`,
    and lists, tuples and dictionaries of these.
    """
    return _dumps(_flat_metadata(metadata)) if metadata else None


def decode_metadata(text: str | None) -> Mapping[str, MetadataValue]:
    """The metadata of an `encode_metadata` text."""
    return NOTHING if text is None else _metadata(_loads(text))


def encode_details(one: Materialization) -> str | None:
    """A materialization's inputs, others and metadata in one text."""
    if not (one.inputs or one.others or one.metadata):
        return None
    details: list[Any] = [_flat_inputs(one.inputs)]
    if one.others or one.metadata:
        details += (dict(one.others), _flat_metadata(one.metadata))
    return _dumps(details)


class Details(NamedTuple):
    """What `encode_details` keeps."""

    inputs: tuple[InputVersion, ...] = ()
    others: Mapping[str, str] = NOTHING
    metadata: Mapping[str, MetadataValue] = NOTHING


def decode_details(text: str | None) -> Details:
    """The inputs, others and metadata of an `encode_details` text."""
    if text is None:
        return Details()
    inputs, *more = _loads(text)
    if not more:
        return Details(_inputs(inputs))
    others, metadata = more
    return Details(_inputs(inputs), others, _metadata(metadata))


def encode_error(error: ErrorRecord | None) -> str | None:
    """An error's type, message and traceback, and the code that failed where it is known."""
    if error is None:
        return None
    code = [error.code_version] if error.code_version else []
    return _dumps([error.type, error.message, error.traceback, *code])


def decode_error(text: str | None) -> ErrorRecord | None:
    """The error of an `encode_error` text."""
    if text is None:
        return None
    kind, message, traceback, *code = _loads(text)
    return ErrorRecord(type=kind, message=message, traceback=traceback, code_version="".join(code))


def storable(text: str) -> str:
    """The text, with any lone surrogate written out, since no database takes one."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode()


def _flat_inputs(inputs: tuple[InputVersion, ...]) -> list[str]:
    """Name, key, data version, name, …"""
    flat: list[str] = []
    for one in inputs:
        flat += (one.name, encode_key(one.key), one.data_version)
    return flat


def _inputs(flat: list[str]) -> tuple[InputVersion, ...]:
    parts = iter(flat)
    return tuple(
        InputVersion(name, decode_key(key), version)
        for name, key, version in zip(parts, parts, parts, strict=True)
    )


def _flat_metadata(metadata: Mapping[str, MetadataValue]) -> list[Any]:
    """Name, kind, value, name, …"""
    flat: list[Any] = []
    for name, entry in metadata.items():
        flat += (name, entry.kind, _tagged(entry.value, ()))
    return flat


def _metadata(flat: list[Any]) -> Mapping[str, MetadataValue]:
    parts = iter(flat)
    return {
        name: MetadataValue(kind, _untagged(value))
        for name, kind, value in zip(parts, parts, parts, strict=True)
    }


def _tagged(value: Any, above: tuple[int, ...]) -> Any:
    """What JSON can say, with `{"$tag": …}` for what it cannot; `above`: ids of what encloses it."""
    if isinstance(value, int) and not -_LONGEST_DECIMAL < value < _LONGEST_DECIMAL:
        return {"$int": hex(value)}
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, AssetKey):
        return {"$key": encode_key(value)}
    if type(value) in _RECORDS.values():
        parts = [getattr(value, one.name) for one in fields(value)]
        return {"$record": [type(value).__name__, *[_tagged(part, above) for part in parts]]}
    if not isinstance(value, (tuple, list, dict)):
        return _shown(value)
    if id(value) in above or len(above) >= _DEEPEST:
        return "…"
    above = (*above, id(value))
    if isinstance(value, dict):
        return _tagged_dict(value, above)
    parts = [_tagged(part, above) for part in value]
    return {"$tuple": parts} if isinstance(value, tuple) else parts


def _shown(value: object) -> str:
    """The text of any object; a `__str__` that raises must not cost a run its record."""
    try:
        return str(value)[:2_000]
    except Exception as error:
        return f"<{type(value).__name__}, whose text raises {type(error).__name__}>"


def _tagged_dict(value: dict[Any, Any], above: tuple[int, ...]) -> dict[str, Any]:
    if all(type(name) is str and not name.startswith("$") for name in value):
        return {name: _tagged(part, above) for name, part in value.items()}
    return {"$dict": [[_tagged(name, above), _tagged(part, above)] for name, part in value.items()]}


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(part) for part in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, content = next(iter(value.items()))
        if tag in _UNTAG:
            return _UNTAG[tag](content)
    return {name: _untagged(part) for name, part in value.items()}


_UNTAG: Mapping[str, Callable[[Any], Any]] = {
    "$int": lambda text: int(text, 16),
    "$bytes": base64.b64decode,
    "$key": decode_key,
    "$record": lambda parts: _RECORDS[parts[0]](*[_untagged(part) for part in parts[1:]]),
    "$tuple": lambda parts: tuple(_untagged(part) for part in parts),
    "$dict": lambda pairs: {_untagged(name): _untagged(part) for name, part in pairs},
}
