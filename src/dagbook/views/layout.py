"""Computes where the nodes, the boxes of groups and the bends of edges lie in a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from dagbook.records import dataclass
from dagbook.views.layering import Layering, layering
from dagbook.views.lettering import width_of
from dagbook.views.packing import connected, extent, packed, scale_in
from dagbook.views.parts import BoxView, DagView, NodeView
from dagbook.views.rows import Frame, Spacing, rows
from dagbook.views.settling import compacted, dodged

NODE_HEIGHT = 46.0
LABEL_SIZE = 13.0
NOTE_SIZE = 11.5
LEAST_WIDTH = 112.0
# Bold letters are so much wider.
BOLD = 1.06
# The room beside a title in its box.
BESIDE_TITLE = 24.0
# The longest second lines that a node comes to have, as a rule.
RESERVED_FOR_CHECKS = "● missing · 2 of 2 unchecked"
RESERVED_FOR_GROUP = "12 ● stale · 30 ✓ fresh"
RESERVED_FOR_STATE = "○ missing"
RESERVED_FOR_OP = "○ no run yet"
BETWEEN_LAYERS = 56.0
# What of it no box may take, for the arrows.
FOR_ARROWS = 32.0
# How far an edge that leads back goes out beside its cards, to turn.
TURN = 24.0
# About what a notebook's cell shows at once: more is made smaller.
ROOM = (1000.0, 520.0)
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
    """Where everything lies: nodes and boxes by id, bends of edges, and the whole's size.

    In a picture that goes `down` edges leave below and arrive above; those with bends leave and
    arrive at the left.
    """

    nodes: Mapping[str, Box]
    boxes: Mapping[str, Box]
    bends: Mapping[tuple[str, str], tuple[tuple[float, float], ...]]
    width: float
    height: float
    down: bool = False


def arrange(view: DagView) -> Arrangement:
    """Lay the picture out from left to right; a box of a group holds no node of another.

    Where it can't be read as a whole, parts that nothing connects stand beside each other.
    """
    place = _in_layers(view)
    if scale_of(place) == 1 or len(parts := _parts(view)) < 2:
        return place
    places = [_in_layers(part) for part in parts]
    sizes = [(each.width, each.height) for each in places]
    corners = packed(sizes, ROOM)
    width, height = extent(sizes, corners)
    if scale_in(ROOM, (width, height)) <= scale_of(place):
        return place
    found = Arrangement({}, {}, {}, width, height)
    for each, corner in zip(places, corners, strict=True):
        found = _with_part(found, each, corner)
    return found


def scale_of(place: Arrangement) -> float:
    """How large the picture is drawn where a notebook shows it at once."""
    return scale_in(ROOM, (place.width, place.height))


def _parts(view: DagView) -> list[DagView]:
    """The parts of the picture between which there are no edges, and which share no box."""
    number = {node.id: place for place, node in enumerate(view.nodes)}
    links = [[number[edge.source], number[edge.target]] for edge in view.edges]
    links += [[number[member] for member in box.members] for box in view.boxes]
    parts = []
    for part in connected(len(view.nodes), links):
        ids = {view.nodes[each].id for each in part}
        parts.append(
            replace(
                view,
                nodes=tuple(view.nodes[each] for each in part),
                edges=tuple(edge for edge in view.edges if edge.source in ids),
                boxes=tuple(box for box in view.boxes if ids.issuperset(box.members)),
            )
        )
    return parts


def _with_part(whole: Arrangement, part: Arrangement, corner: tuple[float, float]) -> Arrangement:
    """The whole with a part whose upper left corner is there."""
    left, top = corner

    def there(boxes: Mapping[str, Box]) -> dict[str, Box]:
        return {id: replace(box, x=box.x + left, y=box.y + top) for id, box in boxes.items()}

    bends = {
        edge: tuple((x + left, y + top) for x, y in route) for edge, route in part.bends.items()
    }
    return replace(
        whole,
        nodes={**whole.nodes, **there(part.nodes)},
        boxes={**whole.boxes, **there(part.boxes)},
        bends={**whole.bends, **bends},
    )


def _in_layers(view: DagView) -> Arrangement:
    """The picture with all that nothing comes before at the left."""
    ids = [node.id for node in view.nodes]
    number = {name: place for place, name in enumerate(ids)}
    pairs = [(number[edge.source], number[edge.target]) for edge in view.edges]
    widths = [node_width(node) for node in view.nodes]
    boxes = _frames(view, number)
    found = layering(len(ids), pairs, _fixed(view, number))
    heights = rows(found, boxes, SPACING)
    if boxes:
        heights = dodged(found, heights, boxes, SPACING)
    heights = compacted(found, heights, boxes, SPACING)
    gaps = _gaps(found, boxes)
    spans = _with_titles(_spans(found, widths), found, view, boxes, gaps)
    middles = [x + gap for x, gap in zip(_middles(spans), accumulate(gaps), strict=True)]
    nodes = {
        name: Box(middles[found.layer[i]], heights[i], spans[found.layer[i]], NODE_HEIGHT)
        for i, name in enumerate(ids)
    }
    bends = {
        (ids[a], ids[b]): _lane([(found.layer[i], heights[i]) for i in route], middles, spans)
        for (a, b), route in found.routes.items()
        if route
    }
    drawn = around(view.boxes, nodes)
    bends |= _returns([(ids[a], ids[b]) for a, b in found.returns], nodes, drawn)
    return moved(nodes, drawn, bends)


def _returns(
    edges: Sequence[tuple[str, str]], nodes: Mapping[str, Box], boxes: Mapping[str, Box]
) -> dict[tuple[str, str], tuple[tuple[float, float], ...]]:
    """The ways of the edges that lead back: below everything, each below the one before."""
    bottom = max([box.y + box.height / 2 for box in [*nodes.values(), *boxes.values()]], default=0)
    ways: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}
    for nth, (source, target) in enumerate(edges):
        right = nodes[source].x + nodes[source].width / 2 + TURN
        left = nodes[target].x - nodes[target].width / 2 - TURN
        level = bottom + SPACING.between + nth * SPACING.between_bends
        ways[source, target] = ((right, level), (left, level))
    return ways


def leads_back(way: Sequence[tuple[float, float]]) -> bool:
    """Whether the bends are those of an edge that leads back, which makes a turn at both ends."""
    return len(way) == 2 and way[0][0] > way[1][0]


def _frames(view: DagView, number: Mapping[str, int]) -> list[Frame]:
    place = {box.id: at for at, box in enumerate(view.boxes)}
    return [
        Frame(
            [number[member] for member in box.members],
            place.get(box.within),
            tight=not box.is_group,
        )
        for box in view.boxes
    ]


def _fixed(view: DagView, number: Mapping[str, int]) -> set[int]:
    """The nodes that stay at the left although nothing is before them: assets in boxes of groups."""
    ops = {node.id for node in view.nodes if node.is_op}
    return {
        number[member]
        for box in view.boxes
        if box.is_group
        for member in box.members
        if member not in ops
    }


def node_width(node: NodeView) -> float:
    """The width in pixels that holds both lines, also when the state becomes another one."""
    notes = [node.note]
    notes += [RESERVED_FOR_GROUP] if node.is_group else []
    notes += [RESERVED_FOR_CHECKS] if node.checks else []
    notes += [] if node.is_op else [" · ".join([RESERVED_FOR_STATE, *node.note.split(" · ")[1:]])]
    notes += [RESERVED_FOR_OP] if node.is_op else []
    inner = max(width_of(node.label, LABEL_SIZE), *(width_of(text, NOTE_SIZE) for text in notes))
    sides = 42.0 if node.is_op else 26.0
    return float(round(max(LEAST_WIDTH, inner * BOLD + sides)))


def _gaps(found: Layering, boxes: Sequence[Frame]) -> list[float]:
    """The room before each layer: more where boxes within boxes end or begin there."""
    begin: dict[int, int] = {}
    end: dict[int, int] = {}
    begins, ends = [0] * len(found.layers), [0] * len(found.layers)
    for box in boxes:
        layers = [found.layer[node] for node in box.members]
        for node in box.members:
            if found.layer[node] == min(layers):
                begin[node] = begin.get(node, 0) + 1
                begins[min(layers)] = max(begins[min(layers)], begin[node])
            if found.layer[node] == max(layers):
                end[node] = end.get(node, 0) + 1
                ends[max(layers)] = max(ends[max(layers)], end[node])
    between = [
        max(BETWEEN_LAYERS, FOR_ARROWS + BOX_PADDING * (left + right))
        for left, right in zip(ends, begins[1:], strict=False)
    ]
    return [0.0, *between][: len(found.layers)]


def _with_titles(
    spans: list[float],
    found: Layering,
    view: DagView,
    boxes: Sequence[Frame],
    gaps: Sequence[float],
) -> list[float]:
    """The widths of the layers, with that of a box's last one such that its title fits."""
    spans = list(spans)
    for box, frame in zip(view.boxes, boxes, strict=True):
        layers = [found.layer[node] for node in frame.members]
        first, last = min(layers), max(layers)
        there = sum(spans[first : last + 1]) + sum(gaps[first + 1 : last + 1]) + 2 * BOX_PADDING
        wanted = width_of(box.label, NOTE_SIZE) * BOLD + BESIDE_TITLE
        spans[last] += round(max(0.0, wanted - there))
    return spans


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


