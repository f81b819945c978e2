"""A SQL query as a function of its inputs, run by DuckDB on nothing but these."""

from __future__ import annotations

import datetime
import decimal
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dagbook.cells.sql import QueryAnalysis
from dagbook.errors.base import nearest
from dagbook.errors.cells import NotAScalar, NotATable, QueryFailed, UnknownPlaceholder
from dagbook.execution.opened import names_files, reads_from_folder, reads_time_zone

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_SCALARS = (
    bool,
    int,
    float,
    str,
    bytes,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    uuid.UUID,
)


class SqlQuery:
    """One query over its inputs; every call has an in-memory database of its own.

    Args:
        analysis: the query, as `parse_query` gave it.
        namespace: where `$name` is looked up when the query runs, unless it is an input.
        consumers_get: the form in which readers of the result want it; see `in_form`.

    Example:
        >>> import pyarrow as pa
        >>> from dagbook.cells.sql import parse_query
        >>> query = SqlQuery(parse_query("select n + $by as n from t", name="q"), {"by": 2})
        >>> query(t=pa.table({"n": [1, 2]})).to_pydict()
        {'n': [3, 4]}
    """

    def __init__(
        self,
        analysis: QueryAnalysis,
        namespace: Mapping[str, Any],
        consumers_get: str = "pandas",
    ) -> None:
        self.analysis = analysis
        self.namespace = namespace
        self.consumers_get = consumers_get
        self._running: set[duckdb.DuckDBPyConnection] = set()

    def __call__(self, **inputs: Any) -> pa.Table:
        """Run the query and take its whole result.

        Args:
            inputs: a table for each name in `analysis.tables`; scalars for `$name`.

        Raises:
            NotATable: an input that is no frame, table or relation.
            UnknownPlaceholder: a `$name` that nothing defines.
            NotAScalar: a `$name` whose value SQL cannot take.
            QueryFailed: DuckDB refused the query, or failed while it ran.
        """
        with self.batches(**inputs) as reader:
            return reader.read_all()

    @contextmanager
    def batches(self, **inputs: Any) -> Iterator[pa.RecordBatchReader]:
        """Run the query and take its result as a stream, which ends with the block."""
        import duckdb

        parameters = self._parameters(inputs)
        connection = _connect()
        self._running.add(connection)
        try:
            for table in self.analysis.tables:
                if table.name in inputs:
                    _register(connection, table.path, inputs[table.name])
            if self.analysis.zoned or _holds_zones(connection):
                reads_time_zone()
            names_files(one for one in parameters.values() if isinstance(one, str))
            if not all(map(os.path.isabs, self.analysis.files)):
                reads_from_folder()
            yield _reader(connection, self.analysis.text, parameters)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise QueryFailed(problem=str(error), notes=indexes_unseen(inputs)) from None
        finally:
            self._running.discard(connection)
            connection.close()

    def interrupt(self) -> None:
        """Stop every run of this query that goes on in another thread."""
        for connection in tuple(self._running):
            connection.interrupt()

    def __dagbook_code__(self) -> tuple[str, ...]:
        """What the code version is made from."""
        return ("sql", self.analysis.canonical)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel with the values that the query binds, not with the whole notebook."""
        bound = {
            name: self.namespace[name]
            for name in self.analysis.placeholders
            if name in self.namespace
        }
        return SqlQuery, (self.analysis, bound, self.consumers_get)

    def _parameters(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for name in self.analysis.placeholders:
            if name not in inputs and name not in self.namespace:
                raise UnknownPlaceholder(name=name, suggestions=nearest(name, self.namespace))
            found[name] = _scalar(name, inputs[name] if name in inputs else self.namespace[name])
        return found


def _connect() -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(":memory:")
    # Otherwise a table name that is no input would be looked up in the Python frames below.
    connection.execute("SET python_enable_replacements = false")
    # It would be printed among the lines of the run, which shows its progress itself.
    connection.execute("SET enable_progress_bar = false")
    return connection


def _holds_zones(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether an input has times with a zone, which a query shows in that of the machine."""
    asked = "FROM duckdb_columns() WHERE NOT internal AND data_type LIKE '%TIME ZONE%'"
    ((count,),) = connection.execute(f"SELECT count(*) {asked}").fetchall()
    return bool(count)


def _scalar(name: str, value: Any) -> Any:
    if value is None or isinstance(value, _SCALARS):
        return value
    if callable(item := getattr(value, "item", None)) and getattr(value, "ndim", None) == 0:
        return _scalar(name, item())  # a NumPy scalar
    raise NotAScalar(name=name, kind=type(value).__name__)


