"""What can go wrong with what a run is given besides assets: resources, I/O managers, config."""

from __future__ import annotations

from dataclasses import field

from dagbook.errors.base import DagbookError, Place, did_you_mean
from dagbook.records import dataclass


class ResourceError(DagbookError):
    """A run can't have a resource, an I/O manager or a config that it asks for."""


@dataclass(eq=False, kw_only=True)
class MissingResource(ResourceError):
    """A computation needs a resource that nothing gives."""

    name: str
    needed_by: str
    suggestions: tuple[str, ...] = ()
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return (
            f"`{self.needed_by}`{where} needs the resource `{self.name}`, and there is none of that "
            f"name.{did_you_mean(self.suggestions)} Give it as resources={{{self.name!r}: …}}."
        )


@dataclass(eq=False, kw_only=True)
class MissingIOManager(ResourceError):
    """An asset or an input names an I/O manager that nothing gives."""

    name: str
    needed_by: str
    suggestions: tuple[str, ...] = ()
    place: Place | None = None
    by_variable: bool = False

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        give = f"Give it as resources={{{self.name!r}: …}}."
        if self.by_variable:
            give = f"Bind a variable `{self.name}` to one, such as `DuckDBIOManager(database=…)`."
        return (
            f"`{self.needed_by}`{where} names the I/O manager `{self.name}`, and there is none of "
            f"that name.{did_you_mean(self.suggestions)} {give}"
        )


@dataclass(eq=False, kw_only=True)
class NotAnIOManager(ResourceError):
    """What is used as an I/O manager has no `handle_output` and `load_input`."""

    name: str
    kind: str

    def __str__(self) -> str:
        remedy = "Derive it from IOManager."
        if self.kind == "module":
            remedy = (
                "Bind another name to one, such as `DuckDBIOManager(database=…)`, and give that."
            )
        return (
            f"The resource `{self.name}` is used as an I/O manager and is of type {self.kind}, "
            f"which has no `handle_output` and `load_input`. {remedy}"
        )


@dataclass(eq=False, kw_only=True)
class UndeclaredResource(ResourceError):
    """A body asks its context for a resource that its definition does not name."""

    name: str
    needed_by: str
    declared: tuple[str, ...] = ()

    def __str__(self) -> str:
        known = f" It declares {', '.join(self.declared)}." if self.declared else ""
        who = f"`{self.needed_by}`" if self.needed_by else "A body that declares no resource"
        return (
            f"{who} asks for `context.resources.{self.name}` without declaring it.{known} "
            f"Add {self.name!r} to its `required_resource_keys`."
        )


@dataclass(eq=False, kw_only=True)
class EnvVarUnset(ResourceError):
    """An environment variable that a resource or config reads is not set."""

    variable: str
    needed_by: str | None = None

    def __str__(self) -> str:
        whose = f", which {self.needed_by} reads," if self.needed_by else ""
        return (
            f"The environment variable `{self.variable}`{whose} is not set. "
            f"Set it before the run, in a shell by `export {self.variable}=…`."
        )


@dataclass(eq=False, kw_only=True)
class EnvVarNoNumber(ResourceError):
    """An environment variable is set to what is no number; its text, which may be secret, is not told."""

    variable: str
    needed_by: str | None = None

    def __str__(self) -> str:
        whose = f", which {self.needed_by} reads," if self.needed_by else ""
        return (
            f"The environment variable `{self.variable}`{whose} is no whole number. "
            f"Set it to one, in a shell by `export {self.variable}=…`."
        )


@dataclass(eq=False, kw_only=True)
class EnvVarShown(ResourceError):
    """An EnvVar was turned into text or a number before a run gave it its value."""

    variable: str

    def __str__(self) -> str:
        return (
            f"EnvVar({self.variable!r}) has its value only in a run, as a field of a resource or "
            "config. Use its `get_value()` to have it here and now."
        )


@dataclass(eq=False, kw_only=True)
class ConfigFault(ResourceError):
    """One field of a config that is not as its class says; `field` is empty for the whole."""

    owner: str
    field: str
    problem: str
    place: Place | None = None
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        what = f"the field `{self.field}`" if self.field else "it"
        return f"Config of `{self.owner}`{where}: {what} {self.problem}.{did_you_mean(self.suggestions)}"


@dataclass(eq=False, kw_only=True)
class InvalidConfig(ResourceError):
    """All faults of what a run was configured with, found together before anything runs."""

    faults: list[ResourceError] = field(default_factory=list)

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return str(self.faults[0])
        return f"{len(self.faults)} faults:\n" + "\n".join(f"- {fault}" for fault in self.faults)


@dataclass(eq=False, kw_only=True)
class ResourceFailed(ResourceError):
    """A resource could not be set up; the cause is what its code raised."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"The resource `{self.name}` could not be set up: {self.problem}"


@dataclass(eq=False, kw_only=True)
class DatabaseLocked(ResourceError):
    """Another process holds a database file for longer than may be waited."""

    path: str
    holder: str
    seconds: float

    def __str__(self) -> str:
        return (
            f"The database {self.path} is held by {self.holder}, and did not become free within "
            f"{self.seconds:g} s. Close it there, or give the resource a longer `wait`."
        )


@dataclass(eq=False, kw_only=True)
class TableMissing(ResourceError):
    """A table that an I/O manager should read is not in its database."""

    table: str
    database: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return (
            f"There is no table `{self.table}` in {self.database}.{did_you_mean(self.suggestions)} "
            "Materialize its asset first."
        )


@dataclass(eq=False, kw_only=True)
class ColumnsMissing(ResourceError):
    """An input asks for columns that its table does not have."""

    table: str
    columns: tuple[str, ...]
    known: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"The table `{self.table}` has no column {', '.join(f'`{c}`' for c in self.columns)}. "
            f"It has: {', '.join(self.known)}."
        )


@dataclass(eq=False, kw_only=True)
class NotATableValue(ResourceError):
    """A value that an I/O manager for tables can't write or a type that it can't read as."""

    manager: str
    kind: str

    def __str__(self) -> str:
        return (
            f"{self.manager} keeps tables and can't use {self.kind}. Use a pandas or Polars frame, "
            "an Arrow table, or another I/O manager."
        )


@dataclass(eq=False, kw_only=True)
class UnknownProtocol(ResourceError):
    """A path with a protocol, and the library that knows protocols is not installed."""

    path: str

    def __str__(self) -> str:
        return (
            f"The path {self.path} needs the library universal-pathlib, which is not installed. "
            "Install it by `pip install 'dagbook[cloud]'`."
        )