def around(boxes: Sequence[BoxView], nodes: Mapping[str, Box]) -> dict[str, Box]:
    """A box close around its nodes and the boxes within it."""
    found: dict[str, Box] = {}
    for view in reversed(boxes):
        within = [nodes[member] for member in view.members]
        within += [found[other.id] for other in boxes if other.within == view.id]
        left = min(box.x - box.width / 2 for box in within) - BOX_PADDING
        right = max(box.x + box.width / 2 for box in within) + BOX_PADDING
        top = min(box.y - box.height / 2 for box in within) - BOX_PADDING - BOX_TITLE
        bottom = max(box.y + box.height / 2 for box in within) + BOX_PADDING
        found[view.id] = Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
    return {view.id: found[view.id] for view in boxes}


def moved(
    nodes: Mapping[str, Box],
    boxes: Mapping[str, Box],
    bends: Mapping[tuple[str, str], tuple[tuple[float, float], ...]],
) -> Arrangement:
    """The same picture with its upper left corner at nought."""
    every = [*nodes.values(), *boxes.values()]
    if not every:
        return Arrangement({}, {}, {}, 0.0, 0.0)
    left = min(box.x - box.width / 2 for box in every)
    top = min(box.y - box.height / 2 for box in every)
    points = [point for route in bends.values() for point in route]
    left = min([left, *[x for x, _ in points]])
    top = min([top, *[y for _, y in points]])
    bottom = max([box.y + box.height / 2 for box in every] + [y for _, y in points])
    right = max([box.x + box.width / 2 for box in every] + [x for x, _ in points])

    def shift(box: Box) -> Box:
        return Box(round(box.x - left, 1), round(box.y - top, 1), box.width, round(box.height, 1))

    return Arrangement(
        {name: shift(box) for name, box in nodes.items()},
        {name: shift(box) for name, box in boxes.items()},
        {
            edge: tuple((round(x - left, 1), round(y - top, 1)) for x, y in route)
            for edge, route in bends.items()
        },
        round(right - left, 1),
        round(bottom - top, 1),
    )
