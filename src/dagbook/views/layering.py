"""Puts the nodes of a graph into layers from left to right, in an order with few crossings."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from dagbook.records import dataclass

SWEEPS = 6
# Bends of edges longer than this are not worth their time in a picture that nobody can follow.
MOST_BENDS = 4_000


@dataclass(slots=True)
class Layering:
    """`layers` of node numbers; numbers from `real` on are bends of edges that pass a layer.

    `before` and `after` are the neighbours in the layers to the left and right; `routes` maps an
    edge to the bends that it takes; `returns` are the edges that lead back, of nodes that wait for
    each other, which take no part in the order.
    """

    real: int
    layer: list[int]
    layers: list[list[int]] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    routes: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    returns: list[tuple[int, int]] = field(default_factory=list)

    @property
    def bends(self) -> range:
        """The numbers of the bends."""
        return range(self.real, len(self.layer))


def layering(count: int, edges: Sequence[tuple[int, int]], fixed: Collection[int] = ()) -> Layering:
    """Layers for the nodes 0 … count-1; nodes that wait for each other are cut at the first one.

    Roots stand next to who reads them, but for the `fixed` ones, which stay at the left.
    """
    edges = list(dict.fromkeys((a, b) for a, b in edges if a != b))
    layer = _layers(count, edges, fixed)
    found = Layering(count, layer, [[] for _ in range(max(layer, default=-1) + 1)])
    found.before = [[] for _ in range(count)]
    found.after = [[] for _ in range(count)]
    found.returns = [(a, b) for a, b in edges if layer[a] >= layer[b]]
    onward = [(a, b) for a, b in edges if layer[a] < layer[b]]
    bends = sum(layer[b] - layer[a] - 1 for a, b in onward)
    for a, b in onward:
        _route(found, a, b, bend=bends <= MOST_BENDS)
    for node, place in enumerate(found.layer):
        found.layers[place].append(node)
    _uncross(found)
    return found


def _layers(count: int, edges: Iterable[tuple[int, int]], fixed: Collection[int]) -> list[int]:
    """The longest way to each node from a root; then roots move right, next to who reads them."""
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for a, b in edges:
        after[a].append(b)
        waits[b] += 1
    layer = [0] * count
    ready = [node for node in range(count) if not waits[node]]
    roots = list(ready)
    done = [False] * count
    rest = iter(range(count))
    while True:
        while ready:
            node = ready.pop()
            done[node] = True
            for other in after[node]:
                if done[other]:
                    continue
                layer[other] = max(layer[other], layer[node] + 1)
                waits[other] -= 1
                if not waits[other]:
                    ready.append(other)
        stuck = next((node for node in rest if not done[node]), None)
        if stuck is None:
            break
        ready.append(stuck)
    for node in roots:
        ahead = [layer[other] for other in after[node]]
        if ahead and node not in fixed:
            layer[node] = max(0, min(ahead) - 1)
    return layer


def _route(found: Layering, a: int, b: int, *, bend: bool) -> None:
    chain = [a]
    if bend:
        for place in range(found.layer[a] + 1, found.layer[b]):
            chain.append(len(found.layer))
            found.layer.append(place)
            found.before.append([])
            found.after.append([])
    chain.append(b)
    for left, right in pairwise(chain):
        found.after[left].append(right)
        found.before[right].append(left)
    found.routes[a, b] = chain[1:-1]


def _uncross(found: Layering) -> None:
    """Sort each layer by where its neighbours are, to and fro, and keep the best order seen."""
    place: dict[int, float] = {}
    for layer in found.layers:
        _settle(layer, place)
    best, least = [list(layer) for layer in found.layers], crossings(found)
    for sweep in range(SWEEPS):
        rightward = sweep % 2 == 0
        for layer in found.layers if rightward else reversed(found.layers):
            neighbours = found.before if rightward else found.after
            layer.sort(key=lambda node: _centre(neighbours[node], place, place[node]))
            _settle(layer, place)
        count = crossings(found)
        if count < least:
            best, least = [list(layer) for layer in found.layers], count
        if not least:
            break
    found.layers = best


def _settle(layer: Sequence[int], place: dict[int, float]) -> None:
    size = max(len(layer), 1)
    for index, node in enumerate(layer):
        place[node] = (index + 0.5) / size


def _centre(neighbours: Sequence[int], place: Mapping[int, float], own: float) -> float:
    if not neighbours:
        return own
    return sum([place[node] for node in neighbours]) / len(neighbours)


def crossings(found: Layering) -> int:
    """How often edges between neighbouring layers cross."""
    total = 0
    for left, right in pairwise(found.layers):
        place = {node: index for index, node in enumerate(right)}
        seen: list[int] = []
        for node in left:
            ends = sorted(place[other] for other in found.after[node] if other in place)
            total += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return total
