"""The checks that a selection holds: those of its assets, unless it says otherwise."""

from __future__ import annotations

from dagbook.definitions.keys import AssetCheckKey
from dagbook.selection import index
from dagbook.selection.index import Keys
from dagbook.selection.names import check_names
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import And, Call, CheckNamed, Except, Not, Or, Selection

CheckKeys = frozenset[AssetCheckKey]


def resolve_checks(
    tree: Selection,
    graph: SelectableGraph,
    world: World = NOTHING_KNOWN,
    *,
    strict_names: bool = False,
) -> CheckKeys:
    """The checks that a selection holds; arguments and errors as for `resolve`."""
    if strict_names:
        check_names(tree, graph, world)
    return _held(tree, graph, world)


def _held(node: Selection, graph: SelectableGraph, world: World) -> CheckKeys:
    match node:
        case Or() | And() | Except() | Not():
            return _joined(node, [_held(part, graph, world) for part in node.parts], graph)
        case Call(name="without_checks"):
            return frozenset()
        case Call(name="checks", child=child):
            return _on(resolve(child, graph, world), graph)
        case CheckNamed():
            return frozenset([key for key in graph.checks if str(key) == node.name])
        case _:
            return _on(resolve(node, graph, world), graph)


def _joined(node: Selection, held: list[CheckKeys], graph: SelectableGraph) -> CheckKeys:
    match node:
        case Or():
            return held[0].union(*held[1:])
        case And():
            return held[0].intersection(*held[1:])
        case Except():
            return held[0].difference(*held[1:])
        case _:
            return _on(index.computed(graph), graph) - held[0]


def _on(assets: Keys, graph: SelectableGraph) -> CheckKeys:
    return frozenset([key for key in graph.checks if key.asset_key in assets])
