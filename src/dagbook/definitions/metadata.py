"""Metadata values: what a step may say of its result, each with its kind."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dagbook.definitions.keys import AssetKey, KeyLike, as_key
from dagbook.definitions.tables import TableColumnLineage, TableRecord, TableRows, TableSchema
from dagbook.records import dataclass

Seconds = float


@dataclass(frozen=True, slots=True)
class MetadataValue:
    """One value with the kind that says how it is shown.

    Made by the static methods below, or from a plain Python value by `MetadataValue.of`.

    >>> MetadataValue.md("**42** rows").kind
    'md'
    """

    kind: str
    value: Any

    @staticmethod
    def int(value: int) -> MetadataValue:
        """A whole number."""
        return MetadataValue("int", value)

    @staticmethod
    def float(value: float) -> MetadataValue:
        """A number."""
        return MetadataValue("float", value)

    @staticmethod
    def text(value: str) -> MetadataValue:
        """Plain text."""
        return MetadataValue("text", value)

    @staticmethod
    def bool(value: bool) -> MetadataValue:
        """Yes or no."""
        return MetadataValue("bool", value)

    @staticmethod
    def null() -> MetadataValue:
        """Nothing."""
        return MetadataValue("null", None)

    @staticmethod
    def md(value: str) -> MetadataValue:
        """Markdown; shown sanitised."""
        return MetadataValue("md", value)

    @staticmethod
    def url(value: str) -> MetadataValue:
        """A link."""
        return MetadataValue("url", value)

    @staticmethod
    def path(value: object) -> MetadataValue:
        """A path of a file."""
        return MetadataValue("path", str(value))

    @staticmethod
    def json(value: Mapping[str, Any] | Sequence[Any]) -> MetadataValue:
        """A dictionary or list of plain values."""
        return MetadataValue("json", value)

    @staticmethod
    def timestamp(value: Seconds | datetime) -> MetadataValue:
        """A moment: seconds since 1970, or a datetime."""
        seconds = value.timestamp() if isinstance(value, datetime) else value
        return MetadataValue("timestamp", seconds)

    @staticmethod
    def png(value: bytes) -> MetadataValue:
        """A picture in PNG."""
        return MetadataValue("png", value)

    @staticmethod
    def table(records: Sequence[TableRecord], schema: TableSchema | None = None) -> MetadataValue:
        """A small table; the schema gives the columns and says more about them."""
        return MetadataValue("table", TableRows.of(records, schema))

    @staticmethod
    def rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> MetadataValue:
        """A small table: names of columns, then rows of plain values."""
        return MetadataValue("table", TableRows(tuple(columns), tuple([tuple(r) for r in rows])))

    @staticmethod
    def table_schema(schema: TableSchema) -> MetadataValue:
        """The columns of a table."""
        return MetadataValue("table_schema", schema)

    @staticmethod
    def column_lineage(lineage: TableColumnLineage) -> MetadataValue:
        """The columns of other assets that its columns come from."""
        return MetadataValue("column_lineage", lineage)

    @staticmethod
    def asset(asset_key: KeyLike) -> MetadataValue:
        """Another asset."""
        return MetadataValue("asset", as_key(asset_key))

    @staticmethod
    def notebook(path: object) -> MetadataValue:
        """The path of a notebook."""
        return MetadataValue("notebook", str(path))

    @staticmethod
    def run(run_id: str) -> MetadataValue:
        """A run, by its id."""
        return MetadataValue("run", run_id)

    # Dagster's name for it.
    dagster_run = run

    @staticmethod
    def of(value: object) -> MetadataValue:
        """The metadata value for a Python value, by its type; what has no kind shows as its text.

        NumPy scalars are numbers, frames tables of their first rows, figures and images pictures.
        """
        if isinstance(value, MetadataValue):
            return value
        for kinds, kind in _KINDS:
            if isinstance(value, kinds):
                return MetadataValue(kind, value)
        return _from_library(value)


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    # A key is a tuple too.
    ((AssetKey,), "asset"),
    ((TableSchema,), "table_schema"),
    ((TableColumnLineage,), "column_lineage"),
    ((TableRows,), "table"),
    ((type(None),), "null"),
    ((bool,), "bool"),
    ((int,), "int"),
    ((float,), "float"),
    ((str,), "text"),
    ((dict, list, tuple), "json"),
)


def _from_library(value: Any) -> MetadataValue:
    """Scalars of NumPy, frames and paths; whatever else shows as its text."""
    root = type(value).__module__.partition(".")[0]
    if root == "numpy" and hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        return MetadataValue.of(value.item())
    if hasattr(value, "columns") and hasattr(value, "head"):
        return _table_preview(value)
    if isinstance(value, datetime):
        return MetadataValue.timestamp(value)
    picture = _picture(value, root)
    if picture is not None:
        return MetadataValue.png(picture)
    if hasattr(value, "__fspath__"):
        return MetadataValue.path(value)
    return MetadataValue.text(str(value)[:2_000])


def _table_preview(frame: Any) -> MetadataValue:
    head = frame.head(10)
    rows = head.rows() if hasattr(head, "rows") else head.itertuples(index=False, name=None)
    plain = [[_plain(cell) for cell in row] for row in rows]
    return MetadataValue.rows([str(name) for name in head.columns], plain)


def _picture(value: Any, root: str) -> bytes | None:
    """A Matplotlib figure or a Pillow image in PNG; None for anything else."""
    file = io.BytesIO()
    if root == "matplotlib" and hasattr(value, "savefig"):
        value.savefig(file, format="png", bbox_inches="tight")
    elif root == "PIL" and hasattr(value, "save"):
        value.save(file, format="png")
    else:
        return None
    return file.getvalue()


def _plain(cell: Any) -> Any:
    if hasattr(cell, "item"):
        cell = cell.item()
    return cell if isinstance(cell, (int, float, str, bool, type(None))) else str(cell)
