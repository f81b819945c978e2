"""The faults between definitions: what is read and not defined, and what waits for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dagbook.definitions.keys import AssetKey, user_strings
from dagbook.errors.base import nearest
from dagbook.errors.definitions import (
    DefinitionError,
    DependencyCycle,
    UnknownCheckedAsset,
    UnknownUpstream,
)
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode
from dagbook.graph.traversal import find_cycle


def find_faults(graph: AssetGraph, keys: Iterable[AssetKey]) -> list[DefinitionError]:
    """Every fault of these assets and of what they wait for, all together."""
    selected = list(keys)
    found: list[DefinitionError] = []
    suspects = graph.below_undeclared
    for key in selected if suspects else ():
        if key in suspects:
            found.extend(_unknown_inputs(graph, graph.node(key)))
    if len(set(selected)) == len(graph.keys):
        # Only a plan of everything is the place to miss an asset that nothing else asks for.
        found.extend(_unknown_checked(graph))
    ring = find_cycle(selected, graph.parents) if graph.has_cycle else None
    if ring is not None:
        found.append(DependencyCycle(keys=user_strings(ring)))
    return found


def _unknown_inputs(graph: AssetGraph, node: AssetNode) -> Iterator[DefinitionError]:
    definition = node.definition
    if definition is None:
        return
    read = {item.key: item.name for item in node.inputs}
    for parent in node.parents:
        if graph.node(parent).declared or (parent not in read and not definition.strict_deps):
            continue
        name = str(parent)
        others = [str(key) for key in graph.keys if key != node.key and graph.node(key).declared]
        how = f"the input `{read[parent]}`" if parent in read else "a dependency"
        yield UnknownUpstream(
            asset=str(node.key),
            name=name,
            how=how,
            suggestions=nearest(name, others),
            place=definition.origin.place,
        )


def _unknown_checked(graph: AssetGraph) -> Iterator[DefinitionError]:
    declared = [str(key) for key in graph.keys if graph.node(key).declared]
    for key, check in graph.checks.items():
        if key.asset_key not in graph or not graph.node(key.asset_key).declared:
            yield UnknownCheckedAsset(
                check=key.name,
                asset=str(key.asset_key),
                suggestions=nearest(str(key.asset_key), declared),
                place=check.definition.origin.place,
            )
