"""The shape of a graph: how far each asset is from the roots, and the order that follows."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from functools import cached_property

from dagbook.definitions.keys import AssetKey
from dagbook.graph.nodes import AssetNode

Nodes = Mapping[AssetKey, AssetNode]
Children = Mapping[AssetKey, tuple[AssetKey, ...]]


class Shape:
    """Holds keys only, so that graphs that differ in other things than their edges can share it.

    `depths` is each key's distance from the roots; assets that wait for each other come last, with
    all that is below them, and then `has_cycle` is true.
    """

    def __init__(
        self, keys: Iterable[AssetKey], depths: dict[AssetKey, int], *, has_cycle: bool
    ) -> None:
        self._keys = tuple(keys)
        self.depths: Mapping[AssetKey, int] = depths
        self.has_cycle = has_cycle

    @cached_property
    def levels(self) -> tuple[tuple[AssetKey, ...], ...]:
        """The keys by their depth, in definition order."""
        depths = self.depths
        found: list[list[AssetKey]] = [[] for _ in range(max(depths.values(), default=-1) + 1)]
        for key in self._keys:
            found[depths[key]].append(key)
        return tuple(map(tuple, found))

    @cached_property
    def order(self) -> tuple[AssetKey, ...]:
        """A topological order: breadth first, ties by definition order."""
        return tuple(sorted(self._keys, key=self.depths.__getitem__))

    @cached_property
    def rank(self) -> Mapping[AssetKey, int]:
        """Each key's place in the order."""
        return {key: place for place, key in enumerate(self.order)}


def shape_of(
    nodes: Nodes,
    children: Children,
    before: Shape | None = None,
    touched: frozenset[AssetKey] = frozenset(),
) -> Shape:
    """The shape of these nodes; with `before` only what is below the `touched` keys is gone through.

    `before`: the shape of a graph that differs from this one in the parents of `touched` alone.
    """
    if before is not None and not before.has_cycle and 4 * len(touched) < len(nodes):
        depths = _moved(nodes, children, before.depths, touched)
        if depths is not None:
            return Shape(nodes, depths, has_cycle=False)
    return _whole(nodes, children)


def _whole(nodes: Nodes, children: Children) -> Shape:
    try:
        return Shape(nodes, _in_turn(nodes), has_cycle=False)
    except KeyError:  # something is defined before what it waits for
        return _by_level(nodes, children)


def _in_turn(nodes: Nodes) -> dict[AssetKey, int]:
    """The depths in one go, as most graphs are defined; raises KeyError where a parent comes later."""
    depths: dict[AssetKey, int] = {}
    for key, node in nodes.items():
        parents = node.parents
        if len(parents) < 2:
            depths[key] = depths[parents[0]] + 1 if parents else 0
        else:
            depths[key] = max([depths[parent] for parent in parents]) + 1
    return depths


def _by_level(nodes: Nodes, children: Children) -> Shape:
    waiting = {key: len(node.parents) for key, node in nodes.items()}
    level = [key for key, count in waiting.items() if count == 0]
    depths: dict[AssetKey, int] = {}
    depth = 0
    while level:
        depths.update(dict.fromkeys(level, depth))
        depth += 1
        below: list[AssetKey] = []
        for key in level:
            for child in children.get(key, ()):
                waiting[child] -= 1
                if waiting[child] == 0:
                    below.append(child)
        level = below
    has_cycle = len(depths) < len(nodes)
    if has_cycle:
        depths.update(dict.fromkeys(nodes.keys() - depths.keys(), depth))
    return Shape(nodes, depths, has_cycle=has_cycle)


def _moved(
    nodes: Nodes, children: Children, known: Mapping[AssetKey, int], touched: frozenset[AssetKey]
) -> dict[AssetKey, int] | None:
    """The depths after the touched keys have other parents; None where a new look is as cheap.

    A ring moves its own members without end, and ends here by the limit.
    """
    depths = dict(known)
    waiting = deque(touched)
    limit = len(nodes) // 2 + len(touched)
    while waiting:
        key = waiting.popleft()
        node = nodes.get(key)
        if node is None:
            depths.pop(key, None)
            continue
        depth = 1 + max([depths.get(parent, 0) for parent in node.parents], default=-1)
        if depths.get(key) != depth:
            depths[key] = depth
            waiting.extend(children.get(key, ()))
            limit -= 1
            if limit < 0:
                return None
    return depths
