"""Where a definition was written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from dagbook.definitions.current import surroundings
from dagbook.errors.base import Place
from dagbook.errors.definitions import DefinitionError, NotAFunction
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The place and the text of a definition.

    `where` is a file or a cell ("cell [3]"); `cell_id` is the notebook's own name of the cell;
    `language` is `python` or `sql`; `text` is the source as it was typed.
    """

    where: str
    line: int | None = None
    cell_id: str | None = None
    language: str = "python"
    text: str | None = None

    @property
    def place(self) -> Place:
        """The place, as errors name it."""
        return _told(Place(where=self.where, line=self.line))

    def __str__(self) -> str:
        return str(self.place)


def origin_of(fn: Any) -> Origin:
    """Where a function was written, read from its code object."""
    code = getattr(fn, "__code__", None)
    if not isinstance(code, CodeType):
        return Origin(where=type(fn).__name__)
    return Origin(where=code.co_filename, line=code.co_firstlineno)


@contextmanager
def placed_at(place: Place) -> Iterator[None]:
    """Faults that are found within the block and say no place are told with this one."""
    try:
        yield
    except DefinitionError as fault:
        if getattr(fault, "place", fault) is None:
            setattr(fault, "place", place)  # noqa: B010 - not every fault has one
        raise


@contextmanager
def placed(fn: Any) -> Iterator[None]:
    """Faults that are found within the block are told with the place where `fn` was written.

    Raises NotAFunction before the block where `fn` can't be called.
    """
    if not callable(fn):
        raise NotAFunction(given=type(fn).__qualname__)
    try:
        yield
    except DefinitionError as fault:
        own = origin_of(fn).place
        if getattr(fault, "place", fault) in (None, own):
            setattr(fault, "place", own)  # noqa: B010 - not every fault has one
        raise


def _told(place: Place) -> Place:
    """The place as a reader of the notebook knows it."""
    cell = surroundings.cell_of(place.where) if surroundings.cell_of is not None else None
    return place if cell is None else Place(where=cell, line=place.line)
