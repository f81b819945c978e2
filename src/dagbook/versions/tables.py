"""Writes Arrow tables and arrays by schema and content, however they are cut into chunks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from dagbook.versions.arrays import update
from dagbook.versions.content import Writer, register, text_bytes


@register(pa.Table, pa.RecordBatch)
def _table(writer: Writer, value: Any) -> bytes:
    table = pa.Table.from_batches([value]) if isinstance(value, pa.RecordBatch) else value
    head = b"table%d,%d;" % (table.num_rows, table.num_columns)
    head += _metadata(table.schema.metadata)
    parts = []
    for field, column in zip(table.schema, table.columns, strict=True):
        nullable = b"?" if field.nullable else b"!"
        parts.append(text_bytes(field.name) + nullable + _metadata(field.metadata))
        parts.append(column_bytes(writer, column))
    return head + b"".join(parts)


@register(pa.ChunkedArray)
def _chunked(writer: Writer, value: Any) -> bytes:
    return b"column" + column_bytes(writer, value)


@register(pa.Schema)
def _schema(writer: Writer, value: Any) -> bytes:
    names = [text_bytes(f"{field.name}: {field.type} {field.nullable}") for field in value]
    return b"schema%d;" % len(names) + b"".join(names) + _metadata(value.metadata)


def _array(writer: Writer, value: Any) -> bytes:
    return b"column" + column_bytes(writer, pa.chunked_array([value], type=value.type))


def column_bytes(writer: Writer, column: pa.ChunkedArray) -> bytes:
    """Type, length and the digest of the values of one column."""
    head = text_bytes(str(column.type)) + b"%d;" % len(column)
    return head + _content(writer, column)


def _metadata(metadata: dict[bytes, bytes] | None) -> bytes:
    # What pandas writes there repeats the schema in words that follow its version.
    kept = sorted((metadata or {}).items())
    parts = [b"%d:%b%d:%b" % (len(k), k, len(v), v) for k, v in kept if k != b"pandas"]
    return b"%d;" % len(parts) + b"".join(parts)


def _content(writer: Writer, column: pa.ChunkedArray) -> bytes:
    """The digest of validity and values; what stands under a null is not content."""
    kind = column.type
    if isinstance(kind, pa.ExtensionType):
        chunks = [chunk.storage for chunk in column.chunks]
        return _content(writer, pa.chunked_array(chunks, type=kind.storage_type))
    if pa.types.is_dictionary(kind):
        return _content(writer, column.cast(kind.value_type))
    valid = b"v"
    if column.null_count:
        valid = _validity(column)
        if pa.types.is_null(kind):
            return valid
    if _is_text(kind):
        return valid + _text(column)
    if _is_fixed(kind):
        return valid + _fixed(column)
    if pa.types.is_struct(kind):
        return valid + b"".join(_struct_parts(writer, column))
    if _is_list(kind):
        return valid + _lists(writer, column)
    return b"y" + writer.nested(b"", column, lambda: map(writer.write, column.to_pylist()))


def _validity(column: pa.ChunkedArray) -> bytes:
    hasher = xxhash.xxh3_128()
    for chunk in column.chunks:
        hasher.update(chunk.is_valid().to_numpy(zero_copy_only=False).view(np.uint8))
    return b"n" + hasher.digest()


def _is_text(kind: pa.DataType) -> bool:
    checks = (pa.types.is_string, pa.types.is_large_string)
    return any(check(kind) for check in (*checks, pa.types.is_binary, pa.types.is_large_binary))


def _is_fixed(kind: pa.DataType) -> bool:
    return pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or _is_bytes(kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_fixed_size_binary(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind))


def _text(column: pa.ChunkedArray) -> bytes:
    """Lengths and characters of strings, apart: where chunks begin does not show."""
    lengths, characters = xxhash.xxh3_128(), xxhash.xxh3_128()
    for chunk in column.chunks:
        if chunk.null_count:
            chunk = chunk.fill_null("" if _holds_characters(chunk.type) else b"")
        starts = _offsets(chunk)
        update(lengths, np.diff(starts).astype(np.int64, copy=False))
        data = chunk.buffers()[2]
        if data is not None and len(starts) > 1:
            characters.update(memoryview(data)[int(starts[0]) : int(starts[-1])])
    return lengths.digest() + characters.digest()


def _holds_characters(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _offsets(chunk: pa.Array) -> np.ndarray[Any, Any]:
    wide = any(
        check(chunk.type)
        for check in (pa.types.is_large_string, pa.types.is_large_binary, pa.types.is_large_list)
    )
    buffer = chunk.buffers()[1]
    if buffer is None or not len(chunk):
        return np.zeros(1, np.int64)
    offsets = np.frombuffer(buffer, dtype=np.int64 if wide else np.int32)
    return offsets[chunk.offset : chunk.offset + len(chunk) + 1]


def _fixed(column: pa.ChunkedArray) -> bytes:
    """Values of a fixed width."""
    hasher = xxhash.xxh3_128()
    for chunk in column.chunks:
        update(hasher, fixed_values(chunk))
    return hasher.digest()


def fixed_values(chunk: pa.Array) -> np.ndarray[Any, Any]:
    """The values of a fixed width as a NumPy array, zero where there is none."""
    kind = chunk.type
    if pa.types.is_boolean(kind):
        flags: np.ndarray[Any, Any] = chunk.fill_null(False).to_numpy(zero_copy_only=False)
        return flags.view(np.uint8)
    width = kind.bit_width // 8
    buffer = chunk.buffers()[1]
    if buffer is None or not len(chunk):
        return np.zeros((0, width), np.uint8)
    raw = np.frombuffer(buffer, np.uint8)[chunk.offset * width :][: len(chunk) * width]
    values: np.ndarray[Any, Any] = raw.reshape(-1, width)
    if pa.types.is_floating(kind):
        values = raw.view({2: np.float16, 4: np.float32, 8: np.float64}[width])
    if chunk.null_count:
        values = values.copy()
        values[chunk.is_null().to_numpy(zero_copy_only=False)] = 0
    return values


def _struct_parts(writer: Writer, column: pa.ChunkedArray) -> list[bytes]:
    fields = range(column.type.num_fields)
    return [column_bytes(writer, pc.struct_field(column, [index])) for index in fields]


def _lists(writer: Writer, column: pa.ChunkedArray) -> bytes:
    """The lengths of lists, then all their items as one column."""
    counts, items = [], []
    for chunk in column.chunks:
        if pa.types.is_map(chunk.type):
            chunk = chunk.cast(pa.list_(pa.struct([chunk.type.key_field, chunk.type.item_field])))
        counts.append(chunk.value_lengths().fill_null(0).cast(pa.int64()))
        items.append(chunk.flatten())
    lengths = pa.chunked_array(counts, type=pa.int64())
    if not items:
        return _fixed(lengths)
    return _fixed(lengths) + column_bytes(writer, pa.chunked_array(items))


for _name in dir(pa):
    _kind = getattr(pa, _name)
    if isinstance(_kind, type) and issubclass(_kind, pa.Array):
        register(_kind)(_array)
