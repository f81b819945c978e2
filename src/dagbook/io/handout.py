"""Gives every consumer a value of its own, and tells whether the consumer changed it in place."""

from __future__ import annotations

import types
from collections.abc import Callable
from pathlib import PosixPath, WindowsPath
from typing import Any

import xxhash

from dagbook.io.formats.choice import PICKLED
from dagbook.io.formats.pickled import SCALARS, digest
from dagbook.io.frames import is_plain_frame, own_frame, own_polars
from dagbook.io.pages import untouched
from dagbook.io.sink import Memory
from dagbook.records import dataclass

# By name, so that no library is loaded only to be compared with.
_PATHS: tuple[type, ...] = (PosixPath, WindowsPath)
_UNCHANGEABLE = frozenset(
    [(kind.__module__, kind.__qualname__) for kind in (range, *_PATHS)]
    + [("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")]
    + [("decimal", "Decimal"), ("fractions", "Fraction"), ("uuid", "UUID")]
)
# Code is not data: its pickle says nothing about what a body did to it.
_CODE = (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)


@dataclass(frozen=True, slots=True)
class Handout:
    """A value that its consumer may do anything with, and whether it was changed in place.

    `changed` is asked once the consumer is done. It reports every change of content; it may also
    report an object that has only kept a cached result in itself.
    """

    value: Any
    changed: Callable[[], bool]


def hand_out(value: Any) -> Handout:
    """A value of the consumer's own, equal to `value`, which the caller keeps.

    What cannot be changed is handed out as it is, frames as copies that are made when written
    to, the rest as copies. A value that cannot be copied by pickling is shared.

    >>> mine = [1]
    >>> theirs = hand_out(mine)
    >>> theirs.value.append(2)
    >>> mine, theirs.changed()
    ([1], True)
    """
    if _is_unchangeable(value):
        return Handout(value, _never)
    special = _frame(value)
    if special is not None:
        return special
    memory = Memory()
    try:
        PICKLED.dump(value, memory)
        own = PICKLED.load(memoryview(memory.held))
    except Exception:  # its own code decides what is raised: it cannot be copied, so it is shared
        return Handout(value, _never)
    return Handout(own, _differs(own, content=True))


def hand_out_loaded(value: Any, view: memoryview, address: str) -> Handout:
    """A value that was just loaded for its consumer alone from `view`, the bytes at `address`."""
    if _is_unchangeable(value):
        return Handout(value, _never)
    special = _frame(value)
    if special is None:
        special = Handout(value, _differs(value, content=False))

    def changed() -> bool:
        written = not untouched(view) and xxhash.xxh3_128_hexdigest(view) != address
        return written or special.changed()

    return Handout(special.value, changed)


def unchangeable(value: Any) -> Handout:
    """A value that nobody can change."""
    return Handout(value, _never)


def _never() -> bool:
    return False


def _is_unchangeable(value: Any) -> bool:
    kind = type(value)
    if kind in SCALARS or isinstance(value, _CODE):
        return True
    if kind is tuple or kind is frozenset:
        return all(_is_unchangeable(part) for part in value)
    # Tables and arrays of pyarrow have no way to be changed.
    return (kind.__module__, kind.__qualname__) in _UNCHANGEABLE or _module(value) == "pyarrow"


def _frame(value: Any) -> Handout | None:
    """A handout by sharing columns, for the frames where that isolates."""
    module = _module(value)
    if module == "pandas" and is_plain_frame(value):
        return Handout(*own_frame(value))
    if module == "polars" and type(value).__name__ in ("DataFrame", "Series"):
        return Handout(*own_polars(value))
    return None


def _module(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def _differs(value: Any, *, content: bool) -> Callable[[], bool]:
    before = digest(value, content=content)
    return lambda: before != digest(value, content=content)
