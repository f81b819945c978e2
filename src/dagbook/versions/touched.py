"""Finds what a cell changes in the user's own modules, by what these hold before it and after.

Bodies that import such a module themselves rest on its text, which says nothing of that.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator
from time import thread_time
from types import FunctionType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.bulk import in_bulk
from dagbook.records import dataclass
from dagbook.versions.content import Writer, is_filled, state, text_bytes
from dagbook.versions.modules import bound_by_functions, times_bound
from dagbook.versions.objects import BUILT_IN
from dagbook.versions.origin import file_of, home_of_class, home_of_file, is_own_module
from dagbook.versions.patched import note_touched
from dagbook.versions.source import Files
from dagbook.versions.web import SCALARS

# Seconds; what takes longer is looked at no more.
_LONG = 0.05
_long = set[tuple[str, str]]()
_NOT_READ = b""
# What a module held before a cell changed that for the first time.
_first: dict[tuple[str, str], bytes | None] = {}


@dataclass(frozen=True, slots=True)
class _Module:
    """A module as it is loaded once: what its text binds, and the digests of what it holds."""

    spec: object
    bound: Container[str]
    digests: dict[str, bytes]


Held = dict[str, _Module]


def note_changes(before: Held) -> None:
    """A cell has ended: what modules hold otherwise than before it counts from now on."""
    after = held_by_own()
    for module in before.keys() & after.keys():
        held, now = before[module], after[module]
        for name in held.digests.keys() | now.digests.keys():
            digest, found = held.digests.get(name), now.digests.get(name)
            if now.spec is not held.spec and name in now.bound:
                # It was loaded anew, and its text says what this is.
                _first.pop((module, name), None)
                note_touched(module, name, is_so=False)
            elif digest != found and _NOT_READ not in (digest, found):
                first = _first.setdefault((module, name), digest)
                note_touched(module, name, is_so=first != found)


def held_by_own() -> Held:
    """What all the user's modules hold that are loaded, as far as it can be read."""
    files = Files()
    found: Held = {}
    for name, module in [*sys.modules.items()]:
        if name != "__main__" and is_own_module(name):
            text = files.text(file_of(module) or "")
            tree = text.tree if text is not None else None
            bound: Container[str] = times_bound(tree) if tree is not None else ()
            # What functions make when it is asked for, such as a connection, is left to those
            # who name it.
            lazy = bound_by_functions(tree) if tree is not None else ()
            # A collection of garbage meanwhile would count as time that a value takes.
            with in_bulk():
                digests = dict(_digests(name, vars(module), lazy))
            found[name] = _Module(vars(module).get("__spec__"), bound, digests)
    return found


def _digests(
    module: str, held: dict[str, Any], lazy: Container[str]
) -> Iterator[tuple[str, bytes]]:
    for name, value in [*held.items()]:
        kind: Any = type(value)
        if name.startswith("__") or issubclass(kind, ModuleType):
            continue
        if (name in lazy and kind not in SCALARS) or (module, name) in _long:
            yield name, _NOT_READ
            continue
        began = thread_time()
        try:
            yield name, xxh3_128_digest(_writer().write(value))
        except Exception:  # a user's object may raise anything, and a connection has no content
            yield name, _NOT_READ
        if thread_time() - began > _LONG:
            _long.add((module, name))


def _writer() -> Writer:
    """Writes what a value holds, and not what its code reads: modules hold that by other names."""
    end = thread_time() + _LONG

    def stands_for(value: object) -> bytes | None:
        # Objects that all hold each other are written once for each way through them.
        if thread_time() > end:
            raise TimeoutError
        return _own(writer, value)

    writer = Writer(stands_for)
    return writer


def _own(writer: Writer, value: Any) -> bytes | None:
    """A function, a class or an instance of the user's: all that can be changed in place there."""
    kind = type(value)
    held: list[Any]
    if kind is FunctionType:
        if home_of_file(value.__code__.co_filename) != "own":
            return None
        cells = [cell.cell_contents for cell in value.__closure__ or () if is_filled(cell)]
        held = [value.__defaults__, value.__kwdefaults__, cells, vars(value)]
        head = b"function%d;" % hash(value.__code__)
    elif issubclass(kind, type):
        if home_of_class(value) != "own":
            return None
        # Only when it is known that this class is being written: its attributes may lead back to it.
        return writer.nested(b"class", value, lambda: _parts(writer, value))
    elif kind in (property, staticmethod, classmethod):
        names = ("fget", "fset", "fdel", "__func__")
        held, head = [getattr(value, name, None) for name in names], b"wrapper"
    elif home_of_class(kind) == "own" and not issubclass(kind, ModuleType):
        held, head = [state(value)], b"instance" + text_bytes(kind.__qualname__)
        held += [one(value) for base, one in BUILT_IN if issubclass(kind, base)]
    else:
        return None
    return writer.nested(head, value, lambda: map(writer.write, held))


def _parts(writer: Writer, kind: type) -> Iterator[bytes]:
    yield from map(writer.write, kind.__bases__)
    for name, value in vars(kind).items():
        if not name.startswith("__"):
            try:
                yield text_bytes(name) + writer.write(value)
            except TimeoutError:
                raise
            except Exception:  # slots and locks have no content
                continue
