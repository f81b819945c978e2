"""Shows tables as aligned plain text; without what varies it is the same on every run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from textwrap import wrap

from dagbook.views.lettering import clean_line, columns_of, elide
from dagbook.views.states import LOOKS
from dagbook.views.tables import Cell, Column, TableView

WIDEST_CELL = 60
# The room of a terminal, what a column has of it at least, and of a long cell what is shown at all.
WIDTH, NARROWEST, LONGEST = 80, 30, 300
MOST_ROWS = 60


def text_of(view: TableView, *, varying: bool = False) -> str:
    """The table as text for a terminal or `text/plain`.

    With `varying` also columns, cells and lines that differ from run to run.

    >>> from dagbook.views.tables import table
    >>> print(text_of(table(["key", "state"], [["orders", "fresh"]])))
    key     state
    orders  fresh
    """
    kept = [i for i, column in enumerate(view.columns) if varying or not column.varies]
    heads = [clean_line(view.columns[i].name) for i in kept]
    cells = [[_cell(row[i], varying, view.columns[i]) for i in kept] for row in view.rows]
    rows = [line for row in _wrapped(heads, cells[:MOST_ROWS]) for line in row]
    widths = [max(map(columns_of, column)) for column in zip(heads, *rows, strict=True)]
    right = [view.columns[i].right for i in kept]
    lines = [view.caption] if view.caption else []
    if rows or not view.note:
        lines += [_line(row, widths, right) for row in [heads, *rows]]
    lines += list(_foot(view, varying))
    return "\n".join(line.rstrip() for line in lines)


def _foot(view: TableView, varying: bool) -> Iterable[str]:
    more = view.more + max(0, len(view.rows) - MOST_ROWS)
    if more:
        yield f"… {more:,} more"
    if view.note:
        yield view.note
    if varying and view.varying:
        yield view.varying


def _cell(cell: Cell, varying: bool, column: Column) -> str:
    if cell.varies and not varying:
        return ""
    sign = f"{LOOKS[cell.state].sign} " if cell.state in LOOKS else ""
    sentence = column.wrap and not column.right and " " in cell.text
    return elide(sign + clean_line(cell.text), LONGEST if sentence else WIDEST_CELL)


def _wrapped(heads: list[str], rows: list[list[str]]) -> Iterator[list[list[str]]]:
    """Each row as its lines: what is wider than a cell may be goes on below."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(columns_of, column)) for column in columns]
    used = sum(min(width, WIDEST_CELL) + 2 for width in widths)
    left = WIDTH - used + WIDEST_CELL + 2
    rooms = [
        width
        if width <= WIDEST_CELL
        # No name is broken that a cell has room for.
        else min(WIDEST_CELL, max(NARROWEST, left, *map(len, " ".join(texts).split())))
        for width, texts in zip(widths, columns, strict=True)
    ]
    for row in rows:
        parts = [
            wrap(text, room, break_on_hyphens=False) if columns_of(text) > room else [text]
            for text, room in zip(row, rooms, strict=True)
        ]
        yield [list(line) for line in zip_longest(*parts, fillvalue="")]


def _line(cells: list[str], widths: list[int], right: list[bool]) -> str:
    padded = []
    for text, width, at_right in zip(cells, widths, right, strict=True):
        space = " " * (width - columns_of(text))
        padded.append(space + text if at_right else text + space)
    return "  ".join(padded)
