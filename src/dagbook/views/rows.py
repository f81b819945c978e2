"""Finds heights for the nodes of layers: near their neighbours, and never on top of each other."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from dagbook.records import dataclass
from dagbook.views.layering import Layering

PASSES = 12
# How much the middle of its box counts for a node, against its neighbours.
TOGETHER = 0.3
# Pixels by which nodes that are nearly on one level differ; and of how many it is looked at.
NEARLY, MOST_LEVELLED = 12.0, 200
# How much more a neighbour in the same tight box counts than one outside it.
INSIDE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Distances in pixels: of a node's half height, between things, and from a box to its content."""

    half: float
    between: float
    between_bends: float
    padding: float
    title: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A box by the numbers of all nodes in it, and of the box around it, which comes before it.

    What is in a `tight` one keeps in line with each other more than with what is outside.
    """

    members: Sequence[int]
    within: int | None = None
    tight: bool = False


@dataclass(frozen=True, slots=True)
class _Problem:
    """Variables (nodes, then the top and bottom of each box) in an order that all demands follow.

    A demand says that the second variable lies at least the third below the first.
    """

    order: Sequence[int]
    demands_on: Sequence[Sequence[tuple[int, float]]]
    demands_of: Sequence[Sequence[tuple[int, float]]]


def rows(found: Layering, boxes: Sequence[Frame], spacing: Spacing) -> list[float]:
    """The height of every node; members of a box stay together and keep all others out."""
    step = 2 * spacing.half + spacing.between
    start = [0.0] * len(found.layer)
    for layer in found.layers:
        for place, node in enumerate(layer):
            start[node] = (place - len(layer) / 2) * step
    free = _solve(found, _problem(found, (), start, spacing), (), start, spacing)
    if not boxes:
        return _levelled(found, _problem(found, (), start, spacing), (), free, spacing)
    problem = _problem(found, boxes, free, spacing)
    boxed = _solve(found, problem, boxes, free, spacing)
    straight = _straightened(found, problem, boxes, boxed, spacing)
    return _levelled(found, problem, boxes, straight, spacing)


def _problem(
    found: Layering, boxes: Sequence[Frame], heights: Sequence[float], spacing: Spacing
) -> _Problem:
    count = len(found.layer)
    size = count + 2 * len(boxes)
    order = _order(found, boxes, heights)
    rank = {variable: place for place, variable in enumerate(order)}
    above, below = _margins(found, len(boxes), spacing)
    # Edges may cross a box, so that where there are boxes their bends demand nothing.
    present = [[n for n in layer if not boxes or n < found.real] for layer in found.layers]
    for box, frame in enumerate(boxes):
        places = [found.layer[node] for node in frame.members]
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


def _order(found: Layering, boxes: Sequence[Frame], heights: Sequence[float]) -> list[int]:
    """All variables by the height of their block: a box is one block, any other node its own."""
    innermost: dict[int, int] = {}
    for box, frame in enumerate(boxes):
        innermost.update(dict.fromkeys(frame.members, box))
    count = len(found.layer)
    blocks: dict[int | None, list[tuple[float, list[int]]]] = {}
    for node in range(count):
        blocks.setdefault(innermost.get(node), []).append((heights[node], [node]))
    # Inner boxes come last, so that each is whole before the one around it.
    for box in reversed(range(len(boxes))):
        frame = boxes[box]
        middle = sum(heights[node] for node in frame.members) / len(frame.members)
        whole = [count + 2 * box, *_in_order(blocks.get(box, [])), count + 2 * box + 1]
        blocks.setdefault(frame.within, []).append((middle, whole))
    return _in_order(blocks.get(None, []))


def _in_order(blocks: list[tuple[float, list[int]]]) -> list[int]:
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
    boxes: Sequence[Frame],
    heights: Sequence[float],
    spacing: Spacing,
) -> list[float]:
    """Pull every node towards its neighbours, and meet all demands after each pull.

    Pushing down and pushing up each meet all demands, and so does the mean of both.
    """
    count = len(found.layer)
    y = list(heights[:count])
    own = {n: frozenset(box.members) for box in boxes if box.tight for n in box.members}
    for _ in range(PASSES):
        wish = _wishes(found, y[:count], boxes, own)
        wish += edges_of(boxes, wish, spacing)
        low, high = list(wish), list(wish)
        for v in problem.order:
            for other, distance in problem.demands_on[v]:
                low[v] = max(low[v], low[other] + distance)
        for v in reversed(problem.order):
            for other, distance in problem.demands_of[v]:
                high[v] = min(high[v], high[other] - distance)
        y = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    for _ in range(PASSES if boxes else 0):
        wish = _wishes(found, y[:count], boxes, own)
        wish += edges_of(boxes, wish, spacing)
        _drawn_together(problem, y, wish)
    return y[:count]


def _wishes(
    found: Layering,
    y: Sequence[float],
    boxes: Sequence[Frame],
    own: Mapping[int, Collection[int]],
) -> list[float]:
    """Where each node would be for its neighbours, and for the middle of its box."""
    wish = [_pull(found, y, node, own.get(node, ())) for node in range(len(y))]
    for frame in boxes:
        middle = sum([y[node] for node in frame.members]) / len(frame.members)
        for node in frame.members:
            wish[node] += (middle - wish[node]) * TOGETHER
    return wish


def _drawn_together(problem: _Problem, y: list[float], wish: Sequence[float]) -> None:
    """Move each as near to its wish as the demands let it, where the others are.

    The mean of pushing down and up leaves room wherever only one of both had to push.
    """
    for order in (problem.order, problem.order[::-1]):
        for v in order:
            least = max([y[o] + d for o, d in problem.demands_on[v]], default=-math.inf)
            most = min([y[o] - d for o, d in problem.demands_of[v]], default=math.inf)
            if least <= most:
                y[v] = min(max(wish[v], least), most)


def edges_of(boxes: Sequence[Frame], wish: Sequence[float], spacing: Spacing) -> list[float]:
    """Where the top and the bottom of each box would be, close around what is in it."""
    edges = [0.0] * (2 * len(boxes))
    inner: dict[int | None, list[int]] = {}
    for box in reversed(range(len(boxes))):
        frame = boxes[box]
        within = inner.get(box, [])
        tops = [wish[node] - spacing.half for node in frame.members]
        bottoms = [wish[node] + spacing.half for node in frame.members]
        top = min(tops + [edges[2 * other] for other in within])
        bottom = max(bottoms + [edges[2 * other + 1] for other in within])
        edges[2 * box] = top - spacing.padding - spacing.title
        edges[2 * box + 1] = bottom + spacing.padding
        inner.setdefault(frame.within, []).append(box)
    return edges


def _straightened(
    found: Layering,
    problem: _Problem,
    boxes: Sequence[Frame],
    heights: list[float],
    spacing: Spacing,
) -> list[float]:
    """The heights with every chain in a tight box on one level, where no demand speaks against it."""
    for box in boxes:
        if not box.tight or (box.within is not None and boxes[box.within].tight):
            continue
        for chain in _chains(found, frozenset(box.members)):
            heights = _on_one_level(chain, problem, boxes, heights, spacing)
    return heights


def _levelled(
    found: Layering,
    problem: _Problem,
    boxes: Sequence[Frame],
    heights: list[float],
    spacing: Spacing,
) -> list[float]:
    """The heights with all nodes on one level that are nearly so; a slight slope looks like a fault."""
    if found.real > MOST_LEVELLED:
        return heights
    rest = sorted(range(found.real), key=heights.__getitem__)
    while rest:
        near = [node for node in rest if heights[node] - heights[rest[0]] < NEARLY]
        rest = rest[len(near) :]
        heights = _on_one_level(near, problem, boxes, heights, spacing)
    return heights


def _on_one_level(
    nodes: Sequence[int],
    problem: _Problem,
    boxes: Sequence[Frame],
    heights: list[float],
    spacing: Spacing,
) -> list[float]:
    """The heights with these nodes on one level, where no demand speaks against it."""
    own = [heights[node] for node in nodes]
    for level in (sum(own) / len(own), *sorted(own)):
        tried = list(heights)
        for node in nodes:
            tried[node] = level
        if _meets(problem, [*tried, *edges_of(boxes, tried, spacing)]):
            return tried
    return heights


def _chains(found: Layering, members: Collection[int]) -> Iterator[list[int]]:
    """Nodes of which each is the only one after the other and before it, within these."""
    after = {node: [n for n in found.after[node] if n in members] for node in members}
    before = {node: [n for n in found.before[node] if n in members] for node in members}
    follows = {a: b[0] for a, b in after.items() if len(b) == 1 and len(before[b[0]]) == 1}
    for first in sorted(follows.keys() - set(follows.values())):
        chain = [first]
        while chain[-1] in follows:
            chain.append(follows[chain[-1]])
        yield chain


def _meets(problem: _Problem, heights: Sequence[float]) -> bool:
    """Whether every demand is met."""
    return all(
        heights[below] - heights[above] >= distance - 0.01
        for below, demands in enumerate(problem.demands_on)
        for above, distance in demands
    )


def _pull(found: Layering, y: Sequence[float], node: int, own: Collection[int]) -> float:
    """The mean height of the neighbours on both sides; where the node is if it has none.

    `own` are the nodes in its tight box.
    """
    total = weights = 0.0
    for side in (found.before[node], found.after[node]):
        if side:
            inside = [other for other in side if other in own]
            weight = INSIDE if inside else 1.0
            near = inside or side
            total += weight * sum([y[other] for other in near]) / len(near)
            weights += weight
    return total / weights if weights else y[node]
