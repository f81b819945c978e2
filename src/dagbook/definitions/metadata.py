"""Metadata values: what a step may say of its result, each with its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RawMetadata = Mapping[str, Any]
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
    def path(value: str) -> MetadataValue:
        """A path of a file."""
        return MetadataValue("path", str(value))

    @staticmethod
    def json(value: Mapping[str, Any] | Sequence[Any]) -> MetadataValue:
        """A dictionary or list of plain values."""
        return MetadataValue("json", value)

    @staticmethod
    def timestamp(value: Seconds) -> MetadataValue:
        """Seconds since 1970."""
        return MetadataValue("timestamp", value)

    @staticmethod
    def png(value: bytes) -> MetadataValue:
        """A picture in PNG."""
        return MetadataValue("png", value)

    @staticmethod
    def table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> MetadataValue:
        """A small table: names of columns, then rows of plain values."""
        return MetadataValue("table", (tuple(columns), tuple(tuple(row) for row in rows)))

    @staticmethod
    def of(value: object) -> MetadataValue:
        """The metadata value for a plain Python value, by its type."""
        if isinstance(value, MetadataValue):
            return value
        for kinds, kind in _KINDS:
            if isinstance(value, kinds):
                return MetadataValue(kind, value)
        return _from_library(value)


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
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
    if hasattr(value, "__fspath__"):
        return MetadataValue.path(value)
    return MetadataValue.text(str(value)[:2_000])


def _table_preview(frame: Any) -> MetadataValue:
    head = frame.head(10)
    rows = head.rows() if hasattr(head, "rows") else head.itertuples(index=False, name=None)
    plain = [[_plain(cell) for cell in row] for row in rows]
    return MetadataValue.table([str(name) for name in head.columns], plain)


def _plain(cell: Any) -> Any:
    if hasattr(cell, "item"):
        cell = cell.item()
    return cell if isinstance(cell, (int, float, str, bool, type(None))) else str(cell)
