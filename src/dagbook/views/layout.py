"""Computes where the nodes, the boxes of groups and the bends of edges lie in a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dagbook.views.dag import DagView, NodeView
from dagbook.views.layering import Layering, layering
from dagbook.views.lettering import width_of
from dagbook.views.rows import Spacing, rows

NODE_HEIGHT = 46.0
LABEL_SIZE = 13.0
NOTE_SIZE = 11.5
LEAST_WIDTH = 112.0
# Bold letters are so much wider.
BOLD = 1.06
# The longest second lines that a node comes to have, as a rule.
RESERVED_FOR_CHECKS = "● missing · 2 of 2 unchecked"
RESERVED_FOR_GROUP = "12 ● stale · 30 ✓ fresh"
BETWEEN_LAYERS = 56.0
BOX_PADDING = 12.0
BOX_TITLE = 20.0
SPACING = Spacing(
    half=NODE_HEIGHT / 2, between=16.0, between_bends=8.0, padding=BOX_PADDING, title=BOX_TITLE
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its centre and its size, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where everything lies: nodes and group boxes by id, bends of edges, and the whole's size."""

    nodes: Mapping[str, Box]
    groups: Mapping[str, Box]
    bends: Mapping[tuple[str, str], tuple[tuple[float, float], ...]]
    width: float
    height: float


def arrange(view: DagView) -> Arrangement:
    """Lay the picture out from left to right; a box of a group holds no node of another."""
    ids = [node.id for node in view.nodes]
    number = {name: place for place, name in enumerate(ids)}
    pairs = [(number[edge.source], number[edge.target]) for edge in view.edges]
    widths = [node_width(node) for node in view.nodes]
    boxes = [[number[member] for member in group.members] for group in view.groups]
    found = layering(len(ids), pairs, {member for members in boxes for member in members})
    heights = rows(found, boxes, SPACING)
    spans = _spans(found, widths)
    middles = [x + BETWEEN_LAYERS * i for i, x in enumerate(_middles(spans))]
    nodes = {
        name: Box(middles[found.layer[i]], heights[i], spans[found.layer[i]], NODE_HEIGHT)
        for i, name in enumerate(ids)
    }
    bends = {
        (ids[a], ids[b]): _lane([(found.layer[i], heights[i]) for i in route], middles, spans)
        for (a, b), route in found.routes.items()
        if route
    }
    groups = {
        group.id: _around([nodes[member] for member in group.members]) for group in view.groups
    }
    return _moved(nodes, groups, bends)


def node_width(node: NodeView) -> float:
    """The width in pixels that holds both lines, also when the state becomes another one."""
    later = RESERVED_FOR_GROUP if node.is_group else RESERVED_FOR_CHECKS if node.checks else ""
    inner = max(
        width_of(node.label, LABEL_SIZE), *(width_of(t, NOTE_SIZE) for t in (node.note, later))
    )
    return float(round(max(LEAST_WIDTH, inner * BOLD + 26.0)))


def _spans(found: Layering, widths: Sequence[float]) -> list[float]:
    """The width of each layer: all its cards are as wide as the widest."""
    return [
        max((widths[node] for node in layer if node < found.real), default=24.0)
        for layer in found.layers
    ]


def _middles(spans: Sequence[float]) -> list[float]:
    """The middle of each layer, were there no room between them."""
    return [end - span / 2 for end, span in zip(accumulate(spans), spans, strict=True)]


def _lane(
    route: Sequence[tuple[int, float]], middles: Sequence[float], spans: Sequence[float]
) -> tuple[tuple[float, float], ...]:
    """The points of a long edge: it passes each layer level, between the cards."""
    points = []
    for layer, y in route:
        points += [(middles[layer] - spans[layer] / 2, y), (middles[layer] + spans[layer] / 2, y)]
    return tuple(points)


def _around(nodes: Sequence[Box]) -> Box:
    left = min(box.x - box.width / 2 for box in nodes) - BOX_PADDING
    right = max(box.x + box.width / 2 for box in nodes) + BOX_PADDING
    top = min(box.y - box.height / 2 for box in nodes) - BOX_PADDING - BOX_TITLE
    bottom = max(box.y + box.height / 2 for box in nodes) + BOX_PADDING
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def _moved(
    nodes: Mapping[str, Box],
    groups: Mapping[str, Box],
    bends: Mapping[tuple[str, str], tuple[tuple[float, float], ...]],
) -> Arrangement:
    """The same picture with its upper left corner at nought."""
    every = [*nodes.values(), *groups.values()]
    if not every:
        return Arrangement({}, {}, {}, 0.0, 0.0)
    left = min(box.x - box.width / 2 for box in every)
    top = min(box.y - box.height / 2 for box in every)
    points = [y for route in bends.values() for _, y in route]
    top = min([top, *points])
    bottom = max([box.y + box.height / 2 for box in every] + points)
    right = max(box.x + box.width / 2 for box in every)

    def shift(box: Box) -> Box:
        return Box(round(box.x - left, 1), round(box.y - top, 1), box.width, round(box.height, 1))

    return Arrangement(
        {name: shift(box) for name, box in nodes.items()},
        {name: shift(box) for name, box in groups.items()},
        {
            edge: tuple((round(x - left, 1), round(y - top, 1)) for x, y in route)
            for edge, route in bends.items()
        },
        round(right - left, 1),
        round(bottom - top, 1),
    )
