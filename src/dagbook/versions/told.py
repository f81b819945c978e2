"""Keeps what cells have told packages by calls: seeds, dialects, codecs, adapters, limits.

Packages keep it where no look finds it or finds who has put it there, and bodies use it without
naming it. What a body tells a package itself is part of its code.
"""

from __future__ import annotations

import re
import sys
from abc import ABCMeta
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from dagbook.records import dataclass
from dagbook.versions.bytecode import nested_codes, reads_of
from dagbook.versions.libraries import Changed, Shown
from dagbook.versions.origin import home_of_file, home_of_module


@dataclass(frozen=True, slots=True)
class Told:
    """Functions of one module by which cells tell it something, and where that shows.

    `alone`: only the last call counts, whatever it was told of.
    """

    module: str
    names: tuple[str, ...]
    shown: Shown
    alone: bool = False

    @property
    def label(self) -> str:
        """What it is called."""
        return f"{self.module}.{self.names[0]}"

    def is_called(self, function: Any) -> bool:
        """Whether a function is one of these, by whatever name a cell calls it."""
        root, *parts = self.module.split(".")
        module: Any = sys.modules.get(root)
        for part in parts:
            module = getattr(module, part, None)
        return any(getattr(module, name, None) == function for name in self.names)


_TOLD: tuple[Told, ...] = (
    Told("random", ("seed",), "chance", alone=True),
    Told("numpy.random", ("seed", "set_state", "set_bit_generator"), "chance", alone=True),
    Told("polars", ("set_random_seed",), "chance", alone=True),
    Told("torch", ("manual_seed",), "chance", alone=True),
    Told("tensorflow.random", ("set_seed",), "chance", alone=True),
    Told("sys", ("setrecursionlimit",), "caught", alone=True),
    Told("sys", ("set_int_max_str_digits",), "caught", alone=True),
    Told("sys", ("setswitchinterval",), "caught", alone=True),
    Told("os", ("umask",), "modes", alone=True),
    Told("warnings", ("simplefilter", "filterwarnings"), "caught"),
    Told("csv", ("register_dialect", "unregister_dialect"), "dialects"),
    Told("csv", ("field_size_limit",), "dialects", alone=True),
    Told("codecs", ("register", "unregister"), "codecs"),
    Told("codecs", ("register_error",), "codecs"),
    Told("copyreg", ("pickle",), "pickles"),
    Told("sqlite3", ("register_adapter",), "sqlite3"),
    Told("sqlite3", ("register_converter",), "sqlite3"),
    Told("matplotlib.colormaps", ("register", "unregister"), "figures"),
    Told("matplotlib.color_sequences", ("register", "unregister"), "figures"),
    Told("matplotlib.projections", ("register_projection",), "figures"),
    Told("matplotlib.scale", ("register_scale",), "figures"),
    Told("duckdb", ("create_function", "remove_function"), "duckdb"),
)
# Functions of all other packages by such names are called for what they leave there.
_LEAVES = re.compile(
    r"(?:re|un)?set(?!up|ting)|(?:un)?register|(?:un)?install|init$|add_|(?:de)?activate"
    r"|enable|disable|(?:bind)?textdomain|configure"
)
# By a class, or by the one object that a module is for, they are methods.
_FUNCTIONS = frozenset({FunctionType, BuiltinFunctionType, MethodType})
_STEM = re.compile(r"(?:un|re|de|dis|en)?(?=set|register|install|activate|able)")
# What these are told is looked at, or is of the process and no result.
_APART = frozenset(
    {"IPython", "dagbook", "decimal", "io", "ipywidgets", "jax", "locale", "logging", "matplotlib"}
    | {"mpl_toolkits", "numpy", "os", "pandas", "polars", "random", "seaborn", "signal", "sklearn"}
    | {"sys", "threading", "time", "torch", "warnings", "xarray", "duckdb", "builtins", "posix"}
)
_NAMES = frozenset({name for one in _TOLD for name in one.names})

# What was told last, by the row and by what it was told of.
_kept: dict[tuple[str, str], tuple[Shown, tuple[Any, ...]]] = {}
# What other packages were told, by package, by the name of the function and what it was told of.
_left: dict[str, dict[str, tuple[Any, ...]]] = {}


