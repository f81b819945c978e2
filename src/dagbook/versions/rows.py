"""Gives tables whose rows have no order a version that does not depend on their order.

A reader may yet use the order in which it was given the rows. So what is kept counts by its order
too, and beside that by the multiset of its rows: where only the order would be another one, the
table that was kept before stays.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from xxhash import xxh3_128_digest, xxh3_128_hexdigest

from dagbook.versions.carried import content_of
from dagbook.versions.content import Writer, text_bytes
from dagbook.versions.data import DataVersion

if TYPE_CHECKING:
    import pyarrow as pa

_WHOLE = 1 << 128
# No digest holds it.
_BESIDE = "~"
_local = threading.local()


class MultisetVersion:
    """Adds up the hashes of rows, batch by batch, while a result streams by.

    A sum counts how often a row occurs; exclusive or would cancel every pair of equal rows.

    Args:
        schema: the schema of the result; it is part of the version.

    Example:
        >>> import pyarrow as pa
        >>> adding = MultisetVersion(pa.schema([("a", pa.int64())]))
        >>> adding.add(pa.table({"a": [1, 2]}))
        >>> adding.version == multiset_version(pa.table({"a": [2, 1]}))
        True
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._rows = 0
        self._sums = (0, 0)

    def add(self, table: pa.Table | pa.RecordBatch) -> None:
        """Add rows of the schema that was declared."""
        import pyarrow as pa

        if isinstance(table, pa.RecordBatch):
            table = pa.Table.from_batches([table])
        self._rows += table.num_rows
        if table.num_rows and table.num_columns:
            first, second = _sums(table)
            self._sums = ((self._sums[0] + first) % _WHOLE, (self._sums[1] + second) % _WHOLE)

    @property
    def version(self) -> DataVersion:
        """The version of all rows so far."""
        import duckdb

        fields = b"".join(text_bytes(f"{field.name}: {field.type}") for field in self._schema)
        head = b"rows%d;%d;" % (self._rows, len(self._schema)) + fields
        # DuckDB may change its hash from one version to the next.
        head += text_bytes(duckdb.__version__)
        return DataVersion(xxh3_128_hexdigest(head + b"%x,%x" % self._sums))


class RowsVersion(str):
    """The digest of a table as a multiset of rows, told apart from a version that a body declares."""

    __slots__ = ()


def in_this_order(digest: str, rows: RowsVersion) -> str:
    """The version of a table by its content as it is, that by its rows beside it."""
    return f"{digest}{_BESIDE}{rows}"


def same_rows(one: str, other: str) -> bool:
    """Whether two versions are of tables without an order that have the same rows.

    >>> same_rows("1f~7", "2a~7"), same_rows("1f~7", "1f~8"), same_rows("1f", "1f")
    (True, False, False)
    """
    rows = [content_of(version).partition(_BESIDE)[2] for version in (one, other)]
    return rows[0] == rows[1] != ""


def multiset_version(table: pa.Table) -> DataVersion:
    """The version of a table as a multiset of rows.

    Args:
        table: an Arrow table; its column order counts, the order of its rows does not.

    Returns:
        The version: from the schema, the number of rows and the sum of their hashes.
    """
    adding = MultisetVersion(table.schema)
    adding.add(table)
    return adding.version


def _sums(table: pa.Table) -> tuple[int, int]:
    """Two sums over the rows, of hashes that are independent of each other."""
    import duckdb
    import pyarrow as pa

    names = [f"c{at}" for at in range(table.num_columns)]
    try:
        columns = [_comparable(column) for column in table.columns]
        plain = pa.table(columns, names=names)
        listed = ", ".join(names)
        # The second hash sees the row turned about, with a constant to start from.
        turned = ", ".join(["7919", *reversed(names)])
        query = f"select sum(hash({listed})), sum(hash({turned})) from plain"
        first, second = _asked(query, plain)
    except (duckdb.Error, pa.ArrowException):  # a type that DuckDB does not take
        return _sums_in_python(table)
    return int(first), int(second)


def _asked(query: str, plain: pa.Table) -> tuple[Any, ...]:
    connection = _connection()
    connection.register("plain", plain)
    try:
        rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    finally:
        connection.unregister("plain")
    return rows[0]


def _sums_in_python(table: pa.Table) -> tuple[int, int]:
    writer = Writer()
    first = second = 0
    for row in table.to_pylist():
        digest = xxh3_128_digest(writer.write(tuple(row.values())))
        first += int.from_bytes(digest[:8], "big")
        second += int.from_bytes(digest[8:], "big")
    return first, second


def _comparable(column: pa.ChunkedArray) -> Any:
    """The column in a form in which values that differ have hashes that differ.

    DuckDB's hash takes 0.0 and -0.0 as equal: floats are seen as the integers of their bits.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _comparable(column.cast(kind.value_type))
    if not (pa.types.is_float32(kind) or pa.types.is_float64(kind)):
        return column
    if pc.any(pc.is_nan(column)).as_py():
        column = pc.if_else(pc.is_nan(column), pa.scalar(float("nan"), kind), column)
    bits = pa.int32() if pa.types.is_float32(kind) else pa.int64()
    return pa.chunked_array([chunk.view(bits) for chunk in column.chunks], type=bits)


def _connection() -> Any:
    """A private database in memory, one for each thread."""
    import duckdb

    connection = getattr(_local, "connection", None)
    if connection is None:
        connection = _local.connection = duckdb.connect(":memory:")
    return connection
