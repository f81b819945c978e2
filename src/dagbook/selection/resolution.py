"""Trees to keys: what a selection holds in a graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagbook.selection import index, walks
from dagbook.selection.index import NO_KEYS, Keys, per_graph
from dagbook.selection.leaves import of_attribute, of_key, of_tag
from dagbook.selection.names import check_names
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.tree import (
    All,
    And,
    Attribute,
    Call,
    Except,
    Key,
    Not,
    Or,
    Selection,
    Tag,
    Traversal,
)


def resolve(
    tree: Selection,
    graph: SelectableGraph,
    world: World = NOTHING_KNOWN,
    *,
    strict_names: bool = False,
) -> Keys:
    """The keys that a selection holds.

    `world` answers what definitions do not say; with `strict_names` a name without `*` that
    nothing has is an error, else it holds no key. Raises UnknownNameInSelection and
    SelectionNotAnswerable.
    """
    if strict_names:
        check_names(tree, graph, world)
    return _resolved(tree, graph, world)


def _resolved(node: Selection, graph: SelectableGraph, world: World) -> Keys:
    parts = [_resolved(part, graph, world) for part in node.parts]
    return combined(node, parts, graph, world)


def combined(node: Selection, parts: Sequence[Keys], graph: SelectableGraph, world: World) -> Keys:
    """The keys of a node, given those of its parts."""
    match node:
        case Key():
            return of_key(node, graph)
        case Attribute():
            return of_attribute(node, graph, world)
        case Tag():
            return of_tag(node, graph)
        case All():
            return index.everything(graph) if node.external else index.computed(graph)
        case Traversal():
            return _traversed(node, parts[0], graph)
        case Call():
            return _FUNCTIONS[node.name](parts[0], graph)
        case Not():
            return index.computed(graph) - parts[0]
        case And():
            return parts[0].intersection(*parts[1:])
        case Or():
            return parts[0].union(*parts[1:])
        case Except():
            return parts[0].difference(*parts[1:])
        case _:
            # Single checks are no assets; see `checks`.
            return NO_KEYS


def _traversed(node: Traversal, start: Keys, graph: SelectableGraph) -> Keys:
    above = below = NO_KEYS
    if node.up is not None:
        # Upstream leaves external assets out, the start among them.
        above = walks.upstream(start, graph, node.up) & index.computed(graph)
    if node.down is not None:
        below = walks.downstream(start, graph, node.down)
    return above | below if above and below else above or below


def _sinks(keys: Keys, graph: SelectableGraph) -> Keys:
    # `sinks(*)` is asked most and takes longest.
    everyone = keys is index.computed(graph)
    return _sinks_of_all(graph) if everyone else walks.sinks(keys, graph)


def _roots(keys: Keys, graph: SelectableGraph) -> Keys:
    everyone = keys is index.computed(graph)
    return _roots_of_all(graph) if everyone else walks.roots(keys, graph)


@per_graph
def _sinks_of_all(graph: SelectableGraph) -> Keys:
    inside = index.computed(graph)
    if not index.externals_only_begin(graph):
        return walks.sinks(inside, graph)
    # In the order of the graph, which lies in memory as it was made; a set would jump about in it.
    nodes = graph.nodes.items()
    return frozenset([k for k, node in nodes if not graph.children(k) and not node.is_external])


@per_graph
def _roots_of_all(graph: SelectableGraph) -> Keys:
    inside = index.computed(graph)
    if not index.externals_only_begin(graph):
        return walks.roots(inside, graph)
    return frozenset([key for key in inside if inside.isdisjoint(graph.parents(key))])


_FUNCTIONS: dict[str, Callable[[Keys, SelectableGraph], Keys]] = {
    "sinks": _sinks,
    "roots": _roots,
    "checks": lambda keys, graph: NO_KEYS,
    "without_checks": lambda keys, graph: keys,
}
