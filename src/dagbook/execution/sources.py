"""The lines of cells that a body's tracebacks may show, for processes that never saw these cells."""

from __future__ import annotations

import inspect
import linecache
import re
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.current import surroundings

# The lines of each cell by the name that code objects give it.
Lines = Mapping[str, list[str]]

# How the reader of a notebook calls a cell, by the name that code objects give it.
_PLACES: dict[str, str] = {}
_TYPED = re.compile(r"<ipython-input-(\d+)-\w+>")


def known_as(filename: str, place: str) -> None:
    """Have tracebacks that are kept call the cell of this name what its reader calls it."""
    _PLACES[filename] = place


def place_of(filename: str) -> str:
    """What to call a file in a traceback that is kept: `cell [4]` for a cell, else its name."""
    if filename in _PLACES:
        return _PLACES[filename]
    if surroundings.cell_of is not None and (cell := surroundings.cell_of(filename)) is not None:
        return cell
    typed = _TYPED.fullmatch(filename)
    return f"cell [{typed[1]}]" if typed else filename


def lines_of(fn: Callable[..., Any]) -> Lines:
    """The lines of the cells in which a function and the helpers that it names were typed.

    A graph of ops is no function: those of its ops count.
    """
    found: dict[str, list[str]] = {}
    waiting: list[Any] = [inspect.unwrap(fn)]
    met: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, ComposedGraph):
            waiting += [inspect.unwrap(node.op.fn) for node in one.nodes]
        if type(one) is not FunctionType or id(one) in met:
            continue
        met.add(id(one))
        entry = linecache.cache.get(one.__code__.co_filename)
        # Only what was typed has no time of writing; files are there for every process.
        if entry is not None and len(entry) == 4 and entry[1] is None:
            found[one.__code__.co_filename] = entry[2]
            waiting += [one.__globals__.get(name) for name in one.__code__.co_names]
    return found


def show(lines: Lines, places: Mapping[str, str]) -> None:
    """Let tracebacks of this process show these lines, and call their cells by these names."""
    _PLACES.update(places)
    for where, text in lines.items():
        linecache.cache[where] = (sum(map(len, text)), None, text, where)
