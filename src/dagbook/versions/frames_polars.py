"""Writes polars frames and series by schema and content."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa

from dagbook.versions.content import Writer, register, text_bytes
from dagbook.versions.tables import column_bytes


@register(pl.DataFrame)
def _frame(writer: Writer, value: pl.DataFrame) -> bytes:
    parts = [b"polars%d,%d;" % value.shape]
    parts += [_series(writer, value.get_column(name)) for name in value.columns]
    return b"".join(parts)


@register(pl.Series)
def _series(writer: Writer, value: pl.Series) -> bytes:
    head = text_bytes(value.name) + text_bytes(str(value.dtype)) + b"%d;" % len(value)
    if value.dtype == pl.Object:
        return b"objects" + head + writer.write(value.to_list())
    array = value.to_arrow(compat_level=pl.CompatLevel.oldest())
    return b"series" + head + column_bytes(writer, pa.chunked_array([array]))


def _lazy(writer: Writer, value: Any) -> bytes:
    """A query that has not run: its plan, which says nothing of the files that it will read."""
    writer.weak = True
    return b"lazy" + writer.write(value.serialize())


register(pl.LazyFrame)(_lazy)


@register(*{type(kind) for kind in (pl.Int64(), pl.String(), pl.Boolean(), pl.Float64())})
def _dtype(writer: Writer, value: Any) -> bytes:
    return b"dtype" + text_bytes(str(value))
