"""Tables as data: columns, rows of cells, and a caption; nothing of it knows how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its text, the state whose sign and colour it takes, and whether it is code.

    `hint` is shown where the mouse rests; `varies` marks what differs from run to run.
    """

    text: str
    state: str = ""
    code: bool = False
    hint: str = ""
    varies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The head of a column; a column that `varies` (times, sizes, ids) is left out of plain text.

    `right`: its cells stand at the right; `wrap`: their text may go over several lines; `said`: it
    is sentences of ours, in which what stands between backticks is code.
    """

    name: str
    right: bool = False
    wrap: bool = True
    varies: bool = False
    said: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table. `more` is how many rows were left out; `note` stands below, `varying` beside it.

    Made by `table`, which takes plain text for cells and columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    note: str = ""
    varying: str = ""
    more: int = 0


def table(
    columns: Sequence[str | Column],
    rows: Iterable[Sequence[str | Cell]],
    *,
    caption: str = "",
    note: str = "",
    varying: str = "",
    more: int = 0,
) -> TableView:
    """A table of plain text or cells.

    `varying` is a line of what differs from run to run (a duration, a run's id).
    Raises ValueError where a row has another length than the columns.

    >>> table(["key", "state"], [["orders", "fresh"]]).rows[0][0].text
    'orders'
    """
    heads = tuple(c if isinstance(c, Column) else Column(name=c) for c in columns)
    body = tuple(
        tuple(cell if isinstance(cell, Cell) else Cell(text=cell) for cell in row) for row in rows
    )
    if any(len(row) != len(heads) for row in body):
        raise ValueError(f"every row of {caption or 'the table'} needs {len(heads)} cells")
    return TableView(
        columns=heads, rows=body, caption=caption, note=note, varying=varying, more=more
    )


def state_cell(word: str, hint: str = "") -> Cell:
    """A cell that shows a state with its sign and colour."""
    return Cell(text=word, state=word, hint=hint)


def without_empty_columns(view: TableView) -> TableView:
    """The table without the columns in which no row says anything."""
    kept = [i for i in range(len(view.columns)) if any(row[i].text for row in view.rows)]
    return TableView(
        columns=tuple(view.columns[i] for i in kept),
        rows=tuple(tuple(row[i] for i in kept) for row in view.rows),
        caption=view.caption,
        note=view.note,
        varying=view.varying,
        more=view.more,
    )
