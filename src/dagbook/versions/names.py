"""Resolves the names that a function reads to the values that they stand for."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

from dagbook.records import dataclass
from dagbook.versions.bytecode import Chain
from dagbook.versions.origin import home_of_module, is_ours, is_own_module

MISSING: Any = type("Missing", (), {"__repr__": lambda self: "<missing>"})()

_BUILTINS = vars(builtins)
_OF_PYTHON = frozenset(_BUILTINS)
_WRAPPERS = (functools.partial, staticmethod, classmethod, property, MethodType)
_WRAPPED = ("func", "__func__", "fget")
_PLAIN = frozenset({int, float, complex, str, bytes, bool})
# What magics and commands in a body are turned into a call of.
SHELL = "get_ipython"
# What these reach cannot be listed by reading the code.
_OPEN_ENDED = {
    "eval": "eval() may read any name",
    "exec": "exec() may read any name",
    "globals": "globals() may read any name",
    "__import__": "__import__() may load any module",
    SHELL: "a magic, or a command with variables, may read any name",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A name that has a value; `label` is how the code says it."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class InPackage:
    """A name inside an installed module: it counts by its name."""

    label: str
    module: str
    path: str


@dataclass(frozen=True, slots=True)
class OfAsset:
    """A name that the value of an asset will fill."""

    label: str


@dataclass(frozen=True, slots=True)
class OpenEnded:
    """A builtin through which the code may read anything."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unbound:
    """A name without a value."""

    label: str


Meaning = Bound | InPackage | OfAsset | OpenEnded | Unbound


def meanings(
    name: str,
    chains: tuple[Chain, ...],
    namespace: Mapping[str, Any],
    *,
    is_asset: Callable[[str], bool],
    soft: bool = False,
) -> Iterator[Meaning]:
    """What a global name stands for, once for each way in which it is used.

    Args:
        name: the name as the code has it.
        chains: the attributes that the code takes from it at once.
        namespace: the globals of the function.
        is_asset: tells the names of assets.
        soft: the name counts only where it is bound.
    """
    value = namespace.get(name, MISSING)
    if value is MISSING:
        yield from _unbound(name, is_asset, soft)
    elif issubclass(type(value), ModuleType):
        for chain in chains:
            yield _inside(name, value, chain)
    elif name == SHELL and _is_shell(value):
        yield OpenEnded(name, _OPEN_ENDED[name])
    elif is_ours(value) and is_asset(name):
        yield OfAsset(name)
    else:
        yield Bound(name, value)


def _is_shell(value: Any) -> bool:
    """Whether it gives the shell in which the notebook runs."""
    module = getattr(getattr(value, "__func__", value), "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] == "IPython"


def _unbound(name: str, is_asset: Callable[[str], bool], soft: bool) -> Iterator[Meaning]:
    # Assets first: a kernel keeps their values in a private copy of the builtins.
    if is_asset(name):
        yield OfAsset(name)
    elif name in _OPEN_ENDED:
        yield OpenEnded(name, _OPEN_ENDED[name])
    elif name not in _BUILTINS:
        if not soft:
            yield Unbound(name)
    elif _is_put_there(name):
        yield Bound(name, _BUILTINS[name])


def _is_put_there(name: str) -> bool:
    """Whether a builtin is the user's own."""
    value = _BUILTINS[name]
    return _is_own(value) or (name not in _OF_PYTHON and type(value) in _PLAIN)


def _inside(name: str, module: ModuleType, chain: Chain) -> Meaning:
    """Follow attributes through modules; the first value that is not a module counts whole."""
    label, value = name, module
    for at, attribute in enumerate(chain):
        home = home_of_module(value.__name__)
        if home != "own":
            path = ".".join(chain[at:])
            found = put_in(value, chain[at:])
            if found is not MISSING:
                return Bound(".".join((label, path)), found)
            return InPackage(".".join((label, path)), value.__name__, path)
        label = f"{label}.{attribute}"
        found = vars(value).get(attribute, MISSING)
        if found is MISSING:
            return _lazily(label, value)
        if not issubclass(type(found), ModuleType):
            return Bound(label, found)
        value = found
    if home_of_module(value.__name__) != "own":
        return InPackage(label, value.__name__, "")
    return Bound(label, value)


def put_in(module: ModuleType, chain: Chain) -> Any:
    """What in an installed module may have been put there: the user's own code, and plain constants."""
    value: Any = module
    for attribute in chain:
        kind = type(value)
        if not issubclass(kind, (ModuleType, type)):
            break
        value = vars(value).get(attribute, MISSING)
        if type(value) in _PLAIN and not attribute.startswith("__"):
            return value
        if _is_own(value):
            return value
    return MISSING


def _is_own(value: Any) -> bool:
    """Whether a value is code of the user's, or an instance of a class of it."""
    kind = type(value)
    if kind is FunctionType:
        return is_own_module(value.__globals__.get("__name__"))
    if kind in _WRAPPERS:
        return any(_is_own(getattr(value, name, None)) for name in _WRAPPED)
    return is_own_module(value.__module__ if issubclass(kind, type) else kind.__module__)


def _lazily(label: str, module: ModuleType) -> Meaning:
    """An attribute that the module makes when asked, or does not have."""
    maker = vars(module).get("__getattr__", MISSING)
    return Unbound(label) if maker is MISSING else Bound(label, maker)
