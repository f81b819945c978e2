"""PyArrow tables and polars frames as Arrow IPC files, whose columns lie upon the mapped file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from dagbook.io.sink import INLINE_LIMIT, Target

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# What goes into an Arrow file and comes out of it with the same type, by polars' names.
# Categories, enumerations, decimals, objects and nested types are left to pickle.
_POLARS = frozenset(
    ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
    + ("Float32", "Float64", "Boolean", "String", "Binary")
    + ("Date", "Time", "Datetime", "Duration")
)


class ArrowTable:
    """`pyarrow.Table` as Arrow IPC."""

    name = "arrow"

    def suits(self, value: Any) -> bool:
        """Whether it is a table without dictionary, union and extension types."""
        import pyarrow as pa

        return (
            type(value) is pa.Table
            and all(_plain(field.type) for field in value.schema)
            and value.nbytes > INLINE_LIMIT
        )

    def dump(self, value: Any, sink: Target) -> str:
        """Write the table; of a slice only what it shows."""
        import pyarrow as pa

        with pa.ipc.new_file(pa.PythonFile(_Stream(sink), "w"), value.schema) as writer:
            writer.write_table(value)
        return self.name

    def load(self, view: memoryview) -> Any:
        """The table, upon the view."""
        import pyarrow as pa

        return pa.ipc.open_file(pa.py_buffer(view)).read_all()


class ArrowPolars:
    """`polars.DataFrame` as Arrow IPC."""

    name = "polars"

    def suits(self, value: Any) -> bool:
        """Whether it is a frame of flat columns."""
        import polars as pl

        return (
            type(value) is pl.DataFrame
            and value.estimated_size() > INLINE_LIMIT
            and all(dtype.base_type().__name__ in _POLARS for dtype in value.schema.dtypes())
        )

    def dump(self, value: Any, sink: Target) -> str:
        """Write the frame's own buffers."""
        import polars as pl

        ArrowTable().dump(value.to_arrow(compat_level=pl.CompatLevel.newest()), sink)
        return self.name

    def load(self, view: memoryview) -> Any:
        """The frame, upon the view."""
        import polars as pl

        return pl.from_arrow(ArrowTable().load(view), rechunk=False)


class Parquet:
    """A Parquet file that an engine wrote by itself, read as a `pyarrow.Table`."""

    name = "parquet"

    def suits(self, value: object) -> bool:
        """False: values are not turned into Parquet, which costs more and maps nothing."""
        return False

    def dump(self, value: Any, sink: Target) -> str:
        """Write a `pyarrow.Table`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(value, pa.PythonFile(_Stream(sink), "w"))
        return self.name

    def load(self, view: memoryview) -> Any:
        """The table, decoded."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        return pq.read_table(pa.BufferReader(pa.py_buffer(view)))


class _Stream(io.RawIOBase):
    """The sink as the kind of file that Arrow writes to."""

    def __init__(self, sink: Target) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        return self._sink.write(data)

    def tell(self) -> int:
        return self._sink.size


def _plain(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    if types.is_list(kind) or types.is_large_list(kind):
        return _plain(kind.value_type)
    if types.is_struct(kind):
        return all(_plain(kind.field(at).type) for at in range(kind.num_fields))
    return bool(
        not isinstance(kind, pa.BaseExtensionType)
        and (
            types.is_primitive(kind)
            or types.is_null(kind)
            or types.is_string(kind)
            or types.is_large_string(kind)
            or types.is_binary(kind)
            or types.is_large_binary(kind)
            or types.is_decimal(kind)
        )
    )
