"""The layout puts every graph on paper without anything lying on anything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.graph.asset_graph import AssetGraph
from dagbook.views.dag import Scene, dag_view
from dagbook.views.layering import crossings, layering
from dagbook.views.layout import NODE_HEIGHT, ROOM, Arrangement, Box, arrange, leads_back
from dagbook.views.lettering import width_of
from dagbook.views.packing import scale_in
from dagbook.views.parts import DagView, op_id
from dagbook.views.rails import arrange_down
from dagbook.views.settling import EMPTY
from dagbook.views.svg import svg_of
from tests.views.graphs import flights, spec
from tests.views.op_graphs import EVERY, ODDS, TIDY


@st.composite
def graphs(draw: st.DrawFn) -> AssetGraph:
    """Up to 14 assets in up to three groups, each reading some of those before it."""
    count = draw(st.integers(1, 14))
    specs = []
    for i in range(count):
        deps = draw(st.lists(st.integers(0, i - 1), max_size=3, unique=True)) if i else []
        group = draw(st.sampled_from(["default", "g1", "g2", "g3"]))
        specs.append(spec(f"a{i}", [f"a{j}" for j in deps], group))
    return AssetGraph.of(*specs)


@st.composite
def opened_graphs(draw: st.DrawFn) -> DagView:
    """The same with what is made by ops and together, in any groups, opened or not."""
    group = st.sampled_from(["default", "g1", "g2"])
    specs = [
        spec("x", ["tidy", "evens"], draw(group)),
        spec("y", ["low", "x", "raw"], draw(group)),
        spec("z", draw(st.sampled_from([["odds"], ["x", "mapped"], []])), draw(group)),
    ]
    every: list[AssetsDefinition | AssetSpec] = [*EVERY, *specs]
    parts = draw(st.permutations(every))
    opened = draw(st.sets(st.sampled_from([TIDY, ODDS, AssetKey("mapped")])))
    return dag_view(AssetGraph.of(*parts), Scene(opened=opened))


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share more than an edge."""
    across = (a.width + b.width) / 2 - abs(a.x - b.x)
    down = (a.height + b.height) / 2 - abs(a.y - b.y)
    return min(across, down) > 0.2


def holds(outer: Box, inner: Box) -> bool:
    """Whether the inner box lies within the outer one, edges included."""
    across = outer.width / 2 - abs(outer.x - inner.x) - inner.width / 2
    down = outer.height / 2 - abs(outer.y - inner.y) - inner.height / 2
    return min(across, down) > -0.2


@settings(max_examples=120, deadline=None)
@given(graphs())
def test_nodes_and_boxes_never_lie_on_each_other(graph: AssetGraph) -> None:
    """No node on a node, no box on a box, and no node in a box that is not its own."""
    view = dag_view(graph)
    place = arrange(view)
    assert not any(overlap(a, b) for a, b in combinations(place.nodes.values(), 2))
    assert not any(overlap(a, b) for a, b in combinations(place.boxes.values(), 2))
    for group in view.boxes:
        foreign = [box for name, box in place.nodes.items() if name not in group.members]
        assert not any(overlap(place.boxes[group.id], box) for box in foreign)


@pytest.mark.parametrize("arranged", [arrange, arrange_down])
@settings(max_examples=120, deadline=None)
@given(view=opened_graphs())
def test_boxes_lie_in_each_other_or_apart(
    arranged: Callable[[DagView], Arrangement], view: DagView
) -> None:
    """A box holds its nodes and the boxes in it whole, and nothing else, at any depth."""
    place = arranged(view)
    assert not any(overlap(a, b) for a, b in combinations(place.nodes.values(), 2))
    for box in view.boxes:
        own = place.boxes[box.id]
        for name, node in place.nodes.items():
            assert holds(own, node) if name in box.members else not overlap(own, node)
        for other in view.boxes:
            if set(other.members) <= set(box.members) and other is not box:
                assert holds(own, place.boxes[other.id])
            elif not set(other.members) & set(box.members):
                assert not overlap(own, place.boxes[other.id])


@settings(max_examples=60, deadline=None)
@given(opened_graphs())
def test_bends_lie_on_no_op_and_titles_have_room(view: DagView) -> None:
    """Also between ops lines pass by, and every box is as wide as its words."""
    place = arrange(view)
    for points in place.bends.values():
        for x, y in points:
            assert not any(overlap(Box(x, y, 1.0, 1.0), box) for box in place.nodes.values())
    for box in view.boxes:
        assert width_of(box.label, 11.5) <= place.boxes[box.id].width


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_edge_goes_to_the_right(graph: AssetGraph) -> None:
    """Who reads stands to the right of what it reads, and everything lies in the frame."""
    view = dag_view(graph)
    place = arrange(view)
    for edge in view.edges:
        assert place.nodes[edge.source].x < place.nodes[edge.target].x
    for box in [*place.nodes.values(), *place.boxes.values()]:
        assert -0.2 <= box.x - box.width / 2 <= box.x + box.width / 2 <= place.width + 0.2
        assert -0.2 <= box.y - box.height / 2 <= box.y + box.height / 2 <= place.height + 0.2


