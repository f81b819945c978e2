"""What a whole run is told: config by asset or op, and changed fields of resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from dagbook.definitions.injection import Needs
from dagbook.definitions.keys import AssetKey
from dagbook.errors.base import Place, nearest
from dagbook.errors.resources import ConfigFault, InvalidConfig, ResourceError
from dagbook.records import dataclass

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class RunConfig:
    """Config for a run: `ops` by the name of the asset or op, `resources` by theirs.

    A value is an instance of the class that the body is annotated with, a dictionary of its
    fields, or `{"config": {...}}`. A key with a prefix is written `a/b` or `a__b`.

    >>> RunConfig(ops={"orders": {"rows": 2}}).ops["orders"]
    {'rows': 2}
    """

    ops: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    resources: Mapping[str, Any] = field(default_factory=lambda: NOTHING)

    @staticmethod
    def of(given: RunConfig | Mapping[str, Any] | None) -> RunConfig:
        """The config that a RunConfig or a dictionary of one stands for; raises InvalidConfig."""
        if given is None:
            return NO_CONFIG
        if isinstance(given, RunConfig):
            return given
        if not isinstance(given, Mapping):
            kind, right = type(given).__name__, "no dictionary of `ops` and `resources`"
            problem = f"is a value of type {kind}, and {right}"
            raise InvalidConfig(faults=[ConfigFault(owner="the run", field="", problem=problem)])
        unknown = [name for name in given if name not in _SECTIONS]
        if unknown:
            raise InvalidConfig(
                faults=[
                    ConfigFault(
                        owner="the run",
                        field=str(name),
                        problem="is neither `ops` nor `resources`",
                        suggestions=nearest(str(name), ("ops", "resources")),
                    )
                    for name in unknown
                ]
            )
        return RunConfig(given.get("ops") or {}, given.get("resources") or {})


NO_CONFIG = RunConfig()
# Loggers and execution settings are the business of other faces; they are passed over.
_SECTIONS = ("ops", "resources", "loggers", "execution")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever can be configured: its name, its key, what it asks for, and where it was written."""

    name: str
    key: AssetKey | None
    needs: Needs
    place: Place | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """How it may be called in a RunConfig, the whole names first."""
        if self.key is None:
            return (self.name,)
        return tuple(dict.fromkeys((str(self.key), "__".join(self.key.path), self.key.name)))


def section(given: Any) -> Any:
    """The fields that an entry holds, with or without the word `config` around them."""
    if isinstance(given, Mapping) and set(given) == {"config"}:
        return given["config"]
    return given


def entry_of(config: RunConfig, owner: Owner) -> Any:
    """What the run says to one owner; None where it says nothing."""
    for name in owner.names:
        if name in config.ops:
            return section(config.ops[name])
    return None


def strangers(config: RunConfig, owners: list[Owner]) -> Iterator[ResourceError]:
    """One error for each entry that nobody who could be configured has as a name."""
    known = {name for owner in owners for name in owner.names}
    for name in config.ops:
        if name not in known:
            yield ConfigFault(
                owner=str(name),
                field="",
                problem="is not an asset or op of this run",
                suggestions=nearest(str(name), known),
            )


def nested_fields(value: Any) -> Mapping[str, Any]:
    """The fields of a config as they are digested: by name, nested ones by a dotted path."""
    if not hasattr(value, "fields"):
        return {"": value}
    found: dict[str, Any] = {}
    for name, part in value.fields():
        for inner, one in nested_fields(part).items():
            found[f"{name}.{inner}" if inner else name] = one
    return found
