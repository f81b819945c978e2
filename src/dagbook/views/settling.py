"""Settles lines and bands: bends go where nothing is in their way, and empty room is taken out."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from dagbook.records import dataclass
from dagbook.views.layering import Layering
from dagbook.views.rows import Frame, Spacing, edges_of

# Further away than anything in a picture.
FAR = 1e6
# Pixels between a box and a line that passes it by.
ASIDE = 8.0
# The highest band of a picture in which nothing lies.
EMPTY = 28.0
# The middle of something that is in the way, and how far it reaches above and below that.
_Taken = tuple[float, float]


def dodged(
    found: Layering, heights: list[float], boxes: Sequence[Frame], spacing: Spacing
) -> list[float]:
    """The heights with each bend moved to the nearest place that is free.

    That is on no node, no other bend, no title, and in no box that its edge has nothing to do with.
    """
    reach = spacing.half + spacing.between / 2
    taken = [[(heights[n], reach) for n in layer if n < found.real] for layer in found.layers]
    spans = _spans(found, heights, boxes, spacing)
    title = (spacing.padding + spacing.title) / 2
    for span in spans:
        taken[span.first].append((span.top + title, title))
    around: dict[int, list[_Taken]] = {}
    for edge, route in found.routes.items():
        for span in spans:
            if span.members.isdisjoint(edge):
                _pass_by(found, heights, span, route, around)
    for layer, wish, bend in sorted((found.layer[n], heights[n], n) for n in found.bends):
        there = taken[layer]
        heights[bend] = _nearest_gap(wish, [*there, *around.get(bend, ())], there)
        there.append((heights[bend], spacing.between_bends / 2))
    return heights


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Where a box lies: from its first layer to its last, from its top to its bottom."""

    members: frozenset[int]
    first: int
    last: int
    top: float
    bottom: float


def _spans(
    found: Layering, heights: Sequence[float], boxes: Sequence[Frame], spacing: Spacing
) -> list[_Span]:
    edges = edges_of(boxes, heights, spacing)
    spans = []
    for box, frame in enumerate(boxes):
        layers = [found.layer[node] for node in frame.members]
        members, top, bottom = frozenset(frame.members), edges[2 * box], edges[2 * box + 1]
        spans.append(
            _Span(members=members, first=min(layers), last=max(layers), top=top, bottom=bottom)
        )
    return spans


def _pass_by(
    found: Layering,
    heights: Sequence[float],
    span: _Span,
    route: Sequence[int],
    around: dict[int, list[_Taken]],
) -> None:
    """Keep all bends of an edge on one side of a box, that to which most of them tend."""
    bends = [bend for bend in route if span.first <= found.layer[bend] <= span.last]
    if not bends:
        return
    mean = sum([heights[bend] for bend in bends]) / len(bends)
    above = mean < (span.top + span.bottom) / 2
    middle = span.top + FAR - ASIDE if above else span.bottom - FAR + ASIDE
    for bend in bends:
        around.setdefault(bend, []).append((middle, FAR))


def compacted(
    found: Layering, heights: list[float], boxes: Sequence[Frame], spacing: Spacing
) -> list[float]:
    """The same with the bands taken out in which there is nothing from the left to the right."""
    spans = [(heights[n] - spacing.half, heights[n] + spacing.half) for n in range(found.real)]
    spans += [(heights[bend], heights[bend]) for bend in found.bends]
    edges = edges_of(boxes, heights, spacing)
    spans += list(zip(edges[::2], edges[1::2], strict=True))
    bottom, spare = -math.inf, 0.0
    ends: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if low - bottom > EMPTY and ends:
            spare += low - bottom - EMPTY
            ends.append((low, spare))
        elif not ends:
            ends.append((low, 0.0))
        bottom = max(bottom, high)
    starts = [start for start, _ in ends]
    return [y - ends[max(0, bisect_right(starts, y + 0.01) - 1)][1] for y in heights]


def _nearest_gap(wish: float, taken: Sequence[_Taken], most: Sequence[_Taken]) -> float:
    """The place nearest to the wish that is within none of these; where there is none, of the most."""
    places = [wish, *[y + side * reach for y, reach in taken for side in (-1, 1)]]
    places.sort(key=lambda place: (abs(place - wish), place))
    for obstacles in (taken, most):
        for place in places:
            if all(abs(place - y) >= reach - 0.01 for y, reach in obstacles):
                return place
    return wish
