"""What metadata says of tables: rows, the schema, and the columns that columns come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from dagbook.definitions.keys import AssetKey, KeyLike, as_key
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

_PLAIN = (str, int, float, bool, type(None))
NO_TAGS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One row: a plain value for each column.

    Raises InvalidDefinition for a value that is not text, a number, a boolean or None.

    >>> TableRecord({"id": 1, "name": "Ada"}).data["name"]
    'Ada'
    """

    data: Mapping[str, Any]

    def __post_init__(self) -> None:
        for name, value in self.data.items():
            if not isinstance(value, _PLAIN):
                raise InvalidDefinition(
                    name=str(name),
                    problem=f"a TableRecord can't hold a value of type {type(value).__name__}",
                    remedy="Give text, a number, a boolean or None.",
                )


@dataclass(frozen=True, slots=True)
class TableConstraints:
    """What holds for a table as a whole, in words.

    >>> TableConstraints(["ids are unique"]).other
    ('ids are unique',)
    """

    other: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "other", tuple(self.other))


@dataclass(frozen=True, slots=True)
class TableColumnConstraints:
    """What holds for a column.

    >>> TableColumnConstraints(nullable=False, unique=True).unique
    True
    """

    nullable: bool = True
    unique: bool = False
    other: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "other", tuple(self.other))


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its name and type, and what is known of it.

    >>> TableColumn("id", "int", description="the order").type
    'int'
    """

    name: str
    type: str = "string"
    description: str | None = None
    constraints: TableColumnConstraints = field(default_factory=TableColumnConstraints)
    tags: Mapping[str, str] = field(default_factory=lambda: NO_TAGS)


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The columns of a table, in their order.

    >>> TableSchema.from_name_type_dict({"id": "int"}).columns[0].name
    'id'
    """

    columns: Sequence[TableColumn]
    constraints: TableConstraints = field(default_factory=TableConstraints)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))

    @staticmethod
    def from_name_type_dict(columns: Mapping[str, str]) -> TableSchema:
        """A schema of names and types."""
        return TableSchema(tuple([TableColumn(name, kind) for name, kind in columns.items()]))


@dataclass(frozen=True, slots=True)
class TableRows:
    """A small table whole: the names of its columns and its rows, with its schema where it is known.

    >>> TableRows(("n",), ((1,), (2,))).records[1].data
    {'n': 2}
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    schema: TableSchema | None = None

    @staticmethod
    def of(records: Sequence[TableRecord], schema: TableSchema | None = None) -> TableRows:
        """The table of these records; the columns of the schema, or else those of the records."""
        if schema is not None:
            names = [column.name for column in schema.columns]
        else:
            names = list(dict.fromkeys(name for record in records for name in record.data))
        rows = [tuple([record.data.get(name) for name in names]) for record in records]
        return TableRows(tuple(names), tuple(rows), schema)

    @property
    def records(self) -> list[TableRecord]:
        """The rows as records."""
        return [TableRecord(dict(zip(self.columns, row, strict=True))) for row in self.rows]


@dataclass(frozen=True, slots=True)
class TableColumnDep:
    """A column of an asset that another column comes from.

    >>> TableColumnDep("raw", "id").asset_key
    AssetKey(['raw'])
    """

    asset_key: AssetKey
    column_name: str

    def __init__(self, asset_key: KeyLike, column_name: str) -> None:
        object.__setattr__(self, "asset_key", as_key(asset_key))
        object.__setattr__(self, "column_name", column_name)


@dataclass(frozen=True, slots=True)
class TableColumnLineage:
    """For each column, the columns of other assets that it comes from.

    >>> lineage = TableColumnLineage({"id": [TableColumnDep("raw", "order_id")]})
    >>> lineage.deps_by_column["id"][0].column_name
    'order_id'
    """

    deps_by_column: Mapping[str, Sequence[TableColumnDep]]

    def __post_init__(self) -> None:
        deps = {name: tuple(given) for name, given in self.deps_by_column.items()}
        object.__setattr__(self, "deps_by_column", deps)
