"""An I/O manager that keeps each asset as a table of a DuckDB database of the user's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from dagbook.errors.base import nearest
from dagbook.errors.resources import ColumnsMissing, TableMissing
from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.tables import form_named, from_arrow, schema_of, to_arrow
from dagbook.resources.configurable import ConfigurableIOManager
from dagbook.resources.duckdb import connect

if TYPE_CHECKING:
    import duckdb

_DEFAULT_SCHEMA = "main"
_OWN = ("information_schema", "pg_catalog")
_NAME = "DuckDBIOManager"


class DuckDBIOManager(ConfigurableIOManager):
    """Writes frames and Arrow tables as tables, and reads them as what the reader is annotated with.

    `database`: the path of the file; `schema`: where tables go whose key has no prefix (else the
    last part of the prefix, or the asset's metadata `schema`, is the schema); `connection_config`
    and `wait` as for DuckDBResource. An input reads some columns only by
    `AssetIn(metadata={"columns": [...]})`. The database is open for the step only. A table is
    overwritten by the next run: older versions are not kept, and an index of pandas is not either.

    >>> import pandas
    >>> from dagbook import asset, materialize
    >>> @asset(key_prefix="shop")
    ... def orders():
    ...     return pandas.DataFrame({"id": [1, 2], "price": [3.0, 4.0]})
    >>> @asset
    ... def revenue(orders: pandas.DataFrame):
    ...     return orders[["price"]]
    >>> tables = DuckDBIOManager(database="warehouse.duckdb")
    >>> run = materialize([orders, revenue], resources={"io_manager": tables})
    >>> with tables.connection() as connection:
    ...     connection.sql("select sum(price) from shop.orders").fetchall()
    [(7.0,)]
    """

    # Others may write to the table too, so what was written says nothing about what is there.
    digests_values: ClassVar[bool] = False

    database: str
    table_schema: str | None = Field(default=None, alias="schema")
    connection_config: dict[str, Any] = Field(default_factory=dict)
    wait: float = 30.0

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for the length of the block."""
        connection = connect(self.database, self.connection_config, self.wait)
        try:
            yield connection
        finally:
            connection.close()

    def handle_output(self, context: OutputContext, obj: Any) -> None:
        """Write the table in place of an older one, in one transaction."""
        table = to_arrow(obj, _NAME, index=False)
        schema, name = self.place(context)
        with self.connection() as connection:
            # The whole name: a schema may be called like the database.
            database = _database(connection)
            connection.register("dagbook written", table)
            connection.begin()
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(database, schema)}")
            connection.execute(
                f"CREATE OR REPLACE TABLE {quoted(database, schema, name)} AS "
                f"SELECT {_columns(table.column_names)} FROM {quoted('dagbook written')}"
            )
            connection.commit()
        context.add_output_metadata(
            {
                "table_name": f"{schema}.{name}",
                "row_count": table.num_rows,
                "column_schema": schema_of(table),
                "kept versions": "none but the newest: each run overwrites the table",
            }
        )

    def load_input(self, context: InputContext) -> Any:
        """Read the table, or the columns that the input asks for; raises TableMissing."""
        form = form_named(context.type_annotation, _NAME) or "pandas"
        schema, name = self.place(context.upstream_output or context)
        wanted = (context.metadata or {}).get("columns")
        with self.connection() as connection:
            known = _columns_of(connection, schema, name)
            if not known:
                raise self._missing(connection, schema, name)
            unknown = tuple([column for column in wanted or () if column not in known])
            if unknown:
                raise ColumnsMissing(table=f"{schema}.{name}", columns=unknown, known=known)
            whole = quoted(_database(connection), schema, name)
            query = f"SELECT {_columns(wanted) if wanted else '*'} FROM {whole}"
            return from_arrow(connection.sql(query).to_arrow_table(), form)

    def place(self, context: OutputContext | InputContext) -> tuple[str, str]:
        """The schema and the name of the table that a value is."""
        *prefix, name = context.get_identifier()
        declared = context.definition_metadata.get("schema")
        if declared is not None:
            return str(declared), name
        if context.has_asset_key and prefix:
            return prefix[-1], name
        return self.table_schema or _DEFAULT_SCHEMA, name if context.has_asset_key else "_".join(
            [*prefix, name]
        )

    def _missing(
        self, connection: duckdb.DuckDBPyConnection, schema: str, name: str
    ) -> TableMissing:
        found = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE NOT list_contains(?, table_schema)",
            [list(_OWN)],
        ).fetchall()
        table = f"{schema}.{name}"
        suggestions = nearest(table, [row[0] for row in found])
        return TableMissing(table=table, database=self.database, suggestions=suggestions)


# The name that this manager has elsewhere: pandas is what readers get who say nothing.
DuckDBPandasIOManager = DuckDBIOManager


def quoted(*parts: str) -> str:
    """A name as SQL takes it, whatever is in it.

    >>> quoted("raw", 'odd"name')
    '"raw"."odd""name"'
    """
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def _database(connection: duckdb.DuckDBPyConnection) -> str:
    return str(connection.execute("SELECT current_database()").fetchall()[0][0])


def _columns(names: Any) -> str:
    return ", ".join([quoted(str(name)) for name in names])


def _columns_of(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> tuple[str, ...]:
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_catalog = current_database() AND table_schema = ? AND table_name = ? "
        "ORDER BY ordinal_position",
        [schema, name],
    ).fetchall()
    return tuple([row[0] for row in found])
