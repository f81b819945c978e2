"""Keeps what cells have told packages by calls: seeds, dialects, codecs, adapters, limits.

Packages keep it where no look finds it or finds who has put it there, and bodies use it without
naming it. What a body tells a package itself is part of its code.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from dagbook.records import dataclass
from dagbook.versions.bytecode import nested_codes
from dagbook.versions.libraries import Changed, Shown
from dagbook.versions.origin import home_of_file


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
    Told("numpy.random", ("seed", "set_state"), "chance", alone=True),
    Told("torch", ("manual_seed",), "chance", alone=True),
    Told("tensorflow.random", ("set_seed",), "chance", alone=True),
    Told("sys", ("setrecursionlimit",), "caught", alone=True),
    Told("sys", ("set_int_max_str_digits",), "caught", alone=True),
    Told("warnings", ("simplefilter", "filterwarnings"), "caught"),
    Told("csv", ("register_dialect", "unregister_dialect"), "dialects"),
    Told("csv", ("field_size_limit",), "dialects", alone=True),
    Told("codecs", ("register", "unregister"), "codecs"),
    Told("codecs", ("register_error",), "codecs"),
    Told("copyreg", ("pickle",), "pickles"),
    Told("sqlite3", ("register_adapter",), "sqlite3"),
    Told("sqlite3", ("register_converter",), "sqlite3"),
    Told("mimetypes", ("add_type",), "mimetypes"),
    Told("shutil", ("register_archive_format", "unregister_archive_format"), "archives"),
    Told("shutil", ("register_unpack_format", "unregister_unpack_format"), "archives"),
    Told("xml.etree.ElementTree", ("register_namespace",), "xml"),
    Told("matplotlib.colormaps", ("register", "unregister"), "figures"),
    Told("pyarrow", ("register_extension_type", "unregister_extension_type"), "pyarrow"),
    Told("pyarrow.compute", ("register_scalar_function", "register_vector_function"), "pyarrow"),
    Told("duckdb", ("create_function", "remove_function"), "duckdb"),
)
_NAMES = frozenset({name for one in _TOLD for name in one.names})

# What was told last, by the row and by what it was told of.
_kept: dict[tuple[str, str], tuple[Shown, tuple[Any, ...]]] = {}


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
    elif type(name) is not str or name not in _NAMES:
        return
    elif issubclass(type(owner), ABCMeta) and name == "register":
        label = f"{owner.__module__}.{owner.__qualname__}.register"
        _kept[label, "".join(of[:1])] = ("kinds", arguments)
    else:
        for one in _TOLD:
            if one.is_called(function):
                _keep(one, of, (name, *arguments))


def _keep(one: Told, of: tuple[str, ...], said: tuple[Any, ...]) -> None:
    if one.module != "warnings":
        _kept[one.label, "" if one.alone else "".join(of[:1])] = (one.shown, said)
    elif said[1:2] == ("error",):
        _kept[one.label, ", ".join(of[1:])] = (one.shown, said)
    else:
        # Only that a warning is raised shows in values; a later filter of the same ones wins.
        _kept.pop((one.label, ", ".join(of[1:])), None)


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
    todo, met = [function], set[int]()
    for one in todo:  # which grows meanwhile
        met.add(id(one))
        names = {name for code in nested_codes(one.__code__) for name in code.co_names}
        for row in _TOLD if names & _NAMES else ():
            if names.intersection(row.names) and names.intersection(row.module.split(".")):
                yield row
        for name in names:
            held = one.__globals__.get(name)
            if type(held) is FunctionType and id(held) not in met and _is_own(held):
                todo.append(held)


def _is_own(function: FunctionType) -> bool:
    return home_of_file(function.__code__.co_filename) == "own"
