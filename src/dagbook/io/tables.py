"""Tables in the forms that people use, to Arrow and back; told by class, so that nothing is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from dagbook.definitions.tables import TableColumn, TableSchema
from dagbook.errors.resources import NotATableValue

if TYPE_CHECKING:
    import pyarrow as pa

TableForm = Literal["pandas", "polars", "arrow"]
FORMS: tuple[TableForm, ...] = get_args(TableForm)


def form_of(value: Any) -> TableForm | None:
    """The form of a table, by its class; None for what is no table."""
    kind = type(value)
    home = kind.__module__.partition(".")[0]
    if home == "pandas" and kind.__name__ == "DataFrame":
        return "pandas"
    if home == "polars" and kind.__name__ in ("DataFrame", "LazyFrame"):
        return "polars"
    if kind.__name__ == "DuckDBPyRelation" or (
        home == "pyarrow" and kind.__name__ in ("Table", "RecordBatch", "RecordBatchReader")
    ):
        return "arrow"
    return None


def form_named(annotation: Any, reader: str) -> TableForm | None:
    """The form that an annotation asks for, None where it says nothing; raises NotATableValue."""
    if annotation is Any or not isinstance(annotation, type) or annotation.__module__ == "inspect":
        return None
    home = annotation.__module__.partition(".")[0]
    for form, module in (("pandas", "pandas"), ("polars", "polars"), ("arrow", "pyarrow")):
        if home == module and annotation.__name__ in ("DataFrame", "Table"):
            return form  # type: ignore[return-value]
    raise NotATableValue(manager=reader, kind=f"the type {annotation.__qualname__}")


def to_arrow(value: Any, writer: str, *, index: bool | None = None) -> pa.Table:
    """The table in Arrow, with an index of pandas unless `index` is False; raises NotATableValue."""
    # Loaded when the first table is written.
    import pyarrow as pa

    kind = type(value).__name__
    match form_of(value):
        case "pandas":
            return pa.Table.from_pandas(value, preserve_index=index)
        case "polars":
            return (value.collect() if kind == "LazyFrame" else value).to_arrow()
        case "arrow" if kind == "DuckDBPyRelation":
            return value.to_arrow_table()
        case "arrow" if kind == "RecordBatchReader":
            return value.read_all()
        case "arrow" if kind == "RecordBatch":
            return pa.Table.from_batches([value])
        case "arrow":
            return value
    home = type(value).__module__.partition(".")[0]
    raise NotATableValue(manager=writer, kind=f"a value of type {home}.{kind}")


def from_arrow(table: pa.Table, form: TableForm) -> Any:
    """The table in a form."""
    if form == "pandas":
        return table.to_pandas()
    if form == "polars":
        # Not among what dagbook needs; who asks for its frames has it.
        import polars

        return polars.from_arrow(table)
    return table


def schema_of(table: pa.Table) -> TableSchema:
    """The names and types of a table's columns, as metadata."""
    return TableSchema([TableColumn(field.name, str(field.type)) for field in table.schema])
