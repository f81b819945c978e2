"""The picture of a narrow panel: one column of cards, with lines beside it."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings

from dagbook.graph.asset_graph import AssetGraph
from dagbook.views.dag import dag_view
from dagbook.views.parts import DagView
from dagbook.views.rails import arrange_down
from tests.views.graphs import flights, spec
from tests.views.test_layout import graphs, opened_graphs, overlap


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_who_reads_stands_below_what_it_reads(graph: AssetGraph) -> None:
    """Without boxes every line goes down, whatever reads what."""
    without = [spec(str(key), map(str, graph.parents(key))) for key in graph.order]
    view = dag_view(AssetGraph.of(*without))
    place = arrange_down(view)
    assert place.nodes.keys() == set(map(str, graph.order))
    for edge in view.edges:
        assert place.nodes[edge.source].y < place.nodes[edge.target].y


@settings(max_examples=100, deadline=None)
@given(opened_graphs())
def test_only_lines_to_the_next_card_go_without_bends(view: DagView) -> None:
    """All others run at the left of every card and box, within the picture."""
    place = arrange_down(view)
    order = sorted(place.nodes, key=lambda name: place.nodes[name].y)
    left = min(box.x - box.width / 2 for box in [*place.nodes.values(), *place.boxes.values()])
    for edge in view.edges:
        bends = place.bends.get((edge.source, edge.target))
        if bends is None:
            assert order.index(edge.target) == order.index(edge.source) + 1
        else:
            assert all(-0.2 <= x < left for x, _ in bends)


@settings(max_examples=100, deadline=None)
@given(opened_graphs())
def test_lines_of_two_cards_never_lie_on_each_other(view: DagView) -> None:
    """What runs along one way at the left all comes from one card."""
    ways: dict[str, tuple[float, float, float]] = {}
    for (source, _), ((x, begin), (_, end)) in arrange_down(view).bends.items():
        _, first, last = ways.get(source, (x, begin, begin))
        ways[source] = x, min(first, end), max(last, end)
    for (x, first, last), (other, begin, end) in combinations(ways.values(), 2):
        assert x != other or last < begin or end < first


def test_boxes_that_read_each_other_are_drawn() -> None:
    """A line goes up where two groups need each other."""
    view = dag_view(AssetGraph.of(spec("a", (), "x"), spec("b", ["a"], "y"), spec("c", ["b"], "x")))
    place = arrange_down(view)
    up = [edge for edge in view.edges if place.nodes[edge.source].y > place.nodes[edge.target].y]
    assert len(up) == 1
    assert not overlap(*place.boxes.values())


def test_a_small_graph_is_read_from_the_top_down() -> None:
    """Both tables, then the fact on both, then its report; one line passes the second table."""
    place = arrange_down(dag_view(flights()))
    assert sorted(place.nodes, key=lambda name: place.nodes[name].y) == [
        *("flights", "planes", "fact", "report")
    ]
    assert set(place.bends) == {("flights", "fact")}
    assert place.down


def test_nothing_needs_no_room() -> None:
    """An empty graph has an empty picture."""
    place = arrange_down(dag_view(AssetGraph()))
    assert (place.nodes, place.width, place.height) == ({}, 0.0, 0.0)
