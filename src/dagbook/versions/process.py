"""Tells what functions rest on that was changed in packages: another process would not have it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType, ModuleType
from typing import Any

from dagbook.versions.bytecode import nested_codes, reads_of
from dagbook.versions.database import DATABASE
from dagbook.versions.libraries import Shown, zone_as_at_start
from dagbook.versions.names import MISSING, put_in
from dagbook.versions.origin import home_of_file, home_of_module
from dagbook.versions.patched import patched, put_into
from dagbook.versions.settings import SEEN, changed_in, changed_settings, shown_by
from dagbook.versions.told import told_to
from dagbook.versions.unseen import draws
from dagbook.versions.web import SCALARS

# A plain value in an installed module: where it is, and what it is in this process.
Constant = tuple[str, tuple[str, ...], object]


def rests_on_process(function: Any) -> bool:
    """Whether a function, or one of the user's that it calls, uses a package as a cell has left it.

    What was put into a package or into a class of frames, and settings of libraries.
    """
    methods = patched().keys()
    settings = {one.shown for one in changed_settings()}
    if zone_as_at_start():
        settings.discard("times")
    if "values" in settings:
        return True
    for one in _own_functions(function):
        if methods and any(methods & {*code.co_names} for code in nested_codes(one.__code__)):
            return True
        if settings.intersection(shown_by(one.__code__)) or _uses_changed(one, settings):
            return True
    return False


def constants_read(function: Any) -> list[Constant]:
    """The plain values of installed modules that a function reads, itself or by others of the user's."""
    found = []
    for one in _own_functions(function):
        for name, chains in reads_of(one.__code__).names:
            value: Any = one.__globals__.get(name)
            if _is_installed(value):
                held = [(chain, put_in(value, chain)) for chain in chains]
                found += [(value.__name__, chain, v) for chain, v in held if type(v) in SCALARS]
    return found


@contextmanager
def constants_as(constants: Iterable[Constant]) -> Iterator[None]:
    """Have these values stand in the modules of this process, as they do in the one that sent them."""
    before: list[tuple[Any, str, object]] = []
    try:
        for module, (*path, name), value in constants:
            holder: Any = sys.modules.get(module)
            for part in path:
                holder = vars(holder).get(part) if holder is not None else None
            held = vars(holder).get(name, MISSING) if holder is not None else MISSING
            if holder is not None and (type(held) is not type(value) or held != value):
                before.append((holder, name, held))
                setattr(holder, name, value)
        yield
    finally:
        for holder, name, held in reversed(before):
            if held is MISSING:
                delattr(holder, name)
            else:
                setattr(holder, name, held)


def _own_functions(function: Any) -> Iterator[FunctionType]:
    """A function and those of the user's that it calls."""
    todo: list[Any] = [function]
    met = set[int]()
    while todo:
        one = todo.pop()
        # Never `isinstance`: the value's own class may say that it is another, or raise.
        if type(one) is not FunctionType or id(one) in met:
            continue
        met.add(id(one))
        if home_of_file(one.__code__.co_filename) == "own":
            yield one
            todo += [one.__globals__.get(name) for name, _ in reads_of(one.__code__).names]


def _is_installed(value: Any) -> bool:
    return issubclass(type(value), ModuleType) and home_of_module(value.__name__) != "own"


def _uses_changed(function: FunctionType, settings: set[Shown]) -> bool:
    reads = reads_of(function.__code__)
    figures = "figures" in settings
    roots = {name.partition(".")[0] for _, name in reads.imports}
    for name, chains in reads.names:
        value: Any = function.__globals__.get(name)
        if _is_installed(value):
            held = [put_in(value, chain) for chain in chains]
            if any(type(one) not in SCALARS and one is not MISSING for one in held):
                return True
            roots.add(value.__name__.partition(".")[0])
        elif type(value) in (FunctionType, type) and home_of_module(value.__module__) != "own":
            roots.add(value.__module__.partition(".")[0])
    told = {name for shown in settings for name in SEEN.get(shown, ())}
    if "duckdb" in roots and changed_in(DATABASE):
        return True
    if any(map(told_to, roots)):
        return True
    return any(put_into(one) or one in told or (figures and draws(one)) for one in roots)
