"""Finds heights for the nodes of layers: near their neighbours, and never on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dagbook.views.layering import Layering

PASSES = 12
# How much the middle of its box counts for a node, against its neighbours.
TOGETHER = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Distances in pixels: of a node's half height, between things, and from a box to its content."""

    half: float
    between: float
    between_bends: float
    padding: float
    title: float


@dataclass(frozen=True, slots=True)
class _Problem:
    """Variables (nodes, then the top and bottom of each box) in an order that all demands follow.

    A demand says that the second variable lies at least the third below the first.
    """

    order: Sequence[int]
    demands_on: Sequence[Sequence[tuple[int, float]]]
    demands_of: Sequence[Sequence[tuple[int, float]]]


def rows(found: Layering, boxes: Sequence[Sequence[int]], spacing: Spacing) -> list[float]:
    """The height of every node; members of a box stay together and keep all others out."""
    step = 2 * spacing.half + spacing.between
    start = [0.0] * len(found.layer)
    for layer in found.layers:
        for place, node in enumerate(layer):
            start[node] = (place - len(layer) / 2) * step
    free = _solve(found, _problem(found, (), start, spacing), (), start, spacing)
    if not boxes:
        return free
    boxed = _solve(found, _problem(found, boxes, free, spacing), boxes, free, spacing)
    return _dodged(found, boxed, spacing)


def _problem(
    found: Layering, boxes: Sequence[Sequence[int]], heights: Sequence[float], spacing: Spacing
) -> _Problem:
    count = len(found.layer)
    size = count + 2 * len(boxes)
    order = _order(found, boxes, heights)
    rank = {variable: place for place, variable in enumerate(order)}
    above, below = _margins(found, len(boxes), spacing)
    # Edges may cross a box, so that where there are boxes their bends demand nothing.
    present = [[n for n in layer if not boxes or n < found.real] for layer in found.layers]
    for box, members in enumerate(boxes):
        places = [found.layer[node] for node in members]
        for place in range(min(places), max(places) + 1):
            present[place] += [count + 2 * box, count + 2 * box + 1]
    demands_on: list[list[tuple[int, float]]] = [[] for _ in range(size)]
    demands_of: list[list[tuple[int, float]]] = [[] for _ in range(size)]
    for variables in present:
        for a, b in pairwise(sorted(variables, key=rank.__getitem__)):
            distance = below[a] + above[b]
            demands_on[b].append((a, distance))
            demands_of[a].append((b, distance))
    return _Problem(order, demands_on, demands_of)


def _order(found: Layering, boxes: Sequence[Sequence[int]], heights: Sequence[float]) -> list[int]:
    """All variables by the height of their block: a box is one block, any other node its own."""
    count = len(found.layer)
    boxed = {node for members in boxes for node in members}
    blocks = [(heights[node], [node]) for node in range(count) if node not in boxed]
    for box, members in enumerate(boxes):
        middle = sum(heights[node] for node in members) / len(members)
        within = sorted(members, key=heights.__getitem__)
        blocks.append((middle, [count + 2 * box, *within, count + 2 * box + 1]))
    blocks.sort(key=lambda block: (block[0], block[1]))
    return [variable for _, block in blocks for variable in block]


def _margins(found: Layering, boxes: int, spacing: Spacing) -> tuple[list[float], list[float]]:
    """The room that each variable needs above and below itself."""
    node = spacing.half + spacing.between / 2
    bends = len(found.layer) - found.real
    plain = [node] * found.real + [spacing.between_bends / 2] * bends
    edge = spacing.between / 2
    above = plain + [edge, spacing.padding - edge] * boxes
    below = plain + [spacing.padding + spacing.title - edge, edge] * boxes
    return above, below


def _solve(
    found: Layering,
    problem: _Problem,
    boxes: Sequence[Sequence[int]],
    heights: Sequence[float],
    spacing: Spacing,
) -> list[float]:
    """Pull every node towards its neighbours, and meet all demands after each pull.

    Pushing down and pushing up each meet all demands, and so does the mean of both.
    """
    count = len(found.layer)
    y = list(heights[:count])
    for _ in range(PASSES):
        wish = [_pull(found, y, node) for node in range(count)]
        for members in boxes:
            middle = sum([y[node] for node in members]) / len(members)
            for node in members:
                wish[node] += (middle - wish[node]) * TOGETHER
            inside = [wish[node] for node in members]
            wish.append(min(inside) - spacing.half - spacing.padding - spacing.title)
            wish.append(max(inside) + spacing.half + spacing.padding)
        low, high = list(wish), list(wish)
        for v in problem.order:
            for other, distance in problem.demands_on[v]:
                low[v] = max(low[v], low[other] + distance)
        for v in reversed(problem.order):
            for other, distance in problem.demands_of[v]:
                high[v] = min(high[v], high[other] - distance)
        y = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    return y[:count]


def _dodged(found: Layering, heights: list[float], spacing: Spacing) -> list[float]:
    """The heights with each bend moved to the nearest place where it lies on no node."""
    reach = spacing.half + spacing.between / 2
    for layer in found.layers:
        nodes = sorted(heights[node] for node in layer if node < found.real)
        for bend in layer:
            if bend >= found.real:
                heights[bend] = _nearest_gap(heights[bend], nodes, reach)
    return heights


def _nearest_gap(wish: float, nodes: Sequence[float], reach: float) -> float:
    places = [wish, *[y - reach for y in nodes], *[y + reach for y in nodes]]
    free = [p for p in places if all(abs(p - y) >= reach - 0.01 for y in nodes)]
    return min(free, key=lambda place: (abs(place - wish), place))


def _pull(found: Layering, y: Sequence[float], node: int) -> float:
    """The mean height of the neighbours on both sides; where the node is if it has none."""
    before, after = found.before[node], found.after[node]
    if not before and not after:
        return y[node]
    sides = [sum([y[other] for other in side]) / len(side) for side in (before, after) if side]
    return sum(sides) / len(sides)
