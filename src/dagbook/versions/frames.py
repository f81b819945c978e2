"""Writes pandas frames, series and indexes by schema and content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dagbook.versions.arrays import array_bytes
from dagbook.versions.content import Writer, register, text_bytes
from dagbook.versions.tables import column_bytes as arrow_bytes

_MISSING = {float, type(None), type(pd.NA)}


@register(pd.DataFrame)
def _frame(writer: Writer, value: pd.DataFrame) -> bytes:
    parts = [
        b"frame%d,%d;" % value.shape,
        writer.write(value.columns),
        writer.write(value.index),
        _extras(writer, value),
    ]
    parts += [column_bytes(writer, value.iloc[:, at].array) for at in range(value.shape[1])]
    return b"".join(parts)


@register(pd.Series)
def _series(writer: Writer, value: pd.Series) -> bytes:
    name, index = writer.write(value.name), writer.write(value.index)
    return b"series" + name + index + _extras(writer, value) + column_bytes(writer, value.array)


@register(pd.RangeIndex)
def _range_index(writer: Writer, value: pd.RangeIndex) -> bytes:
    span = b"%d,%d,%d;" % (value.start, value.stop, value.step)
    return b"range" + span + writer.write(value.name)


@register(pd.MultiIndex)
def _multi_index(writer: Writer, value: pd.MultiIndex) -> bytes:
    levels = [value.get_level_values(at) for at in range(value.nlevels)]
    return b"levels%d;" % value.nlevels + b"".join(map(writer.write, levels))


def _index(writer: Writer, value: pd.Index) -> bytes:
    frequency = getattr(value, "freqstr", None)
    head = text_bytes(type(value).__name__) + writer.write(frequency) + writer.write(value.name)
    return b"index" + head + column_bytes(writer, value.array)


for _kind in (pd.Index, pd.DatetimeIndex, pd.TimedeltaIndex, pd.PeriodIndex):
    register(_kind)(_index)
for _kind in (pd.CategoricalIndex, pd.IntervalIndex):
    register(_kind)(_index)


def _extras(writer: Writer, value: pd.DataFrame | pd.Series) -> bytes:
    unique = b"" if value.flags.allows_duplicate_labels else b"unique"
    return unique + (writer.write(value.attrs) if value.attrs else b"-")


def column_bytes(writer: Writer, column: Any) -> bytes:
    """Data type, length and content of one column."""
    if isinstance(column, pd.arrays.NumpyExtensionArray):
        column = column.to_numpy()
    head = text_bytes(str(column.dtype)) + b"%d;" % len(column)
    return head + _content(writer, column)


def _content(writer: Writer, column: Any) -> bytes:
    dtype = column.dtype
    if isinstance(column, np.ndarray):
        objects = dtype.kind == "O"
        return _objects(writer, column) if objects else array_bytes(writer, column)
    if isinstance(dtype, pd.CategoricalDtype):
        ordered = b"o" if dtype.ordered else b"u"
        return ordered + writer.write(dtype.categories) + array_bytes(writer, column.codes)
    if isinstance(dtype, pd.StringDtype):
        return _strings(writer, column)
    if isinstance(dtype, pd.ArrowDtype):
        return _arrow(writer, column)
    if isinstance(dtype, pd.IntervalDtype):
        return writer.write(column.left) + writer.write(column.right)
    if isinstance(dtype, pd.SparseDtype):
        return array_bytes(writer, column.to_dense())
    if isinstance(dtype, (pd.DatetimeTZDtype, pd.PeriodDtype)) or dtype.kind in "mM":
        return array_bytes(writer, column.asi8)
    return _extension(writer, column)


def _strings(writer: Writer, column: Any) -> bytes:
    """Strings, stored by Arrow or as objects; the missing value is part of the type."""
    missing = b"nan" if column.dtype.na_value is np.nan else b"NA"
    return missing + _arrow(writer, column)


def _arrow(writer: Writer, column: Any) -> bytes:
    array = column.__arrow_array__()
    if isinstance(array, pa.Array):
        array = pa.chunked_array([array])
    if isinstance(column.dtype, pd.StringDtype):
        array = array.cast(pa.large_string())
    return arrow_bytes(writer, array)


def _extension(writer: Writer, column: Any) -> bytes:
    """Masked numbers and types of other packages: where values are missing, and the others."""
    missing = np.asarray(column.isna())
    numpy_dtype = getattr(column.dtype, "numpy_dtype", None)
    if numpy_dtype is not None:
        filled = column.to_numpy(dtype=numpy_dtype, na_value=numpy_dtype.type(0))
        return array_bytes(writer, missing) + array_bytes(writer, filled)
    writer.meet_class(type(column))
    return array_bytes(writer, missing) + _objects(writer, np.asarray(column, dtype=object))


def _objects(writer: Writer, values: np.ndarray[Any, Any]) -> bytes:
    """Python objects; the common column of strings, some missing, in one go."""
    kinds = set(map(type, values))
    missing = kinds - {str}
    if str not in kinds or len(missing) > 1 or not missing <= _MISSING:
        return b"O" + writer.write(values.tolist())
    absent = pd.isna(values)
    if float in missing and not set(map(type, values[~absent])) <= {str}:  # a number among them
        return b"O" + writer.write(values.tolist())
    text = pa.array(values, type=pa.large_string(), mask=absent)
    which = text_bytes(missing.pop().__name__ if missing else "")
    return b"M" + which + arrow_bytes(writer, pa.chunked_array([text]))
