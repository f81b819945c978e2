"""Who in a graph can be configured and what each needs: assets, checks, and the ops of their graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.errors.base import Place
from dagbook.execution.supply import Managed, manager_named
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, CheckNode, Input
from dagbook.resources.run_config import Owner

Node = AssetNode | CheckNode


def nodes_of(
    graph: AssetGraph, keys: Iterable[AssetKey], checks: Iterable[AssetCheckKey]
) -> Iterator[Node]:
    """The computations of these assets and checks, each once."""
    seen: set[int] = set()
    found: list[Node] = [graph.nodes[key] for key in keys]
    found += [graph.checks[check] for check in checks]
    for node in found:
        if node.definition is not None and id(node.definition) not in seen:
            seen.add(id(node.definition))
            yield node


def owner_of(node: Node) -> Owner:
    """The computation itself as somebody who can be configured."""
    op = op_of(node)
    if isinstance(node, CheckNode):
        return Owner(str(node.key), None, op.needs, place_of(node))
    definition = node.definition
    several = definition is not None and len(definition.specs) > 1
    name = op.name if several else str(node.key)
    return Owner(name, None if several else node.key, op.needs, place_of(node))


def is_plain(node: Node) -> bool:
    """Whether a computation asks for no config and no resource, and is no graph whose ops could."""
    op = op_of(node)
    return not (op.needs.asks or isinstance(op.fn, ComposedGraph))


def inner_owners(node: Node) -> Iterator[tuple[str, OpDefinition, Owner]]:
    """The ops of a graph that the computation is made of, with their paths."""
    op = op_of(node)
    if isinstance(op.fn, ComposedGraph):
        for one in op.fn.nodes:
            place = one.op.origin.place
            yield one.path, one.op, Owner(op.fn.step_key(one), None, one.op.needs, place)


def op_of(node: Node) -> OpDefinition:
    """The op of a computation, with its inputs as they were resolved."""
    op = node.op
    assert op is not None
    return op


def place_of(node: Node) -> Place | None:
    """Where it was written."""
    return None if node.definition is None else node.definition.origin.place


def managed_outputs(node: Node, declared: Mapping[str, Any]) -> dict[str, Managed]:
    """The outputs of a computation that go to I/O managers, by name."""
    definition = node.definition
    if not isinstance(node, AssetNode) or definition is None:
        return {}
    found = {}
    for out, spec in zip(definition.op.outs, getattr(definition, "specs", ()), strict=False):
        manager = manager_named(spec.io_manager_key, declared)
        if manager is not None:
            found[out.name] = Managed(manager, spec.metadata)
    return found


def managed_input(
    graph: AssetGraph, node: Node, item: Input, declared: Mapping[str, Any]
) -> Managed | None:
    """Which I/O manager an input is read by; None for the workspace's own store."""
    spec = graph.nodes[item.key].spec
    # A loop, since this is asked of every input of every step.
    parameter = None
    for one in op_of(node).ins:
        if one.name == item.name:
            parameter = one
            break
    own = parameter.input_manager_key if parameter is not None else None
    manager = manager_named(own or spec.io_manager_key, declared)
    if manager is None:
        return None
    reading = (parameter.metadata if parameter is not None else None) or {}
    annotation = parameter.annotation if parameter is not None else Any
    return Managed(manager, spec.metadata, reading, annotation)


def inner_managers(node: Node, declared: Mapping[str, Any]) -> dict[str, dict[str, Managed]]:
    """The outputs of the ops of a graph that go to I/O managers, by the ops' paths and by name."""
    op = op_of(node)
    if not isinstance(op.fn, ComposedGraph):
        return {}
    assets = {tuple(at) for at in op.fn.outputs.values()}
    verdicts = {(one.node, one.output) for one in op.fn.verdicts}
    found: dict[str, dict[str, Managed]] = {}
    for one in op.fn.nodes:
        for out in one.op.outs:
            manager = manager_named(out.io_manager_key, declared)
            if manager is not None and (one.path, out.name) not in assets | verdicts:
                found.setdefault(one.path, {})[out.name] = Managed(manager, out.metadata or {})
    return found


def input_managers(node: Node) -> list[str]:
    """The I/O managers that inputs of the ops of a graph name for themselves."""
    op = op_of(node)
    if not isinstance(op.fn, ComposedGraph):
        return []
    named = [one.input_manager_key for each in op.fn.nodes for one in each.op.ins]
    return [name for name in named if name is not None]
