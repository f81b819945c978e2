"""Faults of graphs of ops, found when the body of a graph is read."""

from __future__ import annotations

from dagbook.errors.base import Place
from dagbook.errors.definitions import DefinitionError
from dagbook.records import dataclass


@dataclass(eq=False, kw_only=True)
class HandleIsNoValue(DefinitionError):
    """The output of an op was used as a value in the body of a graph."""

    handle: str
    use: str
    place: Place | None = None

    def __str__(self) -> str:
        where = f"\n  {self.place}" if self.place else ""
        return (
            f"{self.handle} has no value while the graph is put together, so that it can't be "
            f"{self.use}. Do that inside an op, and hand the output to it.{where}"
        )


@dataclass(eq=False, kw_only=True)
class FaultyDefinition(DefinitionError):
    """Several faults of one definition, found together when it was made."""

    name: str
    faults: tuple[DefinitionError, ...]
    place: Place | None = None

    def __str__(self) -> str:
        lines = [f"{self.name} has {len(self.faults)} faults:"]
        for number, fault in enumerate(self.faults, 1):
            own = f"\n  {getattr(fault, 'place', None)}"
            first, *rest = str(fault).removesuffix(own).splitlines()
            lines += [f"{number}. {first}", *(f"   {line}" for line in rest)]
        return "\n".join([*lines, *([f"  {self.place}"] if self.place else [])])


@dataclass(eq=False, kw_only=True)
class NotSubsettable(DefinitionError):
    """Some of the assets of one computation are wanted, and it only gives all of them."""

    computation: str
    wanted: tuple[str, ...]
    others: tuple[str, ...]
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return (
            f"`{self.computation}`{where} can't make {_listed(self.wanted)} without "
            f"{_listed(self.others)}: select all of them, or allow parts by "
            "`--can-subset`, in Python `can_subset=True`."
        )


@dataclass(eq=False, kw_only=True)
class AssetBetween(DefinitionError):
    """An asset reads one output of a computation and another output of it reads that asset."""

    computation: str
    between: tuple[str, ...]
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return (
            f"{_listed(self.between)} stands between the assets of `{self.computation}`{where}, which "
            "makes all of them at once. Let it be run in two parts by `--can-subset`, in Python "
            "`can_subset=True`, or make two of it."
        )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
