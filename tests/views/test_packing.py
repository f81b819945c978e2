"""Rectangles are put beside each other such that all of them are seen as large as they can be."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dagbook.views.packing import Pair, connected, extent, packed, scale_in

FRAME = (1000.0, 520.0)
SIZES = st.lists(st.tuples(st.floats(1, 1500), st.floats(1, 900)), min_size=1, max_size=30)


@given(SIZES)
def test_rectangles_lie_apart(sizes: list[Pair]) -> None:
    """Each two have room between them in one direction, and none lies outside."""
    placed = list(zip(sizes, packed(sizes, FRAME), strict=True))
    assert all(x >= 0 and y >= 0 for _, (x, y) in placed)
    for ((w, h), (x, y)), ((v, g), (a, b)) in combinations(placed, 2):
        assert x + w < a or a + v < x or y + h < b or b + g < y


def test_many_small_ones_fill_the_frame() -> None:
    """Forty that would make one column of a quarter of their size are seen as they are."""
    sizes = [(112.0, 46.0)] * 40
    assert scale_in(FRAME, extent(sizes, packed(sizes, FRAME))) == 1


def test_linked_numbers_are_one_part() -> None:
    """Also by a third; what nothing links is a part of its own."""
    assert connected(5, [[0, 3], [3, 4]]) == [[0, 3, 4], [1], [2]]
