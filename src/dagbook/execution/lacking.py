"""What a graph of ops can still make where something above it was skipped or failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.keys import AssetKey
from dagbook.execution.ledger import Ledger
from dagbook.graph.nodes import AssetNode

if TYPE_CHECKING:
    from dagbook.execution.feeding import Gap


def is_graph(node: AssetNode) -> bool:
    """Whether a graph of ops makes the asset."""
    return node.op is not None and isinstance(node.op.fn, ComposedGraph)


def gaps(ledger: Ledger, node: AssetNode) -> dict[str, Gap]:
    """The inputs of a graph whose asset was skipped, or failed or did not run."""
    found: dict[str, Gap] = {}
    for name, key in _sources(ledger, node).items():
        obstacle = ledger.obstacle((key,))
        if obstacle is not None:
            found[name] = "skipped" if obstacle[0] == "skipped" else "failed"
    return found


def free_nodes(ledger: Ledger, nodes: list[AssetNode]) -> list[AssetNode]:
    """Those of these assets of one graph that can be made now."""
    node = nodes[0]
    assert node.op is not None
    assert node.definition is not None
    assert isinstance(node.op.fn, ComposedGraph)
    lacking = gaps(ledger, node)
    if not lacking:
        possible = frozenset(node.op.fn.outputs)
    else:
        possible = node.op.fn.possible({name: why == "skipped" for name, why in lacking.items()})
    own = {one.key for one in nodes}
    reads = set(_sources(ledger, node).values())
    return [
        one
        for one in nodes
        if node.definition.output_of(one.key) in possible
        and ledger.obstacle(tuple([p for p in one.waited if p not in own | reads])) is None
    ]


def _sources(ledger: Ledger, node: AssetNode) -> dict[str, AssetKey]:
    """The asset behind each input of a graph, whichever of its outputs uses it."""
    definition, op = node.definition, node.op
    assert definition is not None
    assert op is not None
    found = {one.name: definition.ins.get(one.name, AssetKey(one.name)) for one in op.ins}
    for key in definition.keys:
        for item in ledger.world.graph.nodes[key].inputs:
            found[item.name] = item.key
    return found
