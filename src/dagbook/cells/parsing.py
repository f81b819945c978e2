"""A cell's body parsed: its tree, and the places in the cell that its nodes stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import field
from functools import lru_cache
from typing import Any

from dagbook.cells.paths import At
from dagbook.errors.base import Place
from dagbook.errors.cells import BodySyntaxError
from dagbook.records import dataclass
from dagbook.versions.canonical import parsed_again

# Cells run again and again: so many texts are analysed and compiled once each. Their trees take a
# hundred times the room, and are parsed again where they are needed much later.
TEXTS_KEPT = 500
TREES_KEPT = 2
_trees: dict[tuple[str, int, str], ast.Module] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedBody:
    """A body, which is valid Python.

    `text` is as the user wrote it; `source` is what was parsed, line magics turned into calls;
    `ending` are statements of our own after it. Bodies are equal wherever they stand: `where` is
    what messages call the cell.
    """

    text: str
    source: str
    first_line: int
    filename: str
    where: str = field(compare=False)
    ending: str = ""

    @property
    def tree(self) -> ast.Module:
        """The statements, their line numbers those of the whole cell; not to be changed."""
        read = (self.source, self.first_line, self.filename)
        tree = _trees.get(read) or _parsed(*read, parsed_again)
        return _ended(tree, self.ending) if self.ending else tree

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
        _met(source, first_line, filename)
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
    )


@lru_cache(maxsize=TEXTS_KEPT)
def _met(source: str, first_line: int, filename: str) -> None:
    """Parse a text for the first time; what is wrong with it is raised each time."""
    _parsed(source, first_line, filename, ast.parse)


def _parsed(
    source: str, first_line: int, filename: str, parse: Callable[[str, str], ast.Module]
) -> ast.Module:
    # Leading newlines cost nothing, where moving a tree visits every node of it.
    tree = parse("\n" * (first_line - 1) + source, filename)
    _trees[source, first_line, filename] = tree
    while len(_trees) > TREES_KEPT:
        _trees.pop(next(iter(_trees)), None)
    return tree


@lru_cache(maxsize=TREES_KEPT)
def _ended(tree: ast.Module, ending: str) -> ast.Module:
    last = tree.body[-1].end_lineno or tree.body[-1].lineno
    return ast.Module(body=[*tree.body, *written(ending, last)], type_ignores=[])


@lru_cache(maxsize=256)
def written(text: str, line: int) -> list[Any]:
    """Our own statements, all of them on one line of the cell; trees share them."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            vars(node).update(position(line))
    return tree.body


def position(line: int) -> dict[str, Any]:
    """The attributes of a node of ours on this line of the cell."""
    return {"lineno": line, "end_lineno": line, "col_offset": 0, "end_col_offset": 0}


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
