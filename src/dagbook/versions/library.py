"""Writes the value types of the standard library by content."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import fractions
import pathlib
import re
import types
import uuid
import zoneinfo
from typing import Any

from dagbook.versions.content import Writer, mapping_parts, register, text_bytes


def _tag(value: object) -> bytes:
    return text_bytes(type(value).__name__)


@register(datetime.date, datetime.timedelta)
def _calendar(writer: Writer, value: Any) -> bytes:
    return _tag(value) + text_bytes(str(value))


@register(datetime.datetime, datetime.time)
def _clock(writer: Writer, value: Any) -> bytes:
    fold = b"1" if value.fold else b"0"
    naive = value.replace(tzinfo=None, fold=0).isoformat()
    return _tag(value) + text_bytes(naive) + fold + writer.write(value.tzinfo)


@register(datetime.timezone, zoneinfo.ZoneInfo, uuid.UUID, fractions.Fraction)
def _by_text(writer: Writer, value: Any) -> bytes:
    return _tag(value) + text_bytes(str(value))


@register(decimal.Decimal)
def _decimal(writer: Writer, value: decimal.Decimal) -> bytes:
    return b"decimal" + writer.write(tuple(value.as_tuple()))


@register(pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath, pathlib.PureWindowsPath)
def _path(writer: Writer, value: Any) -> bytes:
    return _tag(value) + text_bytes(str(value))


@register(range, slice)
def _span(writer: Writer, value: Any) -> bytes:
    return _tag(value) + b"".join(map(writer.write, (value.start, value.stop, value.step)))


@register(re.Pattern)
def _pattern(writer: Writer, value: re.Pattern[Any]) -> bytes:
    return b"pattern%d;" % value.flags + writer.write(value.pattern)


@register(array.array)
def _array(writer: Writer, value: array.array[Any]) -> bytes:
    return b"array.array" + text_bytes(value.typecode) + writer.write(value.tobytes())


@register(collections.OrderedDict, collections.Counter, types.MappingProxyType)
def _mapping(writer: Writer, value: Any) -> bytes:
    return writer.nested(_tag(value), value, lambda: mapping_parts(writer, value))


@register(collections.defaultdict)
def _default_dict(writer: Writer, value: collections.defaultdict[Any, Any]) -> bytes:
    return writer.nested(
        _tag(value),
        value,
        lambda: [writer.write(value.default_factory), *mapping_parts(writer, value)],
    )


@register(collections.deque)
def _deque(writer: Writer, value: collections.deque[Any]) -> bytes:
    tag = _tag(value) + writer.write(value.maxlen)
    return writer.nested(tag, value, lambda: map(writer.write, value))


@register(types.SimpleNamespace)
def _namespace(writer: Writer, value: types.SimpleNamespace) -> bytes:
    return writer.nested(_tag(value), value, lambda: mapping_parts(writer, vars(value)))


@register(types.GenericAlias)
def _generic(writer: Writer, value: types.GenericAlias) -> bytes:
    return b"generic" + writer.write(value.__origin__) + writer.write(value.__args__)


@register(types.UnionType)
def _union(writer: Writer, value: types.UnionType) -> bytes:
    return b"union" + writer.write(value.__args__)


@register(bytearray)
def _bytearray(writer: Writer, value: bytearray) -> bytes:
    return b"a%d:" % len(value) + bytes(value)


@register(complex)
def _complex(writer: Writer, value: complex) -> bytes:
    return b"c" + writer.write(value.real) + writer.write(value.imag)


@register(type(Ellipsis), type(NotImplemented))
def _singleton(writer: Writer, value: object) -> bytes:
    return b"o" + text_bytes(type(value).__name__)


@register(types.BuiltinFunctionType)
def _builtin(writer: Writer, value: Any) -> bytes:
    owner = value.__self__
    name = text_bytes(value.__qualname__)
    if owner is None or isinstance(owner, types.ModuleType):
        return b"builtin" + text_bytes(str(value.__module__)) + name
    return b"bound" + name + writer.write(owner)
