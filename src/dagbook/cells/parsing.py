"""A cell's body parsed once: its tree, and the places in the cell that its nodes stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable

from dagbook.cells.paths import At
from dagbook.errors.base import Place
from dagbook.errors.cells import BodySyntaxError
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedBody:
    """A body and its tree, whose line numbers are those of the whole cell.

    `text` is as the user wrote it; `source` is what was parsed, line magics turned into calls.
    """

    text: str
    source: str
    first_line: int
    filename: str
    where: str
    tree: ast.Module

    def line(self, number: int) -> str:
        """The user's line that has this number in the cell."""
        lines = self.text.splitlines()
        position = number - self.first_line
        return lines[position] if 0 <= position < len(lines) else ""

    def place(self, at: At) -> Place:
        """A position of the tree as a place that can be shown with a caret under it."""
        text = self.line(at.line)
        encoded = text.encode()
        end = (
            None if at.end_column is None else len(encoded[: at.end_column].decode(errors="ignore"))
        )
        column = len(encoded[: at.column].decode(errors="ignore"))
        if end is not None and end <= column:  # it ends on a later line
            end = None
        return Place(where=self.where, line=at.line, column=column, end_column=end, text=text)


def parse_body(
    text: str,
    first_line: int = 1,
    filename: str = "<cell>",
    transform: Callable[[str], str] | None = None,
    *,
    where: str = "cell",
) -> ParsedBody:
    """Parse a body so that its line numbers are those of the cell.

    Args:
        text: the body as the user wrote it.
        first_line: the line of the cell on which the body begins, counted from 1.
        filename: the name under which the cell's lines are known to tracebacks.
        transform: turns line magics and `!command` into Python; plain Python where it is None.
        where: what error messages call the cell.

    Returns:
        The parsed body.

    Raises:
        BodySyntaxError: the text is not Python; it points at the cell's own line and column.

    Example:
        >>> parse_body("orders.dropna()", first_line=2).tree.body[0].lineno
        2
    """
    source = text if transform is None else _transformed(text, transform)
    try:
        # Leading newlines cost nothing, where moving a tree visits every node of it.
        tree = ast.parse("\n" * (first_line - 1) + source, filename)
    except SyntaxError as error:
        raise syntax_error(error, text, first_line, where) from None
    except (ValueError, RecursionError, MemoryError) as error:
        at = Place(where=where, line=first_line)
        raise BodySyntaxError(place=at, problem=str(error) or "it is too deeply nested") from None
    return ParsedBody(
        text=text,
        source=source,
        first_line=first_line,
        filename=filename,
        where=where,
        tree=tree,
    )


def _transformed(text: str, transform: Callable[[str], str]) -> str:
    """The text as Python; blank lines at its start, which a transformer may drop, are kept."""
    stripped = text.lstrip("\n")
    return "\n" * (len(text) - len(stripped)) + transform(stripped)


def syntax_error(error: SyntaxError, text: str, first_line: int, where: str) -> BodySyntaxError:
    """Python's own syntax error as one that points into the cell."""
    line = error.lineno or first_line
    lines = text.splitlines()
    position = line - first_line
    shown = lines[position] if 0 <= position < len(lines) else (error.text or "").rstrip("\n")
    column = max(0, (error.offset or 1) - 1)
    same_line = error.end_lineno == error.lineno and error.end_offset is not None
    end = error.end_offset - 1 if same_line and error.end_offset else None
    place = Place(where=where, line=line, column=column, end_column=end, text=shown)
    return BodySyntaxError(place=place, problem=error.msg)
