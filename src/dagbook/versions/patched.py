"""Finds what of the user's stands in packages: what cells put there, in the classes of frames too."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from inspect import getattr_static
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any

from dagbook.versions.origin import home_of_class, home_of_module, is_own_module

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
    kinds: list[Any] = [*_put_into_classes]
    for package, names in _CLASSES.items():
        module = sys.modules.get(package)
        kinds += [vars(module).get(name) for name in names] if module is not None else ()
    for kind in dict.fromkeys(kinds):
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


# ---------------------------------------------------------------- modules

# What cells have put into modules, by module and name, and what stood there before, if that is known.
_put: dict[tuple[str, str], Any] = {}
# The classes of packages into which they have put something.
_put_into_classes: dict[type, None] = {}
_UNKNOWN = object()
# What was seen to be changed counts, whatever stands there now.
_TOUCHED = object()
_TOLD_BY_ARGUMENTS = frozenset({"absl", "argparse", "click", "fire", "getopt", "optparse", "typer"})
# What they say of is the process, not the result.
_OF_THE_PROCESS = frozenset({"os", "sys", "warnings", "logging", "matplotlib"})
# But for these, which bodies read.
_READ = frozenset({("sys", "argv"), ("sys", "path")})
_CONTAINERS = frozenset({dict, list, set})
# What stood in such a class before, which the package's own code may call: the class and the name.
_overridden: dict[tuple[type, str], None] = {}


def note_put(value: Any, chain: tuple[str, ...], *, done: bool) -> None:
    """A cell puts something where `chain` leads from this value; nothing where that is no module.

    `done`: it has done so by now, and what stood there before was not seen.
    """
    module = ""
    for at, name in enumerate(chain[1:], 1):
        if issubclass(type(value), type) and home_of_class(value) != "own":
            _note_in_class(value, name, done=done)
        if not issubclass(type(value), ModuleType):
            return
        module, value = value.__name__, vars(value).get(name, _UNKNOWN)
        if module.partition(".")[0] in _OF_THE_PROCESS and (module, name) not in _READ:
            return
        last = at == len(chain) - 1
        # What packages hold otherwise is theirs, such as their settings.
        inside = not issubclass(type(value), ModuleType) and home_of_module(module) == "own"
        if last or inside:
            # What is changed in place stays the same object.
            same = done or not last or type(value) in _CONTAINERS
            _put.setdefault((module, name), _UNKNOWN if same else value)


def note_touched(module: str, name: str, *, is_so: bool) -> None:
    """A cell has changed what a module of the user's holds by this name, or has put it back."""
    if is_so:
        _put[module, name] = _TOUCHED
    elif _put.get((module, name)) is _TOUCHED:
        del _put[module, name]


def _note_in_class(kind: type, name: str, *, done: bool) -> None:
    if done and kind not in _put_into_classes:
        # What stood there before was not seen; what is put into frames is called by its name.
        overrides = kind.__module__.partition(".")[0] not in _CLASSES
    else:
        before = getattr_static(kind, name, _UNKNOWN)
        overrides = not (before is _UNKNOWN or is_own_module(getattr(before, "__module__", None)))
    _put_into_classes[kind] = None
    if overrides:
        _overridden[kind, name] = None


def put_into(root: str) -> list[tuple[str, Any]]:
    """What cells have put into a package and its modules, each with its name; empty as a rule.

    The package's own code may read it: whatever is used of the package may rest on it.
    """
    found = [one for one in _all_put() if one[0].partition(".")[0] == root]
    for kind, name in _overridden:
        if kind.__module__.partition(".")[0] == root and name in _own_in(kind):
            found.append((f"{kind.__qualname__}.{name}", _own_in(kind)[name]))
    # By `sys.argv` of the user's these know what to do.
    return found + (put_into("sys") if root in _TOLD_BY_ARGUMENTS else [])


def put_into_module(module: str) -> list[tuple[str, Any]]:
    """What cells have put into one module, each with its name there."""
    found = [(path.rpartition("."), value) for path, value in _all_put()]
    return [(name, value) for (owner, _, name), value in found if owner == module]


def _all_put() -> Iterator[tuple[str, Any]]:
    for (module, name), before in sorted(_put.items(), key=lambda item: item[0]):
        if module in sys.modules:
            held = vars(sys.modules[module])
            now = held.get(name, _UNKNOWN)
            own = type(now) is FunctionType and now.__globals__ is held
            if before is _TOUCHED or not (own or _same(now, before)):
                yield f"{module}.{name}", now


def _same(now: Any, before: Any) -> bool:
    """Whether it is what was there; a module that is loaded anew makes equal numbers and texts."""
    kind = type(now)
    plain = kind is type(before) and kind in (int, float, str, bytes, bool, complex)
    return now is before or (plain and bool(now == before))
