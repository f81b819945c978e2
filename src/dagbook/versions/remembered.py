"""Remembers from look to look the versions of functions that rest on names alone."""

from __future__ import annotations

import builtins
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from dagbook.versions.contents import Contents
from dagbook.versions.functions import holds_values
from dagbook.versions.names import MISSING
from dagbook.versions.origin import home_of_module, is_ours
from dagbook.versions.static import Static, static_of
from dagbook.versions.web import SCALARS, Web

if TYPE_CHECKING:
    from dagbook.versions.code import CodeVersion

_BUILTINS = vars(builtins)
# A name, the very object that it stood for, whether it named an asset, whether a builtin.
_Name = tuple[str, object, bool, bool]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A version with all that could make it another one while the function is the same object."""

    function: weakref.ref[FunctionType]
    static: Static
    options: Mapping[str, str]
    names: tuple[_Name, ...]
    version: CodeVersion


class Remembered:
    """The versions that a next look need not make anew; for looks with one salt.

    A function is remembered where every name that it reads stands for something that cannot change
    while it is the same object: a number or a text, an installed module, an asset, a builtin, nothing.
    Its own code and the objects behind its names are compared at each look.
    """

    def __init__(self) -> None:
        self._entries: dict[int, _Entry] = {}
        self.contents = Contents()

    def version(
        self, web: Web, function: FunctionType, options: Mapping[str, str]
    ) -> CodeVersion | None:
        """The version that the function had, where it must still be that one; else None."""
        entry = self._entries.get(id(function))
        if (
            entry is None
            or entry.function() is not function
            or entry.static is not static_of(function, web.files)
            or holds_values(function)
            or (entry.options is not options and entry.options != options)
        ):
            return None
        space, is_asset = function.__globals__, web.world.is_asset
        for name, value, names_asset, builtin in entry.names:
            if (
                space.get(name, MISSING) is not value
                or is_asset(name) != names_asset
                or (name in _BUILTINS) != builtin
            ):
                return None
        return entry.version

    def keep(
        self, web: Web, function: FunctionType, options: Mapping[str, str], version: CodeVersion
    ) -> None:
        """Remember a version that was just made, where a later look can rely on it."""
        static = static_of(function, web.files)
        names = _names(static, function, web.world.is_asset)
        if names is None:
            return
        key, entries = id(function), self._entries
        reference = weakref.ref(function, lambda _: entries.pop(key, None))
        entries[key] = _Entry(reference, static, options, names, version)


def _names(
    static: Static, function: FunctionType, is_asset: Callable[[str], bool]
) -> tuple[_Name, ...] | None:
    """What the function's names stand for; None where looking at that is not enough."""
    if not static.only_names or holds_values(function):
        return None
    found = []
    for name, _ in static.reads.names:
        value = function.__globals__.get(name, MISSING)
        names_asset = is_asset(name)
        if not (value is MISSING or _is_constant(value) or (names_asset and is_ours(value))):
            return None
        found.append((name, value, names_asset, name in _BUILTINS))
    return tuple(found)


def _is_constant(value: Any) -> bool:
    """Whether it counts by its name or by a content that it never loses."""
    if type(value) is ModuleType:
        return home_of_module(value.__name__) != "own"
    return type(value) in SCALARS
