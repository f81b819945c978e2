"""Where a definition was written."""

from __future__ import annotations

from dataclasses import dataclass
from types import CodeType
from typing import Any

from dagbook.errors.base import Place


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
        return Place(where=self.where, line=self.line)

    def __str__(self) -> str:
        return str(self.place)


def origin_of(fn: Any) -> Origin:
    """Where a function was written, read from its code object."""
    code = getattr(fn, "__code__", None)
    if not isinstance(code, CodeType):
        return Origin(where=type(fn).__name__)
    return Origin(where=code.co_filename, line=code.co_firstlineno)
