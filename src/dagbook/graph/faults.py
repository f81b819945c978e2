"""The faults between definitions: what is read and not defined, and what waits for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagbook.definitions.keys import (
    AssetCheckKey,
    AssetKey,
    nearest_keys,
    unmistakable,
    user_strings,
)
from dagbook.errors.definitions import (
    CheckWaitsForItself,
    DefinitionError,
    DependencyCycle,
    UnknownCheckedAsset,
    UnknownUpstream,
)
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode
from dagbook.graph.traversal import find_cycle, reach


def find_faults(graph: AssetGraph, keys: Iterable[AssetKey]) -> list[DefinitionError]:
    """Every fault of these assets and of what they wait for, all together."""
    selected = list(keys)
    found: list[DefinitionError] = []
    suspects = graph.below_undeclared
    for key in selected if suspects else ():
        if key in suspects:
            found.extend(_unknown_inputs(graph, graph.node(key)))
    if graph.checks:
        own = frozenset(selected)
        if len(own) == len(graph.nodes):
            # Only a plan of everything is the place to miss an asset that nothing else asks for.
            found.extend(_unknown_checked(graph))
        found.extend(check_faults(graph, [key for key in graph.checks if key.asset_key in own]))
        found.extend(_waiting_for_themselves(graph, own))
    ring = find_cycle(selected, graph.parents) if graph.has_cycle else None
    if ring is not None:
        definitions = [graph.node(key).definition for key in ring]
        places = [None if one is None else one.origin.place for one in definitions]
        found.append(DependencyCycle(keys=user_strings(ring), places=places))
    return found


def _unknown_inputs(graph: AssetGraph, node: AssetNode) -> Iterator[DefinitionError]:
    definition = node.definition
    if definition is None:
        return
    read = {item.key: item.name for item in node.inputs}
    for parent in node.parents:
        if graph.node(parent).declared or not node.needs(parent):
            continue
        others = [key for key in _declared(graph) if key != node.key]
        how = f"the input `{read[parent]}`" if parent in read else "a dependency"
        yield UnknownUpstream(
            asset=str(node.key),
            name=unmistakable(parent),
            how=how,
            suggestions=nearest_keys(parent, others),
            place=definition.origin.place,
        )


def _unknown_checked(graph: AssetGraph) -> Iterator[DefinitionError]:
    for key, check in graph.checks.items():
        if key.asset_key not in graph or not graph.node(key.asset_key).declared:
            yield UnknownCheckedAsset(
                check=key.name,
                asset=unmistakable(key.asset_key),
                suggestions=nearest_keys(key.asset_key, _declared(graph)),
                place=check.definition.origin.place,
            )


def check_faults(graph: AssetGraph, checks: Iterable[AssetCheckKey]) -> list[DefinitionError]:
    """Every fault of these checks: what they read and nothing defines."""
    return [
        UnknownUpstream(
            asset=str(key),
            name=unmistakable(item.key),
            how=f"the input `{item.name}`",
            suggestions=nearest_keys(item.key, _declared(graph)),
            place=graph.checks[key].definition.origin.place,
        )
        for key in checks
        for item in graph.checks[key].inputs
        if item.key != key.asset_key and not (item.key in graph and graph.node(item.key).declared)
    ]


def _waiting_for_themselves(
    graph: AssetGraph, keys: frozenset[AssetKey]
) -> Iterator[DefinitionError]:
    """Blocking checks whose body waits for an asset below the one that it judges."""
    together: dict[int, list[AssetKey]] = {}
    for check in graph.checks.values():
        together.setdefault(id(check.definition), []).extend(check.parents)
    for key, check in graph.checks.items():
        others = [one for one in together[id(check.definition)] if one != key.asset_key]
        if check.inline or not check.spec.blocking or key.asset_key not in keys or not others:
            continue
        below = reach([key.asset_key], graph.children)
        for other in dict.fromkeys(others):
            if other in below and other in keys:
                yield CheckWaitsForItself(
                    check=key.name,
                    asset=str(key.asset_key),
                    below=str(other),
                    place=check.definition.origin.place,
                )


def _declared(graph: AssetGraph) -> list[AssetKey]:
    return [key for key in graph.keys if graph.node(key).declared]
