"""Puts rectangles side by side and below each other, such that a frame shows all as large as it can."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

# Width and height, or the upper left corner.
Pair: TypeAlias = tuple[float, float]
# Between two rectangles.
APART = 24.0
# Of the frames that are tried each is so much wider than the one before.
WIDER = 1.1


def connected(count: int, links: Iterable[Sequence[int]]) -> list[list[int]]:
    """The numbers below `count`, those that are linked together, each part by its first number."""
    near: list[set[int]] = [set() for _ in range(count)]
    for linked in links:
        for one, other in pairwise(linked):
            near[one].add(other)
            near[other].add(one)
    seen: set[int] = set()
    parts = []
    for start in range(count):
        rest, part = [start], set()
        while rest:
            number = rest.pop()
            if number not in seen:
                seen.add(number)
                part.add(number)
                rest += near[number]
        parts += [sorted(part)] if part else []
    return parts


def scale_in(frame: Pair, size: Pair) -> float:
    """How large something of this size is drawn in a frame, where it is never made larger."""
    return min(1.0, frame[0] / max(size[0], 1.0), frame[1] / max(size[1], 1.0))


def packed(sizes: Sequence[Pair], frame: Pair) -> list[Pair]:
    """The upper left corners of rectangles that are put where a frame of this size shows them best."""
    width, most = max(frame[0], *(width for width, _ in sizes)), sum(w + APART for w, _ in sizes)
    best, scale = _in_shelves(sizes, width), 0.0
    while width < most * WIDER and scale < 1:
        corners = _in_shelves(sizes, width)
        now = scale_in(frame, extent(sizes, corners))
        if now > scale:
            best, scale = corners, now
        width *= WIDER
    return best


def extent(sizes: Sequence[Pair], corners: Sequence[Pair]) -> Pair:
    """The size of the whole."""
    both = list(zip(sizes, corners, strict=True))
    return max(size[0] + at[0] for size, at in both), max(size[1] + at[1] for size, at in both)


def _in_shelves(sizes: Sequence[Pair], most: float) -> list[Pair]:
    """One shelf below the other, the highest first; lower ones stand in columns beside it."""
    corners: list[Pair] = [(0.0, 0.0)] * len(sizes)
    top = high = left = wide = used = 0.0
    for number in sorted(range(len(sizes)), key=lambda each: -sizes[each][1]):
        width, height = sizes[number]
        if high and used + APART + height <= high and left + width <= most:
            used += APART
        elif high and left + wide + APART + width <= most:
            left, used, wide = left + wide + APART, 0.0, 0.0
        else:
            top, high = top + (high + APART if high else 0.0), height
            left = used = wide = 0.0
        corners[number] = left, top + used
        used, wide = used + height, max(wide, width)
    return corners
