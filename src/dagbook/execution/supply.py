"""What a computation is given besides assets: config, resources, and I/O managers by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.env import EnvVar, resolved
from dagbook.definitions.injection import DEFAULT_MANAGER, NO_NEEDS, Needs
from dagbook.definitions.results import NO_VALUE
from dagbook.records import dataclass
from dagbook.resources.contexts import ResourceView
from dagbook.resources.lifetimes import OpenResources, is_configurable

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Managed:
    """That an I/O manager keeps a value: its name, and what is declared about the value.

    `metadata` is that of the value's own definition; `reading` and `annotation` are what its
    reader says.
    """

    manager: str
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    reading: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    annotation: Any = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What one computation may use in one run.

    `declared` are the resources that can be asked for; `outputs` says which outputs go to I/O
    managers; `opened` are the run's own resources, where the computation runs in its process;
    `capture`: the values that go to managers come back with the answer too; `inner` are the supplies
    of the ops of a graph, by their paths.
    """

    owner: str = ""
    needs: Needs = NO_NEEDS
    config: Any = NO_VALUE
    declared: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    outputs: Mapping[str, Managed] = field(default_factory=lambda: NOTHING)
    opened: OpenResources | None = None
    capture: bool = False
    inner: Mapping[str, Supply] = field(default_factory=lambda: NOTHING)

    @property
    def in_process(self) -> bool:
        """Whether something of it can't be used in another process."""
        return any(getattr(one, "in_process", False) for one in self.declared.values())

    def sent(self) -> Supply:
        """The same for another process: with what the environment says here, and nothing opened."""
        declared = {name: _at_run(name, value) for name, value in self.declared.items()}
        inner = {path: one.sent() for path, one in self.inner.items()}
        return replace(self, declared=declared, opened=None, inner=inner)

    def open(self, run_id: str) -> Provided:
        """The supply to use in a `with`; what is made for this computation alone is then cleared up."""
        return Provided(self, self.opened or OpenResources(run_id))


NO_SUPPLY = Supply()


@dataclass(frozen=True, slots=True)
class Provided:
    """A supply with the resources that it is taken from."""

    supply: Supply
    resources: OpenResources

    def __enter__(self) -> Provided:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.resources is not self.supply.opened:
            self.resources.close()

    def arguments(self) -> dict[str, Any]:
        """The config and the resources that are parameters of the body; those of its context are made."""
        needs = self.supply.needs
        for name in sorted(needs.keys):
            self.resource(name)
        found = {name: self.resource(name) for name in needs.resources}
        if needs.config is not None:
            found[needs.config[0]] = self.supply.config
        return found

    @property
    def config(self) -> Any:
        """The config of the run for this computation; None where it has none."""
        return None if self.supply.config is NO_VALUE else self.supply.config

    def view(self) -> ResourceView:
        """`context.resources`."""
        return ResourceView(self.supply.owner, self.supply.needs.names, self.resource)

    def inner(self, path: str) -> Provided:
        """The supply of an op of the graph that is run."""
        return Provided(self.supply.inner.get(path, NO_SUPPLY), self.resources)

    def resource(self, name: str) -> Any:
        """The resource of this name, made now if it is the first time."""
        return self.resources.get(name, self.supply.declared, self.supply.owner)


def manager_named(name: str, declared: Mapping[str, Any]) -> str | None:
    """The I/O manager that a definition means; None for the workspace's own store."""
    return None if name == DEFAULT_MANAGER and name not in declared else name


def _at_run(name: str, value: Any) -> Any:
    if isinstance(value, EnvVar):
        return resolved(value, f"the resource `{name}`")
    return value.at_run(f"the resource `{name}`") if is_configurable(value) else value
