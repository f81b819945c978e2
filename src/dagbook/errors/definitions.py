"""Faults of what a user declares, one definition at a time or between definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from dagbook.errors.base import DagbookError, Place, did_you_mean, there_are
from dagbook.records import dataclass


class DefinitionError(DagbookError):
    """A definition, or several together, can't be what was written."""


@dataclass(eq=False, kw_only=True)
class InvalidName(DefinitionError):
    """A name that can't name the thing."""

    what: str
    name: str
    place: Place | None = None

    def __str__(self) -> str:
        article = "an" if self.what[:1] in "aeiou" else "a"
        where = f"\n  {self.place}" if self.place else ""
        # As in Dagster, a text is one name and is not split.
        parts = self.name.split("/")
        path = f", as the list {parts}" if len(parts) > 1 and all(parts) else ""
        return (
            f"`{self.name}` can't be the name of {article} {self.what}: "
            f"use letters, digits and underscores; a path of such names for a key{path}.{where}"
        )


@dataclass(eq=False, kw_only=True)
class InvalidDefinition(DefinitionError):
    """A declaration whose parts do not fit together."""

    name: str
    problem: str
    remedy: str
    place: Place | None = None

    def __str__(self) -> str:
        where = f"\n  {self.place}" if self.place else ""
        return f"{self.name}: {self.problem}. {self.remedy}{where}"


@dataclass(eq=False, kw_only=True)
class NotAFunction(DefinitionError):
    """What stands where a decorator takes a function; `given` is its class."""

    given: str

    def __str__(self) -> str:
        return (
            f"A definition is made of a function, and not of the class `{self.given}`: write "
            '`@asset` above a `def`, and options by their names, as in `@asset(name="orders")`.'
        )


@dataclass(eq=False, kw_only=True)
class DuplicateKey(DefinitionError):
    """Two definitions of one asset or check; `twin`: another name that differs only by case."""

    name: str
    first: Place | None
    second: Place | None
    twin: str = ""

    def __str__(self) -> str:
        if self.twin:
            where = f" ({self.first})" if self.first else ""
            return (
                f"`{self.name}` differs only by case from `{self.twin}`{where}, and names become "
                "names of files and columns. Choose another name."
            )
        places = " and ".join(str(place) for place in (self.first, self.second) if place)
        return (
            f"`{self.name}` is defined twice{': ' + places if places else ''}. Rename one of them."
        )


@dataclass(eq=False, kw_only=True)
class UnknownUpstream(DefinitionError):
    """An input or dependency that nothing defines."""

    asset: str
    name: str
    how: str
    suggestions: tuple[str, ...] = ()
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return (
            f"`{self.asset}`{where} reads `{self.name}` as {self.how}, and no asset has that name."
            f"{did_you_mean(self.suggestions) or ' Define it, or correct the name.'}"
        )


@dataclass(eq=False, kw_only=True)
class UnknownCheckedAsset(DefinitionError):
    """A check on an asset that nothing defines."""

    check: str
    asset: str
    suggestions: tuple[str, ...] = ()
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return (
            f"The check `{self.check}`{where} is on `{self.asset}`, and no asset has that name."
            f"{did_you_mean(self.suggestions) or ' Define it, or correct the name.'}"
        )


@dataclass(eq=False, kw_only=True)
class CheckWaitsForItself(DefinitionError):
    """A blocking check that waits for an asset which waits for the check."""

    check: str
    asset: str
    below: str
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place else ""
        return (
            f"The blocking check `{self.check}`{where} on `{self.asset}` waits for `{self.below}`, "
            f"which is below `{self.asset}` and waits for the check. Let it not block, or take "
            f"`{self.below}` out of it."
        )


@dataclass(eq=False, kw_only=True)
class CheckWithinAsset(DefinitionError):
    """A check that is asked for without the asset whose body alone can answer it."""

    check: str
    asset: str

    def __str__(self) -> str:
        return (
            f"The check `{self.check}` is answered by the body of `{self.asset}` itself, and can't "
            f"be judged without it. Select `{self.asset}`."
        )


@dataclass(eq=False, kw_only=True)
class DependencyCycle(DefinitionError):
    """Assets that wait for each other."""

    keys: Sequence[str]
    places: Sequence[Place | None] = ()

    def __str__(self) -> str:
        ring = " → ".join([*self.keys, self.keys[0]])
        pairs = zip(self.keys, self.places, strict=False)
        where = "".join([f"\n  {key}: {place}" for key, place in pairs if place is not None])
        return (
            f"These assets wait for each other: {ring}. Take one of these dependencies away.{where}"
        )


@dataclass(eq=False, kw_only=True)
class InvalidGraph(DefinitionError):
    """All faults between definitions, found together when something is planned."""

    faults: list[DefinitionError] = field(default_factory=list)

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return str(self.faults[0])
        return f"{len(self.faults)} faults:\n" + "\n".join(f"- {fault}" for fault in self.faults)


@dataclass(eq=False, kw_only=True)
class UnknownAsset(DagbookError):
    """A name of an asset that the graph does not hold; `known` are those that it holds."""

    name: str
    suggestions: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    def __str__(self) -> str:
        hint = did_you_mean(self.suggestions) or there_are(self.known)
        return f"No asset is named `{self.name}`.{hint}"


@dataclass(eq=False, kw_only=True)
class UnknownCheck(DagbookError):
    """A name of a check that the asset does not have; `known` are those that it has."""

    asset: str
    name: str
    suggestions: tuple[str, ...] = ()
    known: tuple[str, ...] = ()

    def __str__(self) -> str:
        hint = did_you_mean(self.suggestions) or there_are(self.known)
        return f"`{self.asset}` has no check named `{self.name}`.{hint}"


@dataclass(eq=False, kw_only=True)
class UnknownJob(DagbookError):
    """A name that no job has."""

    name: str
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"No job is named `{self.name}`.{did_you_mean(self.suggestions)}"