def note_call(function: Any, of: tuple[str, ...], arguments: tuple[Any, ...]) -> None:
    """A cell has called this function; `of` is how it writes the arguments."""
    name = getattr(function, "__name__", None)
    owner: Any = getattr(function, "__self__", None)
    if type(function) is FunctionType and _is_own(function):
        for one in _told_within(function):
            _kept[one.label, "" if one.alone else function.__name__] = (
                one.shown,
                (function, *arguments),
            )
        for own in _own_within(function):
            for inner in _left_within(own):
                _leave(inner, (function.__name__,), (function, *arguments))
    elif type(name) is not str:
        return
    elif issubclass(type(owner), ABCMeta) and name == "register":
        label = f"{owner.__module__}.{owner.__qualname__}.register"
        _kept[label, "".join(of[:1])] = ("kinds", arguments)
    else:
        rows = [one for one in _TOLD if one.is_called(function)] if name in _NAMES else []
        for one in rows:
            _keep(one, of, (name, *arguments))
        if not rows and not _changes_another(name, arguments):
            _leave(function, of, (name, *arguments))


def _keep(one: Told, of: tuple[str, ...], said: tuple[Any, ...]) -> None:
    if one.module != "warnings":
        _kept[one.label, "" if one.alone else "".join(of[:1])] = (one.shown, said)
    else:
        # That a warning is raised shows in values; a later filter of the same ones wins.
        raises = said[1:2] == ("error",)
        _kept[one.label, ", ".join(of[1:])] = (one.shown if raises else "warned", said)


def _leave(function: Any, of: tuple[str, ...], said: tuple[Any, ...]) -> None:
    """Keep what a function has told its package, if it is one that does."""
    name, module = function.__name__, getattr(function, "__module__", None)
    if type(function) not in _FUNCTIONS or not _LEAVES.match(name):
        return
    root = str(module).partition(".")[0].lstrip("_")
    if root in _APART or home_of_module(root) == "own":
        return
    stem = _STEM.sub("", name, count=1)
    what = stem if len(of) < 2 else f"{stem} {of[0]}"
    _left.setdefault(root, {})[what] = said


def _changes_another(name: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a call such as `set_node_attributes(graph, …)` sets something of what it is given."""
    kind = type(arguments[0]) if arguments else FunctionType
    plain = kind in (str, bytes, int, float, bool, type(None), tuple, list, dict)
    code = issubclass(kind, (FunctionType, BuiltinFunctionType, type, ModuleType))
    return name.startswith(("set", "add")) and not (plain or code)


def told_to(root: str) -> list[tuple[str, Any]]:
    """What cells have told a package, each with its name; empty as a rule."""
    return sorted(_left[root].items()) if root in _left else []


def told() -> list[Changed]:
    """What was told, as settings that were changed; when it was told does not count."""
    if not _kept:
        return []
    held = sorted(_kept.items(), key=lambda item: item[0])
    return [Changed(label, shown, {of or "last": said}) for (label, of), (shown, said) in held]


def functions_told() -> set[str]:
    """The functions for its queries that DuckDB was told of, by name."""
    label = "duckdb.create_function"
    return {str(said[1]) for (one, _), (_, said) in _kept.items() if one == label and said[1:]}


def _told_within(function: FunctionType) -> Iterator[Told]:
    """What a function of the user's tells, itself or by others that it calls."""
    for one in _own_within(function):
        names = {name for code in nested_codes(one.__code__) for name in code.co_names}
        for row in _TOLD if names & _NAMES else ():
            if names.intersection(row.names) and names.intersection(row.module.split(".")):
                yield row


def _left_within(function: FunctionType) -> Iterator[Any]:
    """The functions of packages by attributes of modules that may leave something there."""
    for name, chains in reads_of(function.__code__).names:
        for chain in chains:
            found: Any = function.__globals__.get(name)
            for part in chain:
                found = vars(found).get(part) if issubclass(type(found), ModuleType) else None
            if type(found) in _FUNCTIONS:
                yield found


def _own_within(function: FunctionType) -> list[FunctionType]:
    """A function of the user's, and those that it calls."""
    todo, met = [function], set[int]()
    for one in todo:  # which grows meanwhile
        met.add(id(one))
        for name in {name for code in nested_codes(one.__code__) for name in code.co_names}:
            held = one.__globals__.get(name)
            if type(held) is FunctionType and id(held) not in met and _is_own(held):
                todo.append(held)
    return todo


def _is_own(function: FunctionType) -> bool:
    return home_of_file(function.__code__.co_filename) == "own"
