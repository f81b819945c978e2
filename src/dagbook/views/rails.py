"""Lays a graph out as one column, for a place that is taller than wide, with its lines at the left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from dagbook.views.layout import (
    BOX_PADDING,
    BOX_TITLE,
    NODE_HEIGHT,
    NOTE_SIZE,
    Arrangement,
    Box,
    around,
    moved,
    node_width,
)
from dagbook.views.lettering import width_of
from dagbook.views.parts import BoxView, DagView

WIDEST_CARD = 210.0
# Between two cards, with room for an arrow.
BETWEEN = 22.0
# Between two lines at the left, and from the first of them to the boxes.
BETWEEN_RAILS = 9.0
BESIDE = 14.0
Edge = tuple[str, str]


def arrange_down(view: DagView) -> Arrangement:
    """One card below the other, each below what it reads, the members of a box together.

    A line to the next card goes straight down; others run at the left, and all that leave one card
    share one line there. Only boxes that read each other have lines that go up.
    """
    order = _order(view)
    row = {name: place for place, name in enumerate(order)}
    card = min(WIDEST_CARD, max([node_width(node) for node in view.nodes], default=0.0))
    gaps = _gaps(view.boxes, order)
    nodes = {
        name: Box(card / 2, place * NODE_HEIGHT + gap, card, NODE_HEIGHT)
        for (name, place), gap in zip(row.items(), accumulate(gaps), strict=True)
    }
    boxes = around(view.boxes, nodes)
    first = min([box.x - box.width / 2 for box in boxes.values()], default=0.0) - BESIDE
    titled = _under_titles(view.boxes, row, card)
    aside = [
        (edge.source, edge.target)
        for edge in view.edges
        if row[edge.target] != row[edge.source] + 1 or row[edge.target] in titled
    ]
    rails = _rails(aside, row)
    bends = {}
    for source, target in aside:
        x = first - rails[source] * BETWEEN_RAILS
        bends[source, target] = (x, nodes[source].y), (x, nodes[target].y)
    return replace(moved(nodes, boxes, bends), down=True)


def _gaps(boxes: Sequence[BoxView], order: Sequence[str]) -> list[float]:
    """The room above each card: more where boxes begin or end."""
    begins, ends = [0] * len(order), [0] * (len(order) + 1)
    row = {name: place for place, name in enumerate(order)}
    for box in boxes:
        rows = [row[member] for member in box.members]
        begins[min(rows)] += 1
        ends[max(rows) + 1] += 1
    return [
        (BETWEEN if place else 0.0) + BOX_PADDING * (begin + end) + BOX_TITLE * begin
        for place, (begin, end) in enumerate(zip(begins, ends, strict=False))
    ]


def _under_titles(boxes: Iterable[BoxView], row: Mapping[str, int], card: float) -> set[int]:
    """The rows above which a title is so long that a line to the middle of the card would cross it."""
    return {
        min(row[member] for member in box.members)
        for box in boxes
        if width_of(box.label, NOTE_SIZE) > card / 2 - BOX_PADDING
    }


def _rails(edges: Iterable[Edge], row: Mapping[str, int]) -> dict[str, int]:
    """The number of the line at the left that each source takes: short ones are next to the cards."""
    reach: dict[str, tuple[int, int]] = {}
    for source, target in edges:
        first, last = reach.get(source, (row[source], row[source]))
        reach[source] = min(first, row[target]), max(last, row[target])
    taken: list[list[tuple[int, int]]] = []
    rails = {}
    for source, (first, last) in sorted(
        reach.items(), key=lambda one: (one[1][1] - one[1][0], one[1])
    ):
        free = (
            number
            for number, others in enumerate(taken)
            if all(last < begin or end < first for begin, end in others)
        )
        rails[source] = next(free, len(taken))
        if rails[source] == len(taken):
            taken.append([])
        taken[rails[source]].append((first, last))
    return rails


# --- the order of the cards


def _order(view: DagView) -> list[str]:
    """The nodes, each soon after what it reads; what is in a box without anything else between."""
    inner: dict[str, str] = {}
    for box in view.boxes:
        inner.update(dict.fromkeys(box.members, box.id))
    parent = {box.id: box.within for box in view.boxes}
    chains = {node.id: _chain(node.id, inner, parent) for node in view.nodes}
    return list(_sorted("", chains, [(edge.source, edge.target) for edge in view.edges]))


def _chain(node: str, inner: Mapping[str, str], parent: Mapping[str, str]) -> list[str]:
    """The boxes around a node from the outermost to the innermost, then the node."""
    chain = [node]
    box = inner.get(node, "")
    while box:
        chain.append(f"in {box}")
        box = parent[box]
    return chain[::-1]


def _sorted(
    block: str, chains: Mapping[str, Sequence[str]], edges: Sequence[Edge], depth: int = 0
) -> Iterator[str]:
    """The nodes of a block: its parts in order, each of which is a node or a block of its own."""
    parts: dict[str, dict[str, Sequence[str]]] = {}
    for node, chain in chains.items():
        parts.setdefault(chain[depth], {})[node] = chain
    reads: dict[str, dict[str, None]] = {part: {} for part in parts}
    read = set()
    for source, target in edges:
        if source in chains and target in chains:
            one, other = chains[source][depth], chains[target][depth]
            if one != other:
                reads[other][one] = None
                read.add(one)
    last = [part for part in parts if part not in read]
    for part in _after_inputs([*last, *parts], reads):
        members = parts[part]
        if len(members) == 1 and part in members:
            yield part
        else:
            yield from _sorted(part, members, edges, depth + 1)


def _after_inputs(starts: Iterable[str], reads: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """What these read, and what that reads, each before its reader; of a cycle one comes first."""
    begun: set[str] = set()
    for start in starts:
        way = [(start, iter(reads[start]))] if start not in begun else []
        begun.add(start)
        while way:
            part, inputs = way[-1]
            further = next((each for each in inputs if each not in begun), None)
            if further is None:
                way.pop()
                yield part
            else:
                begun.add(further)
                way.append((further, iter(reads[further])))