def _register(connection: duckdb.DuckDBPyConnection, path: tuple[str, ...], value: Any) -> None:
    """Make a value readable under the table's name as the query writes it."""
    *schema, name = path
    table = _as_table(path, value)
    if not schema:
        connection.register(name, table)
        return
    hidden = "dagbook " + "/".join(path)
    connection.register(hidden, table)
    quoted = [_quoted(part) for part in path]
    if len(path) > 2:
        connection.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {quoted[0]}")
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {'.'.join(quoted[:-1])}")
    connection.execute(f"CREATE VIEW {'.'.join(quoted)} AS FROM {_quoted(hidden)}")


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def indexes_unseen(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each pandas frame with an index that says something: DuckDB has columns only.

    Example:
        >>> import pandas as pd
        >>> indexes_unseen({"sums": pd.DataFrame({"n": [1]}, index=pd.Index(["x"], name="k"))})
        ('The index of `sums` (`k`) is no column in SQL; `sums.reset_index()` has it as one.',)
    """
    return tuple(
        [
            f"The index of `{name}`{_levels(value.index)} is no column in SQL; "
            f"`{name}.reset_index()` has it as one."
            for name, value in inputs.items()
            if type(value).__module__.partition(".")[0] == "pandas" and _says(value.index)
        ]
    )


def _says(index: Any) -> bool:
    """Whether more than the numbers of rows is in it, which also filtering and sorting leave."""
    return any(name is not None for name in index.names) or index.dtype.kind not in "iu"


def _levels(index: Any) -> str:
    named = [f"`{name}`" for name in index.names if name is not None]
    return f" ({', '.join(named)})" if named else ""


def _as_table(path: tuple[str, ...], value: Any) -> Any:
    """The value in a form that DuckDB scans; told by its class, so that no library is loaded."""
    home = type(value).__module__.partition(".")[0]
    kind = type(value).__name__
    if home in ("pyarrow", "pandas") and kind in ("Table", "RecordBatch", "DataFrame"):
        return value
    if home == "pandas" and kind == "Series":
        return value.to_frame(value.name if isinstance(value.name, str) else path[-1])
    if home == "pyarrow" and kind in ("RecordBatchReader", "FileSystemDataset", "InMemoryDataset"):
        return value
    if home == "polars" and kind in ("DataFrame", "LazyFrame"):
        return (value.collect() if kind == "LazyFrame" else value).to_arrow()
    if kind == "DuckDBPyRelation":
        return value.to_arrow_table()
    raise NotATable(name="/".join(path), kind=kind)


def _reader(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]
) -> pa.RecordBatchReader:
    """The result as a stream of batches; the method's name depends on DuckDB's version."""
    relation: Any = connection.sql(sql, params=parameters or None)
    if hasattr(relation, "to_arrow_reader"):
        return relation.to_arrow_reader()
    return relation.fetch_arrow_reader()


def in_form(table: pa.Table, form: str) -> Any:
    """A query's result in the form that its consumers want.

    Args:
        table: the result.
        form: `pandas`, `polars` or `arrow`.

    Returns:
        A pandas or Polars frame, or the table itself. pandas has no decimals but as objects: there
        they are floats, as DuckDB's own `df()` gives them; so is the sum of integers, a HUGEINT.

    Example:
        >>> import pyarrow as pa
        >>> type(in_form(pa.table({"n": [1]}), "polars")).__name__
        'DataFrame'
    """
    if form == "pandas":
        return _without_decimals(table).to_pandas()
    if form == "polars":
        import polars

        return polars.from_arrow(table)
    return table


def _without_decimals(table: pa.Table) -> pa.Table:
    """The table with floats for its columns of decimals, in which Arrow has HUGEINT too."""
    import pyarrow as pa

    places = [at for at, field in enumerate(table.schema) if pa.types.is_decimal(field.type)]
    if not places:
        return table
    # Arrow's own cast is off by one in the last place for one value of seven.
    connection = _connect()
    try:
        exact = table.select(places).rename_columns([f"c{at}" for at in places])
        connection.register("exact", exact)
        floats = _reader(connection, "SELECT CAST(COLUMNS(*) AS DOUBLE) FROM exact", {}).read_all()
    finally:
        connection.close()
    for at, column in zip(places, floats.columns, strict=True):
        table = table.set_column(at, table.schema.names[at], column)
    return table
