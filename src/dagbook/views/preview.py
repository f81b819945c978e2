"""A preview of any value as HTML and as text, whatever the value's own methods do."""

from __future__ import annotations

import io
import reprlib
from collections.abc import Callable, Iterable
from typing import Any

from dagbook.records import dataclass
from dagbook.views.html import code_of, html_of, line_of, picture_of
from dagbook.views.lettering import clean_block, clean_line, cut, elide
from dagbook.views.quantities import counted
from dagbook.views.tables import Column, TableView, table
from dagbook.views.text import text_of

ROWS = 8
COLUMNS = 14
LONGEST = 2_000
LONGEST_ITEM = 40
# Characters on a line of a notebook's page, and between two columns.
PAGE = 100
GAP = 2
MORE = len("… 10 more")


@dataclass(frozen=True, slots=True)
class Preview:
    """A value as it is shown: `html` is escaped, `text` is for a terminal."""

    html: str
    text: str


def preview(value: object) -> Preview:
    """The first rows of a frame, the shape of an array, the picture of a figure, else its repr.

    Never raises, also where the value's own methods do.

    >>> preview([1, 2]).text
    '[1, 2]'
    """
    for shows in (_frame, _array, _figure, _image):
        try:
            found = shows(value)
        except Exception:
            continue
        if found is not None:
            return found
    return _as_repr(value)


def frame_table(frame: Any, rows: int = ROWS) -> TableView | None:
    """The first rows of a pandas, Polars, Arrow or DuckDB frame; None for anything else."""
    root = _library(frame)
    if root == "duckdb":
        frame, root = frame.limit(rows + 1).to_arrow_table(), "pyarrow"
    if root == "pyarrow" and hasattr(frame, "column_names"):
        return _from_arrow(frame, rows)
    if root == "polars" and hasattr(frame, "rows") and hasattr(frame, "columns"):
        head = frame.head(rows)
        return _table_of(head.columns, map(str, head.dtypes), head.rows(), len(frame), len(head))
    if root == "pandas" and hasattr(frame, "columns"):
        return _from_pandas(frame, rows)
    if root == "pandas" and hasattr(frame, "to_frame"):
        return _from_pandas(frame.to_frame(), rows)
    return None


def _library(value: object) -> str:
    return str(getattr(type(value), "__module__", "")).partition(".")[0].lstrip("_")


def _from_arrow(frame: Any, rows: int) -> TableView:
    head = frame.slice(0, rows)
    columns = [column.to_pylist() for column in head.columns[:COLUMNS]]
    body = list(zip(*columns, strict=True))
    kinds = [str(field.type) for field in frame.schema]
    return _table_of(frame.column_names, kinds, body, frame.num_rows, len(body))


def _from_pandas(frame: Any, rows: int) -> TableView:
    head = frame.head(rows)
    index = head.index
    plain = (
        index.nlevels == 1 and _library(index) == "pandas" and type(index).__name__ == "RangeIndex"
    )
    body = list(head.iloc[:, :COLUMNS].itertuples(index=not plain, name=None))
    names, kinds = list(frame.columns), [str(kind) for kind in frame.dtypes]
    if not plain:
        names, kinds = [index.name or "", *names], [str(index.dtype), *kinds]
    return _table_of(names, kinds, body, len(frame), len(head), index=not plain)


def _table_of(
    names: Iterable[Any],
    kinds: Iterable[str],
    body: Iterable[Iterable[Any]],
    total: int,
    shown: int,
    *,
    index: bool = False,
) -> TableView:
    names, kinds = list(names), list(kinds)
    cells = [[elide(_plain(cell), LONGEST_ITEM) for cell in row] for row in body]
    most = _columns_that_fit([elide(_plain(name), 40) for name in names], cells, COLUMNS + index)
    columns = [
        Column(name=elide(_plain(name), 40), right=_is_number(kind), wrap=False)
        for name, kind in zip(names[:most], kinds[:most], strict=True)
    ]
    hidden = len(names) - len(columns)
    if hidden:
        columns.append(Column(name=f"… {hidden} more"))
    rows = [[*row[:most], *([""] if hidden else [])] for row in cells]
    caption = f"{counted(total, 'row')} × {counted(len(names) - index, 'column')}"
    return table(columns, rows, caption=caption, more=total - shown)


def _columns_that_fit(names: list[str], rows: list[list[str]], most: int) -> int:
    """How many columns stand side by side on a notebook's page: at least one, at most `most`."""
    room = PAGE
    for count, name in enumerate(names[:most]):
        room -= max([len(name), *[len(row[count]) for row in rows]]) + GAP
        # Where some are left out, their number stands in a column of its own.
        if room < (0 if count + 1 == len(names) else MORE):
            return max(1, count)
    return min(most, len(names))


def _is_number(kind: str) -> bool:
    return kind.lower().startswith(("int", "uint", "float", "double", "decimal"))


def _plain(cell: object) -> str:
    """A cell as text; one whose own text fails shows its type."""
    try:
        if isinstance(cell, float):
            return f"{cell:.6g}"
        text = str(cell)
        return text.removesuffix(" 00:00:00") if _library(cell) in ("pandas", "datetime") else text
    except Exception:
        return f"<{type(cell).__name__}>"


def _frame(value: object) -> Preview | None:
    view = frame_table(value)
    return None if view is None else Preview(html_of(view), text_of(view))


def _array(value: Any) -> Preview | None:
    if _library(value) != "numpy" or not hasattr(value, "ndim") or value.ndim == 0:
        return None
    shape = " × ".join(f"{side:,}" for side in value.shape)
    head = f"array of {shape}, {value.dtype}"
    body = cut(clean_block(repr(value[:ROWS] if len(value) > 1_000 else value)), LONGEST)
    return Preview(f"<div>{line_of(head)}</div>{code_of(body)}", f"{head}\n{body}")


def _figure(value: Any) -> Preview | None:
    if _library(value) != "matplotlib" or not hasattr(value, "savefig"):
        return None
    out = io.BytesIO()
    value.savefig(out, format="png", dpi=100, bbox_inches="tight")
    axes = counted(len(value.axes), "axis").replace("axiss", "axes")
    width, height = value.get_size_inches()
    text = f"figure of {width:g} × {height:g} inches, {axes}"
    return Preview(picture_of(out.getvalue()), text)


def _image(value: Any) -> Preview | None:
    if _library(value) != "PIL" or not hasattr(value, "save"):
        return None
    small = value.copy()
    small.thumbnail((900, 600))
    out = io.BytesIO()
    small.save(out, format="png")
    return Preview(picture_of(out.getvalue()), f"image of {value.width} × {value.height} pixels")


def _as_repr(value: object) -> Preview:
    text = cut(clean_block(safe_repr(value)), LONGEST)
    return Preview(code_of(text, wrap=True), text)


def safe_repr(value: object) -> str:
    """The repr, shortened for large containers; where it fails, a sentence that says so."""
    shorten: Callable[[object], str] = repr
    if isinstance(value, (list, tuple, set, frozenset, dict)) and len(value) > 40:
        short = reprlib.Repr()
        short.maxlist = short.maxtuple = short.maxset = short.maxfrozenset = short.maxdict = 40
        short.maxstring = short.maxother = 200
        shorten = short.repr
    try:
        return shorten(value)
    except Exception as error:
        kind = clean_line(type(value).__name__)
        return f"<{kind} whose repr raises {type(error).__name__}>"
