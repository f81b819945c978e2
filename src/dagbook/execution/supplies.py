"""What a run gives to all of its computations: resources, I/O managers and config."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.injection import DEFAULT_MANAGER
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.observable import ObservableSource
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.results import NO_VALUE
from dagbook.errors.resources import InvalidConfig
from dagbook.execution.configs import config_of
from dagbook.execution.owners import (
    Node,
    inner_managers,
    inner_owners,
    input_managers,
    is_plain,
    managed_input,
    managed_outputs,
    op_of,
    owner_of,
)
from dagbook.execution.requests import StepInput
from dagbook.execution.supply import NO_SUPPLY, Managed, Supply, manager_named
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, Input
from dagbook.records import dataclass
from dagbook.resources.digests import GIVEN, classes_of, config_digests, resource_digests
from dagbook.resources.lifetimes import OpenResources, required_by
from dagbook.resources.run_config import NO_CONFIG, Owner, RunConfig

NOTHING: Mapping[str, Any] = {}
NO_OUTPUTS: Mapping[str, Managed] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """`resources` by name and `config` as they hold for the run; `opened` those made so far.

    `capture`: values that go to I/O managers come back with the answers too.
    """

    resources: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    config: RunConfig = NO_CONFIG
    opened: OpenResources | None = None
    capture: bool = False

    def close(self) -> None:
        """Clear up the resources that were made."""
        if self.opened is not None:
            self.opened.close()

    def declared(self, node: Node) -> Mapping[str, Any]:
        """The resources that a computation can ask for, those of its own definition first."""
        own = getattr(node.definition, "resource_defs", None)
        return {**self.resources, **own} if own else self.resources

    def supply(self, node: Node, inputs: Iterable[StepInput]) -> Supply:
        """What one computation of these inputs is given; raises InvalidConfig or EnvVarUnset."""
        op, declared = op_of(node), self.declared(node)
        outputs = managed_outputs(node, declared)
        managers = [one.manager for one in outputs.values()]
        managers += [one.managed.manager for one in inputs if one.managed is not None]
        if not managers and is_plain(node):
            return NO_SUPPLY
        between = inner_managers(node, declared)
        managers += [one.manager for each in between.values() for one in each.values()]
        managers += input_managers(node)
        inner = {
            path: replace(self._supply(own, one, declared), outputs=between.get(path, NO_OUTPUTS))
            for path, one, own in inner_owners(node)
        }
        if not op.needs.asks and not managers and not any(one.needs.asks for one in inner.values()):
            return NO_SUPPLY
        own = self._supply(owner_of(node), op, declared, managers)
        return replace(own, outputs=outputs, inner=inner)

    def of_source(self, source: ObservableSource) -> Supply:
        """What the function of an observable source is given; raises InvalidConfig or EnvVarUnset."""
        owner = Owner(str(source.key), source.key, source.op.needs, source.origin.place)
        return self._supply(owner, source.op, {**self.resources, **source.resource_defs})

    def managed(self, graph: AssetGraph, node: Node, item: Input) -> Managed | None:
        """Which I/O manager an input of a computation is read by; None for the workspace's store."""
        return managed_input(graph, node, item, self.declared(node))

    def output_of(self, node: AssetNode) -> Managed | None:
        """Which I/O manager keeps the value of an asset; None for the workspace's store."""
        if node.definition is None:
            return None
        manager = manager_named(node.spec.io_manager_key, self.declared(node))
        return None if manager is None else Managed(manager, node.spec.metadata)

    def _supply(
        self,
        owner: Owner,
        op: OpDefinition,
        declared: Mapping[str, Any],
        managers: Iterable[str] = (),
    ) -> Supply:
        config: Any = NO_VALUE
        if op.needs.config is not None:
            config = config_of(self.config, owner)
            if hasattr(config, "at_run"):
                config = config.at_run(f"the config of `{owner.name}`")
        names = with_required((*op.needs.names, *managers), declared)
        return Supply(
            owner=owner.name,
            needs=op.needs,
            config=config,
            declared={name: declared[name] for name in names if name in declared},
            opened=self.opened,
            capture=self.capture,
        )


def with_required(names: Iterable[str], declared: Mapping[str, Any]) -> tuple[str, ...]:
    """These resources and those that they need themselves."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = None
            waiting.extend(required_by(name, declared))
    return tuple(found)


def given_digests(
    graph: AssetGraph, supplies: Supplies, salt: bytes
) -> dict[AssetKey, dict[str, str]]:
    """For each asset that is given something: the digests of it, by name."""
    found: dict[AssetKey, dict[str, str]] = {}
    # A manager of this name keeps the values of all assets; without one, few are given anything.
    nodes = graph.nodes if DEFAULT_MANAGER in supplies.resources else graph.apart
    for key, node in nodes.items():
        if node.op is None or not _is_given(node, supplies):
            continue
        declared = supplies.declared(node)
        digests: dict[str, str] = {}
        for owner, op in _all(node):
            names = with_required(op.needs.names, declared)
            digests.update(resource_digests(names, declared, salt))
            if op.needs.config is not None:
                digests.update(_config_digests(supplies, owner, salt))
        between = [one.manager for each in inner_managers(node, declared).values()
                   for one in each.values()]  # fmt: skip
        if between:
            digests |= resource_digests(between, declared, salt, "I/O manager")
        managed = supplies.output_of(node)
        if managed is not None:
            digests |= resource_digests((managed.manager,), declared, salt, "I/O manager")
        if digests:
            found[key] = digests
    return found


def code_given(node: Node, supplies: Supplies) -> dict[str, object]:
    """The code of the resources that a computation uses, which counts like its own."""
    if node.op is None or not _is_given(node, supplies):
        return {}
    declared = supplies.declared(node)
    names = [name for _, op in _all(node) for name in with_required(op.needs.names, declared)]
    return classes_of(names, declared)


def _all(node: Node) -> list[tuple[Owner, OpDefinition]]:
    return [(owner_of(node), op_of(node)), *[(own, op) for _, op, own in inner_owners(node)]]


def _is_given(node: Node, supplies: Supplies) -> bool:
    if isinstance(node, AssetNode) and supplies.output_of(node) is not None:
        return True
    if is_plain(node):
        return False
    if inner_managers(node, supplies.declared(node)):
        return True
    return op_of(node).needs.asks or any(one.needs.asks for _, one, _ in inner_owners(node))


def _config_digests(supplies: Supplies, owner: Owner, salt: bytes) -> dict[str, str]:
    try:
        return config_digests(config_of(supplies.config, owner), salt)
    except InvalidConfig:
        # It is told when a run is asked for; until then nothing agrees with it.
        return {f"{GIVEN}config": "invalid"}
