"""I/O managers that keep each table as one Parquet or Arrow file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.tables import FORMS, TableForm, form_named, form_of, from_arrow, schema_of, to_arrow
from dagbook.io.upath import UPathIOManager

if TYPE_CHECKING:
    import pyarrow as pa

# In the file's own metadata: the form that the table was written in.
_FORM = b"dagbook form"


class ParquetIOManager(UPathIOManager):
    """Keeps pandas and Polars frames and Arrow tables as Parquet files below a folder or address.

    A reader gets the form that its parameter is annotated with, else the one that was written.
    `AssetIn(metadata={"columns": [...]})` reads these columns only. Raises NotATableValue.

    >>> import pandas
    >>> from dagbook import asset, materialize
    >>> @asset
    ... def orders():
    ...     return pandas.DataFrame({"id": [1, 2]})
    >>> run = materialize([orders], resources={"io_manager": ParquetIOManager("tables")})
    >>> pandas.read_parquet("tables/orders.parquet").id.sum().item()
    3
    """

    extension = ".parquet"

    def dump_to_path(self, context: OutputContext, obj: Any, path: Any) -> None:
        """Write the table."""
        table = to_arrow(obj, type(self).__name__)
        form = form_of(obj) or "arrow"
        notes = {**(table.schema.metadata or {}), _FORM: form.encode()}
        with path.open("wb") as file:
            self._write(table.replace_schema_metadata(notes), file)

    def load_from_path(self, context: InputContext, path: Any) -> Any:
        """Read the table."""
        asked = form_named(context.type_annotation, type(self).__name__)
        with path.open("rb") as file:
            table = self._read(file, (context.metadata or {}).get("columns"))
        notes = dict(table.schema.metadata or {})
        written = notes.pop(_FORM, b"arrow").decode()
        known: TableForm = next((form for form in FORMS if form == written), "arrow")
        return from_arrow(table.replace_schema_metadata(notes or None), asked or known)

    def get_metadata(self, context: OutputContext, obj: Any) -> Mapping[str, Any]:
        """The number of rows and the columns."""
        table = to_arrow(obj, type(self).__name__)
        return {"row_count": table.num_rows, "column_schema": schema_of(table)}

    def _write(self, table: pa.Table, file: Any) -> None:
        # Loaded when the first table is written.
        import pyarrow.parquet

        pyarrow.parquet.write_table(table, file)

    def _read(self, file: Any, columns: Any) -> pa.Table:
        # Loaded when the first table is read.
        import pyarrow.parquet

        return pyarrow.parquet.read_table(file, columns=columns)


class ArrowIOManager(ParquetIOManager):
    """Like ParquetIOManager, in Arrow's own format: larger, and faster to write and to read.

    >>> import pyarrow
    >>> from dagbook import AssetKey, InputContext, OutputContext
    >>> manager, written = ArrowIOManager("tables"), OutputContext(key=AssetKey("n"))
    >>> manager.handle_output(written, pyarrow.table({"n": [1, 2]}))
    >>> manager.load_input(InputContext(name="n", key=written.key)).num_rows
    2
    """

    extension = ".arrow"

    def _write(self, table: pa.Table, file: Any) -> None:
        # Loaded when the first table is written.
        import pyarrow.ipc

        with pyarrow.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)

    def _read(self, file: Any, columns: Any) -> pa.Table:
        # Loaded when the first table is read.
        import pyarrow.ipc

        table = pyarrow.ipc.open_file(file).read_all()
        return table if columns is None else table.select(columns)
