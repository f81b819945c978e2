"""Trees to keys: what a selection holds in a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dagbook.definitions.keys import AssetKey
from dagbook.selection import index
from dagbook.selection.index import NO_KEYS, Keys, per_graph
from dagbook.selection.leaves import of_attribute, of_key, of_tag
from dagbook.selection.names import check_names
from dagbook.selection.protocol import NOTHING_KNOWN, SelectableGraph, World
from dagbook.selection.tree import (
    UNLIMITED,
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
    found = NO_KEYS
    if node.up is not None:
        above = start | _reached(start, graph.parents, node.up)
        # Upstream leaves external assets out, the start among them.
        found = above & index.computed(graph)
    if node.down is not None:
        found |= start | _reached(start, graph.children, node.down)
    return found


def _reached(
    start: Keys, step: Callable[[AssetKey], Iterable[AssetKey]], depth: int = UNLIMITED
) -> set[AssetKey]:
    """What up to `depth` steps lead to; of the start, what another member of it leads to."""
    reached: set[AssetKey] = set()
    edge: Iterable[AssetKey] = start
    while edge and depth > 0:
        found = set().union(*map(step, edge))
        edge = found - reached - start
        reached |= found
        depth -= 1
    return reached


def _sinks(keys: Keys, graph: SelectableGraph) -> Keys:
    if keys is index.computed(graph):
        return _sinks_of_all(graph)
    # Whoever leads to a member is upstream of it: one walk from all members finds them all.
    return keys - _reached(keys, graph.parents)


def _roots(keys: Keys, graph: SelectableGraph) -> Keys:
    if keys is index.computed(graph):
        return _roots_of_all(graph)
    return keys - _reached(keys, graph.children)


@per_graph
def _sinks_of_all(graph: SelectableGraph) -> Keys:
    keys = index.computed(graph)
    return keys - _reached(keys, graph.parents)


@per_graph
def _roots_of_all(graph: SelectableGraph) -> Keys:
    keys = index.computed(graph)
    return keys - _reached(keys, graph.children)


_FUNCTIONS: dict[str, Callable[[Keys, SelectableGraph], Keys]] = {
    "sinks": _sinks,
    "roots": _roots,
    "checks": lambda keys, graph: NO_KEYS,
    "without_checks": lambda keys, graph: keys,
}