@settings(max_examples=40, deadline=None)
@given(graphs())
def test_bends_of_long_edges_pass_between_the_nodes(graph: AssetGraph) -> None:
    """A line that passes a layer lies on none of its nodes."""
    place = arrange(dag_view(graph))
    for points in place.bends.values():
        for x, y in points:
            dot = Box(x, y, 1.0, 1.0)
            assert not any(overlap(dot, box) for box in place.nodes.values())


def test_ops_that_follow_each_other_stand_on_one_level() -> None:
    """Also where what they read and who reads them lie higher or lower."""
    key = AssetKey("mapped")
    place = arrange(
        dag_view(AssetGraph.of(*EVERY, spec("x", ["mapped", "low"])), Scene(opened=[key]))
    )
    chain = [*(op_id(key, path) for path in ("pieces", "one", "total")), "mapped"]
    assert len({place.nodes[name].y for name in chain}) == 1


@settings(max_examples=60, deadline=None)
@given(st.one_of(opened_graphs(), graphs().map(dag_view)))
def test_no_band_of_a_picture_is_empty(view: DagView) -> None:
    """Parts that have nothing to do with each other stand close, however they are connected."""
    place = arrange(view)
    spans = [(box.y - box.height / 2, box.y + box.height / 2) for box in place.nodes.values()]
    spans += [(box.y - box.height / 2, box.y + box.height / 2) for box in place.boxes.values()]
    spans += [(y, y) for points in place.bends.values() for _, y in points]
    bottom = 0.0
    for low, high in sorted(spans):
        assert low - bottom <= EMPTY + 0.2
        bottom = max(bottom, high)


def test_equal_views_are_laid_out_equally() -> None:
    """There is no chance in a layout."""
    assert arrange(dag_view(flights())) == arrange(dag_view(flights()))


def test_nothing_needs_no_room() -> None:
    """A graph without assets is an empty frame."""
    assert arrange(dag_view(AssetGraph())) == Arrangement({}, {}, {}, 0.0, 0.0)


@pytest.mark.parametrize("edges", [[(0, 1), (1, 0)], [(0, 1), (1, 2), (2, 0), (2, 3)], [(1, 1)]])
def test_a_cycle_is_drawn_all_the_same(edges: list[tuple[int, int]]) -> None:
    """Assets that wait for each other have layers too, one after the other."""
    found = layering(4, edges)
    assert sorted(node for layer in found.layers for node in layer if node < 4) == [0, 1, 2, 3]


def test_what_leads_back_goes_below_everything() -> None:
    """The line that closes a circle passes behind no card, and takes none out of its row."""
    view = dag_view(AssetGraph.of(spec("a", ["c"]), spec("b", ["a"]), spec("c", ["b"])))
    place = arrange(view)
    [(edge, way)] = place.bends.items()
    assert (edge, leads_back(way)) == (("c", "a"), True)
    assert len({box.y for box in place.nodes.values()}) == 1
    assert all(y > box.y + box.height / 2 for box in place.nodes.values() for _, y in way)
    assert svg_of(view).count("<path") == 6


def test_what_is_nearly_on_one_level_is_on_one() -> None:
    """A row of cards is straight, also through boxes and where other lines pull at some of them."""
    names = [f"n{i}" for i in range(9)]
    chain = [spec(b, [a], group="chain") for a, b in pairwise(names)]
    graph = AssetGraph.of(
        spec("n0", group="chain"), *chain, spec("side", ["n4"]), spec("end", ["side"])
    )
    place = arrange(dag_view(graph, Scene(folded=())))
    assert len({place.nodes[name].y for name in names}) == 1
    assert place.nodes["side"].y == place.nodes["end"].y


def test_crossings_that_can_be_avoided_are() -> None:
    """Two lines that cross in the order of definition are drawn beside each other."""
    assert crossings(layering(4, [(0, 3), (1, 2)])) == 0


def test_a_thousand_nodes_are_laid_out_within_two_seconds() -> None:
    """A graph without groups that is drawn whole does not keep anyone waiting."""
    specs = [spec(f"a{i}", {f"a{i * 7 // 9}", f"a{i * 5 // 6}"} - {f"a{i}"}) for i in range(1_000)]
    view = dag_view(AssetGraph.of(*specs), Scene(folded=()))
    start = time.perf_counter()
    arrange(view)
    assert time.perf_counter() - start < 2


def test_assets_that_nothing_connects_fill_the_width() -> None:
    """Twenty are seen in their own size, and not as one column."""
    place = arrange(dag_view(AssetGraph.of(*[spec(f"a{number}") for number in range(20)])))
    assert place.width > place.height
    assert scale_in(ROOM, (place.width, place.height)) == 1


def test_the_members_of_a_box_stand_close() -> None:
    """One whose only reader is far away does not draw its box down to there."""
    specs = [spec(f"raw{number}", group="raw") for number in range(3)]
    specs += [spec("one", ["raw0"], group="report"), spec("two", ["raw1"]), spec("three", ["two"])]
    specs += [spec(name, ["three"], group="report") for name in ("four", "five", "six")]
    specs += [spec("seven", ["three", "raw2"], group="report"), spec("eight", ["three"])]
    place = arrange(dag_view(AssetGraph.of(*specs)))
    heights = sorted(place.nodes[f"raw{number}"].y for number in range(3))
    assert heights[2] - heights[0] <= 4 * NODE_HEIGHT
