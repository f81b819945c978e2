"""Tells the user's own code from installed packages and the standard library."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import types
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any, Literal

Home = Literal["own", "package", "standard"]

OURS = "dagbook"


def _prefixes(*names: str) -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return tuple({os.path.join(os.path.realpath(paths[name]), "") for name in names})


_STANDARD = _prefixes("stdlib", "platstdlib")
_INSTALLED = (
    *_prefixes("purelib", "platlib"),
    os.path.join(os.path.realpath(site.getusersitepackages()), ""),
)


@lru_cache(maxsize=4096)
def home_of_file(filename: str) -> Home:
    """Whose a source file is; what a cell holds has no file and is the user's."""
    if filename.startswith("<"):
        return "standard" if filename.startswith("<frozen") else "own"
    path = os.path.realpath(filename)
    parts = path.split(os.sep)
    if "site-packages" in parts or "dist-packages" in parts or path.startswith(_INSTALLED):
        return "package"
    return "standard" if path.startswith(_STANDARD) else "own"


def home_of_module(name: str | None) -> Home:
    """Whose a module is, by its name as functions and classes carry it."""
    if not name or name == "__main__":
        return "own"
    root = name.partition(".")[0]
    if root == OURS:
        return "package"
    module = sys.modules.get(name)
    if module is None:
        return "standard" if root in sys.stdlib_module_names else "own"
    file = file_of(module)
    if file is not None:
        return home_of_file(file)
    if name in sys.builtin_module_names or root in sys.stdlib_module_names:
        return "standard"
    return "own" if name == root else home_of_module(root)


def home_of_class(kind: type) -> Home:
    """Whose a class is; those that `types` and `dataclasses` make are said to be of `types`."""
    made = kind.__module__ == "types" and vars(types).get(kind.__name__) is not kind
    return "own" if made else home_of_module(kind.__module__)


def is_own_module(name: Any) -> bool:
    """Whether it is the notebook, or a module of the user's with a file: compilers make some without."""
    if name == "__main__":
        return True
    module = sys.modules.get(name) if isinstance(name, str) else None
    return module is not None and file_of(module) is not None and home_of_module(name) == "own"


# What is not changed in place, or not by its name in a module of the user's.
_NOT_DATA = (
    *(bool, int, float, str, tuple, type(None), type, ModuleType),
    *(types.FunctionType, types.BuiltinFunctionType, types.MethodType),
)


def leads_to_own(words: Iterable[str], namespace: Mapping[str, Any]) -> bool:
    """Whether a name stands for something of a module of the user's, or a function that names such."""
    todo: list[Any] = [namespace.get(word) for word in words]
    met = set[int]()
    for one in todo:  # which grows meanwhile
        value: Any = one.__self__ if type(one) is types.MethodType else one
        kind = type(value)
        named = value if issubclass(kind, (type, types.FunctionType)) else kind
        module = value.__name__ if issubclass(kind, ModuleType) else named.__module__
        if module != "__main__":
            if is_own_module(module):
                return True
        elif kind is types.FunctionType and id(value) not in met:
            met.add(id(value))
            todo += [value.__globals__.get(name) for name in _names_in(value.__code__)]
    # What such a module holds itself, such as a dictionary of settings.
    data = {id(one) for one in todo if not issubclass(type(one), _NOT_DATA)}
    modules = _own_modules(len(sys.modules), next(reversed(sys.modules))) if data else ()
    return any(id(one) in data for name in modules for one in _held(name))


@lru_cache(maxsize=4)
def _own_modules(_count: int, _last: str) -> tuple[str, ...]:
    """The user's modules, as long as no other is loaded, which would be the last, and none goes."""
    return tuple(name for name in [*sys.modules] if name != "__main__" and is_own_module(name))


def _held(name: str) -> list[Any]:
    module = sys.modules.get(name)
    return [] if module is None else [*vars(module).values()]


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for const in code.co_consts:
        if type(const) is types.CodeType:
            yield from _names_in(const)


def file_of(module: ModuleType) -> str | None:
    """The file of a module, without calling a `__getattr__` that it may define."""
    file = vars(module).get("__file__")
    return file if isinstance(file, str) else None


def installed_name(value: object) -> str | None:
    """The name under which an installed module offers this very object, as `numpy:sqrt`.

    Only for objects of installed types: their attributes are asked for.
    """
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    homes = (getattr(value, "__module__", None), type(value).__module__)
    roots = (home.partition(".")[0] for home in homes if isinstance(home, str))
    for home in dict.fromkeys((*homes, *roots)):
        module = sys.modules.get(home) if isinstance(home, str) else None
        if module is None or not isinstance(name, str) or home_of_module(home) == "own":
            continue
        if vars(module).get(name) is value:
            return f"{home}:{name}"
    return None


def is_ours(value: object) -> bool:
    """Is this object of dagbook itself, such as the definition of an asset?"""
    return (getattr(type(value), "__module__", None) or "").partition(".")[0] == OURS


def package_label(root: str) -> str:
    """A package with its version, as `numpy 2.3.1`."""
    version = _version(root)
    return f"{root} {version}" if version else root


def _version(root: str) -> str:
    module = sys.modules.get(root)
    declared = vars(module).get("__version__") if module is not None else None
    return declared if isinstance(declared, str) else _installed_version(root)


@lru_cache(maxsize=512)
def _installed_version(root: str) -> str:
    # Loaded here because most packages say their version themselves, and it brings e-mail with it.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(root)
    except (PackageNotFoundError, ValueError):
        return ""
