"""Writes a plain value as bytes that are equal exactly where the content is.

Every form opens with a tag of its type and is either of fixed length, or says its length, or is
the digest of its parts: so no two different values share one form. Types of other packages join
the table through `register`, and only when a value of theirs is met.
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import marshal
import struct
from collections.abc import Callable, Iterable
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.versions.bytecode import code_digest, nested_codes
from dagbook.versions.caches import CACHED
from dagbook.versions.carried import by_name
from dagbook.versions.origin import home_of_class, home_of_file
from dagbook.versions.pickles import pickle_digest

Encoder = Callable[["Writer", Any], bytes]
Foreign = Callable[[object], bytes | None]

_NAN = struct.pack("<d", float("nan"))
_FLAT = frozenset({int, str, bytes, bool, type(None)})
# Content of these packages is written by a module of ours that imports them.
_LOADED_LATER = {
    "numpy": "dagbook.versions.arrays",
    "pandas": "dagbook.versions.frames",
    "polars": "dagbook.versions.frames_polars",
    "pyarrow": "dagbook.versions.tables",
}
_LIBRARY = frozenset(
    {"datetime", "decimal", "fractions", "pathlib", "re", "array", "collections", "types"}
    | {"uuid", "zoneinfo", "builtins"}
)
_encoders: dict[type, Encoder] = {}
_loaded: set[str] = set()


class Writer:
    """Writes one value and remembers what it met on the way.

    `named` are the classes and functions that the value has by name, as `module:qualified name`, so
    that their code is looked up when it is read; `holds_code` says that there is code of the user
    in it that has no such name, of which no more is written than what it looks like by itself.

    Writing an unknown object calls its own code, which may raise anything.

    Args:
        foreign: called with functions, classes, modules and instances that have no plain content;
            gives what stands for them, or None to leave them to this writer.
    """

    __slots__ = ("_back", "_foreign", "_memo", "_path", "holds_code", "named", "weak")

    def __init__(self, foreign: Foreign | None = None) -> None:
        self.weak = False
        self.named: set[str] = set()
        self.holds_code = False
        self._foreign = foreign
        self._path: dict[int, int] = {}
        self._memo: dict[int, tuple[object, bytes]] = {}
        self._back = 0

    def write(self, value: Any) -> bytes:
        """The bytes of any value."""
        encode = _encoders.get(type(value))
        if encode is None:
            encode = _found(type(value))
        return encode(self, value)

    def nested(self, tag: bytes, value: object, parts: Callable[[], Iterable[bytes]]) -> bytes:
        """A value made of others: its tag and the digest of its parts; safe where it holds itself."""
        key = id(value)
        known = self._memo.get(key)
        if known is not None:
            return known[1]
        depth = len(self._path)
        above = self._path.get(key)
        if above is not None:
            self._back += 1
            return b"^%d;" % (depth - above)
        self._path[key] = depth
        back = self._back
        try:
            written = tag + xxh3_128_digest(b"".join(parts()))
        finally:
            del self._path[key]
        if back == self._back:  # what points to a holder is not the same seen from elsewhere
            self._memo[key] = (value, written)
        return written

    def meet_class(self, kind: type) -> None:
        """Remember a class of which the value is, or holds, an instance."""
        self.named.add(class_name(kind))
        nameless = "<" in kind.__qualname__ or kind.__module__ == "types"
        if nameless and home_of_class(kind) == "own":
            self.holds_code = True

    def foreign(self, value: object) -> bytes | None:
        """What the owner of this writer wants to stand for a value."""
        return self._foreign(value) if self._foreign is not None else None


def register(*kinds: type) -> Callable[[Encoder], Encoder]:
    """Make a function the writer of exactly these types."""

    def add(encoder: Encoder) -> Encoder:
        for kind in kinds:
            _encoders[kind] = encoder
        return encoder

    return add


def is_plain(kind: type) -> bool:
    """Are values of this type content, rather than code or objects with code of their own?"""
    encoder = _encoders.get(kind) or _found(kind)
    if encoder is _dataclass:
        return home_of_class(kind) != "own"
    return encoder not in (_instance, _function, _cached, _method, _class, _module, _code)


def class_name(kind: type) -> str:
    """A class as module and qualified name."""
    return f"{kind.__module__}:{kind.__qualname__}"


def text_bytes(text: str) -> bytes:
    """A string with its length before it."""
    data = text.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(data), data)


def _found(kind: type) -> Encoder:
    """The writer of a type that was not met before."""
    for base in kind.__mro__:
        root = base.__module__.partition(".")[0]
        home = _LOADED_LATER.get(root)
        if home is None and root in _LIBRARY:
            home = "dagbook.versions.library"
        if home is not None and home not in _loaded:
            _loaded.add(home)
            importlib.import_module(home)
    known = _encoders.get(kind)
    if known is None:
        known = _by_shape(kind)
        if kind.__module__ != "__main__":  # classes of a notebook come and go
            _encoders[kind] = known
    return known


def _by_shape(kind: type) -> Encoder:
    if issubclass(kind, enum.Enum):
        return _enum
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return _named_tuple
    if issubclass(kind, type):
        return _class
    if issubclass(kind, ModuleType):
        return _module
    if dataclasses.is_dataclass(kind) and "__reduce__" not in vars(kind):
        return _dataclass
    return _instance


# ---------------------------------------------------------------- scalars


@register(int)
def _int(writer: Writer, value: int) -> bytes:
    return b"i%x;" % value


@register(str)
def _str(writer: Writer, value: str) -> bytes:
    data = value.encode("utf-8", "surrogatepass")
    return b"s%d:%b" % (len(data), data)


@register(float)
def _float(writer: Writer, value: float) -> bytes:
    return b"f" + (struct.pack("<d", value) if value == value else _NAN)


@register(bool)
def _bool(writer: Writer, value: bool) -> bytes:
    return b"T" if value else b"F"


@register(type(None))
def _none(writer: Writer, value: None) -> bytes:
    return b"N"


@register(bytes)
def _bytes(writer: Writer, value: bytes) -> bytes:
    return b"b%d:%b" % (len(value), value)


# ---------------------------------------------------------------- containers


@register(list)
def _list(writer: Writer, value: list[Any]) -> bytes:
    return writer.nested(b"L", value, lambda: _sequence(writer, value))


@register(tuple)
def _tuple(writer: Writer, value: tuple[Any, ...]) -> bytes:
    return writer.nested(b"U", value, lambda: _sequence(writer, value))


@register(dict)
def _dict(writer: Writer, value: dict[Any, Any]) -> bytes:
    return writer.nested(b"D", value, lambda: mapping_parts(writer, value))


@register(set, frozenset)
def _set(writer: Writer, value: set[Any] | frozenset[Any]) -> bytes:
    tag = b"S" if type(value) is set else b"Z"
    # In the order of what they are written as: the order of a set follows the hash seed.
    items = sorted(value, key=_said) if any(callable(item) for item in value) else value
    return writer.nested(tag, value, lambda: sorted(map(writer.write, items)))


def _said(item: object) -> str:
    """What functions and classes of a set are ordered by before each is written."""
    name = getattr(item, "__qualname__", None) if callable(item) else None
    return name if isinstance(name, str) else ""


def _sequence(writer: Writer, values: Any) -> Iterable[bytes]:
    """The items of a list or tuple; in one go where all are flat."""
    if len(values) > 8:
        kinds = set(map(type, values))
        if kinds <= _FLAT:
            # Format 2 has no references, so equal content always gives equal bytes.
            return (b"flat", marshal.dumps(tuple(values), 2))
        if kinds == {float}:
            plain = [value if value == value else float("nan") for value in values]
            return (b"floats", struct.pack(f"<{len(plain)}d", *plain))
    write = writer.write
    return [write(value) for value in values]


def mapping_parts(writer: Writer, value: dict[Any, Any]) -> Iterable[bytes]:
    """The entries of a dictionary, in its order."""
    write = writer.write
    return [write(part) for entry in value.items() for part in entry]


# ---------------------------------------------------------------- things with a shape


def _named_tuple(writer: Writer, value: Any) -> bytes:
    kind = type(value)
    writer.meet_class(kind)
    head = b"".join(map(text_bytes, (kind.__qualname__, *kind._fields)))
    head += writer.foreign(kind) or b""
    return writer.nested(b"t" + head, value, lambda: map(writer.write, tuple(value)))


def _enum(writer: Writer, value: enum.Enum) -> bytes:
    kind = type(value)
    writer.meet_class(kind)
    name = text_bytes(f"{kind.__qualname__}.{value._name_}")
    stands_for = writer.foreign(kind)
    return b"e" + name + (stands_for or b"" if stands_for else writer.write(value._value_))


def _dataclass(writer: Writer, value: Any) -> bytes:
    kind = type(value)
    stands_for = writer.foreign(value)
    if stands_for is not None:
        return stands_for
    writer.meet_class(kind)
    return writer.nested(
        b"d" + text_bytes(class_name(kind)), value, lambda: mapping_parts(writer, state(value))
    )


def state(value: object) -> dict[str, Any]:
    """The attributes of an instance, without calling any code of its class."""
    found: dict[str, Any] = {}
    try:
        found.update(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        pass
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            member = vars(kind).get(_mangled(kind, name))
            try:
                found.setdefault(name, member.__get__(value))  # type: ignore[union-attr]
            except AttributeError:
                continue
    for name in ("__dict__", "__weakref__"):
        found.pop(name, None)
    return found


def _mangled(kind: type, name: str) -> str:
    if name.startswith("__") and not name.endswith("__"):
        return f"_{kind.__name__.lstrip('_')}{name}"
    return name


# ---------------------------------------------------------------- code and the unknown


@register(FunctionType)
def _function(writer: Writer, value: FunctionType) -> bytes:
    stands_for = writer.foreign(value)
    if stands_for is not None:
        return stands_for
    writer.weak = True
    held = [cell.cell_contents for cell in value.__closure__ or () if is_filled(cell)]
    parts: list[object] = [value.__defaults__, value.__kwdefaults__, held]
    name = f"{value.__module__}:{value.__qualname__}"
    if home_of_file(value.__code__.co_filename) == "own":
        if value.__module__ != "__main__" and by_name(name) is value:
            writer.named.add(name)
        else:
            writer.holds_code = True
            parts += _code_used(value)
    head = text_bytes(name) + code_digest(value.__code__)
    return writer.nested(b"function" + head, value, lambda: [writer.write(part) for part in parts])


def _code_used(function: FunctionType) -> Iterable[object]:
    """The functions, classes and modules that a function names: some may have a name of their own."""
    names = {name for code in nested_codes(function.__code__) for name in code.co_names}
    found = (function.__globals__.get(name) for name in sorted(names))
    return [one for one in found if issubclass(type(one), (FunctionType, CACHED, type, ModuleType))]


@register(CACHED)
def _cached(writer: Writer, value: Any) -> bytes:
    stands_for = writer.foreign(value)
    return b"cached" + writer.write(value.__wrapped__) if stands_for is None else stands_for


def is_filled(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 an empty cell raises
    except ValueError:
        return False
    return True


@register(MethodType)
def _method(writer: Writer, value: MethodType) -> bytes:
    stands_for = writer.foreign(value)
    if stands_for is not None:
        return stands_for
    return b"method" + writer.write(value.__func__) + writer.write(value.__self__)


@register(CodeType)
def _code(writer: Writer, value: CodeType) -> bytes:
    writer.weak = True
    return b"code" + code_digest(value)


@register(type)
def _class(writer: Writer, value: type) -> bytes:
    stands_for = writer.foreign(value)
    if stands_for is not None:
        return stands_for
    writer.meet_class(value)
    return b"class" + text_bytes(class_name(value))


def _module(writer: Writer, value: ModuleType) -> bytes:
    stands_for = writer.foreign(value)
    if stands_for is not None:
        return stands_for
    writer.named.add(f"{value.__name__}:")
    return b"module" + text_bytes(value.__name__)


def _instance(writer: Writer, value: object) -> bytes:
    stands_for = writer.foreign(value)
    if stands_for is not None:
        return stands_for
    writer.meet_class(type(value))
    writer.weak = True
    return writer.nested(b"p", value, lambda: (pickle_digest(value, writer.write),))
