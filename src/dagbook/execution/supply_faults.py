"""Finds what a run would lack, all of it together, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagbook.definitions.env import EnvVar, unfilled
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.resource import ResourceDefinition
from dagbook.errors.base import nearest
from dagbook.errors.resources import (
    ConfigFault,
    InvalidConfig,
    MissingIOManager,
    MissingResource,
    NotAnIOManager,
    ResourceError,
)
from dagbook.execution.configs import config_of
from dagbook.execution.owners import (
    Node,
    inner_managers,
    inner_owners,
    input_managers,
    is_plain,
    managed_outputs,
    nodes_of,
    owner_of,
)
from dagbook.execution.supplies import Supplies, with_required
from dagbook.graph.asset_graph import AssetGraph
from dagbook.resources.lifetimes import is_configurable
from dagbook.resources.run_config import Owner, RunConfig, entry_of, strangers


def require(
    graph: AssetGraph,
    supplies: Supplies,
    keys: Iterable[AssetKey],
    checks: Iterable[AssetCheckKey],
) -> None:
    """Raise InvalidConfig with everything that is missing or wrong for these computations."""
    faults: list[ResourceError] = []
    for node in nodes_of(graph, keys, checks):
        faults += _faults(graph, supplies, node)
    if supplies.config.ops:
        everyone = nodes_of(graph, graph.keys, graph.checks)
        faults += strangers(supplies.config, [one for node in everyone for one in _owners(node)])
    if faults:
        raise InvalidConfig(faults=list({str(fault): fault for fault in faults}.values()))


def _faults(graph: AssetGraph, supplies: Supplies, node: Node) -> Iterator[ResourceError]:
    declared = supplies.declared(node)
    names: dict[str, None] = {}
    # Most ask for nothing, and then only config could be meant for them.
    owners = _owners(node) if supplies.config.ops or not _asks_nothing(node) else []
    for owner in owners:
        yield from _config_faults(supplies.config, owner)
        wanted = with_required(owner.needs.names, declared)
        names.update(dict.fromkeys(wanted))
        for name in wanted:
            if name not in declared:
                yield MissingResource(
                    name=name,
                    needed_by=owner.name,
                    suggestions=nearest(name, declared),
                    place=owner.place,
                )
    managers = [one.manager for one in managed_outputs(node, declared).values()]
    managers += [m.manager for item in node.inputs if (m := supplies.managed(graph, node, item))]
    if not _asks_nothing(node):
        between = inner_managers(node, declared)
        managers += [one.manager for each in between.values() for one in each.values()]
        managers += input_managers(node)
    for name in dict.fromkeys(managers):
        names[name] = None
        yield from _manager_faults(name, declared, owner_of(node))
    for name in names:
        yield from _unset(name, declared.get(name))


def _asks_nothing(node: Node) -> bool:
    return node.op is None or is_plain(node)


def _owners(node: Node) -> list[Owner]:
    if node.op is None:
        return []
    return [owner_of(node), *[owner for _, _, owner in inner_owners(node)]]


def _config_faults(config: RunConfig, owner: Owner) -> Iterator[ResourceError]:
    if owner.needs.config is None:
        if entry_of(config, owner) is not None and owner.key is not None:
            yield ConfigFault(
                owner=owner.name, field="", problem="takes no config", place=owner.place
            )
        return
    try:
        found = config_of(config, owner)
    except InvalidConfig as error:
        yield from error.faults
        return
    if hasattr(found, "unset"):
        yield from found.unset(f"the config of `{owner.name}`")


def _manager_faults(
    name: str, declared: Mapping[str, Any], owner: Owner
) -> Iterator[ResourceError]:
    if name not in declared:
        known = nearest(name, declared)
        yield MissingIOManager(
            name=name, needed_by=owner.name, suggestions=known, place=owner.place
        )
        return
    given = declared[name]
    if not isinstance(given, ResourceDefinition) and not hasattr(given, "handle_output"):
        yield NotAnIOManager(name=name, kind=type(given).__name__)


def _unset(name: str, declaration: Any) -> Iterator[ResourceError]:
    needed_by = f"the resource `{name}`"
    if is_configurable(declaration):
        yield from declaration.unset(needed_by)
    elif isinstance(declaration, EnvVar):
        yield from unfilled(declaration, needed_by)
