"""Tells which functions rest on what cells have changed in packages: another process would not have it."""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any

from dagbook.versions.bytecode import nested_codes, reads_of
from dagbook.versions.names import MISSING, put_in
from dagbook.versions.origin import home_of_file, home_of_module
from dagbook.versions.patched import patched, put_into
from dagbook.versions.settings import Shown, changed_settings, shown_by
from dagbook.versions.unseen import draws
from dagbook.versions.web import SCALARS


def rests_on_process(function: Any) -> bool:
    """Whether a function, or one of the user's that it calls, uses a package as a cell has left it.

    What was put into a package or into a class of frames, and settings of libraries.
    """
    methods = patched().keys()
    settings = {one.shown for one in changed_settings()}
    if "values" in settings:
        return True
    todo: list[Any] = [function]
    met = set[int]()
    while todo:
        one = todo.pop()
        # Never `isinstance`: the value's own class may say that it is another, or raise.
        if type(one) is not FunctionType or id(one) in met:
            continue
        met.add(id(one))
        if home_of_file(one.__code__.co_filename) != "own":
            continue
        if methods and any(methods & {*code.co_names} for code in nested_codes(one.__code__)):
            return True
        if settings.intersection(shown_by(one.__code__)) or _uses_changed(one, settings):
            return True
        todo += [one.__globals__.get(name) for name, _ in reads_of(one.__code__).names]
    return False


def _uses_changed(function: FunctionType, settings: set[Shown]) -> bool:
    reads = reads_of(function.__code__)
    figures = "figures" in settings
    roots = {name.partition(".")[0] for _, name in reads.imports}
    for name, chains in reads.names:
        value: Any = function.__globals__.get(name)
        installed = issubclass(type(value), ModuleType) and home_of_module(value.__name__) != "own"
        if installed:
            held = [put_in(value, chain) for chain in chains]
            if any(type(one) not in SCALARS and one is not MISSING for one in held):
                return True
            roots.add(value.__name__.partition(".")[0])
        elif type(value) in (FunctionType, type) and home_of_module(value.__module__) != "own":
            roots.add(value.__module__.partition(".")[0])
    return any(put_into(root) or (figures and draws(root)) for root in roots)
