"""Finds what of the user's stands in the classes of frames: methods and accessors that cells put there."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import FunctionType, MappingProxyType
from typing import Any

from dagbook.versions.origin import is_own_module

# The classes whose instances assets are, so that bodies call methods of them without naming them.
_CLASSES = {
    "pandas": ("DataFrame", "Series", "Index"),
    "polars": ("DataFrame", "Expr", "LazyFrame", "Series"),
}
# Where the objects that accessors are registered by keep the class.
_REGISTERED = {"Accessor": "_accessor", "CachedAccessor": "_accessor", "NameSpace": "_ns"}
NOTHING: Mapping[str, tuple[Any, ...]] = MappingProxyType({})


# What stood in each class when it was last looked at, and what of that was the user's.
_known: dict[type, tuple[list[Any], Mapping[str, Any]]] = {}


def patched() -> Mapping[str, tuple[Any, ...]]:
    """By its name what the user has put into these classes; empty as a rule."""
    found: dict[str, list[Any]] = {}
    for package, names in _CLASSES.items():
        module = sys.modules.get(package)
        for kind in [vars(module).get(name) for name in names] if module is not None else ():
            for name, value in _own_in(kind).items() if isinstance(kind, type) else ():
                found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()} if found else NOTHING


def _own_in(kind: type) -> Mapping[str, Any]:
    values = list(vars(kind).values())
    known = _known.get(kind)
    # Lists are told apart by the objects in them, a thousand in some microseconds.
    if known is None or known[0] != values:
        held = [(name, _held(value)) for name, value in vars(kind).items()]
        own = {name: one for name, one in held if is_own_module(getattr(one, "__module__", None))}
        known = _known[kind] = (values, own)
    return known[1]


def _held(value: Any) -> Any:
    """The function or the class that an attribute of a class stands for."""
    kind = type(value)
    if kind is FunctionType or kind is type:
        return value
    if kind is property:
        return value.fget
    if kind is classmethod or kind is staticmethod:
        return value.__func__
    where = _REGISTERED.get(kind.__name__)
    return getattr(value, where, None) if where is not None else None
