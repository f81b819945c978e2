"""An asset that ops make opens into them, and what is made together lies in one box."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.status import AssetStatus
from dagbook.views.dag import Scene, dag_view
from dagbook.views.parts import DagView, NodeView, computation_of, group_of, node_id, op_id
from dagbook.views.svg import svg_of
from tests.views.graphs import HOSTILE, status
from tests.views.op_graphs import EVENS, LOW, ODDS, TIDY, both, ends, finished, parted, raw, whole

BY_CLEAN, BY_ORDERED, BY_LAST = (op_id(TIDY, p) for p in ("inner.clean", "inner.ordered", "last"))


def opened(*names: AssetKey, **scene: object) -> DagView:
    """The whole graph with the ops of these assets."""
    return dag_view(whole(), Scene(opened=names, **scene))  # type: ignore[arg-type]


def node(view: DagView, name: str) -> NodeView:
    """The node with this id."""
    return next(each for each in view.nodes if each.id == name)


def lines(view: DagView) -> set[tuple[str, str]]:
    """The edges as pairs of ids."""
    return {(edge.source, edge.target) for edge in view.edges}


def test_a_closed_asset_says_how_many_ops_make_it() -> None:
    """It is drawn as a stack, which opens; its second line counts the ops."""
    card = node(opened(), "tidy")
    assert (card.ops, card.is_stack, card.note) == (3, True, "○ missing · 3 ops")
    assert "made by graph tidy, 3 ops" in card.tooltip


def test_an_opened_asset_shows_its_ops_between_its_inputs_and_itself() -> None:
    """Lines go from the assets to the ops that read them, between ops, and to the asset."""
    view = opened(TIDY)
    own = {line for line in lines(view) if "tidy" in "".join(line)}
    assert own == {
        ("raw", BY_CLEAN),
        (BY_CLEAN, BY_ORDERED),
        (BY_ORDERED, BY_LAST),
        (BY_LAST, "tidy"),
        ("tidy", "low"),
        ("tidy", "high"),
    }
    assert not node(view, "tidy").is_stack


def test_boxes_hold_the_ops_and_a_box_for_each_nested_graph() -> None:
    """The box of the group holds that of the graph, which holds that of the graph in it."""
    boxes = {box.label: box for box in opened(TIDY).boxes}
    outer, nested = boxes["graph tidy, 3 ops"], boxes["graph inner"]
    assert outer.members == (BY_CLEAN, BY_ORDERED, BY_LAST, "tidy")
    assert (nested.members, nested.within) == ((BY_CLEAN, BY_ORDERED), outer.id)
    assert outer.within == boxes["report"].id
    assert set(outer.members) <= set(boxes["report"].members)


def test_what_is_made_together_lies_in_one_box() -> None:
    """The assets of a multi-asset, and those of one graph, opened or not."""
    closed = {box.label: box.members for box in opened().boxes}
    assert closed["multi-asset ends"] == ("low", "high")
    assert closed["graph parted, 2 ops"] == ("odds", "evens")
    [box] = [box for box in opened(EVENS).boxes if box.label == "graph parted, 2 ops"]
    assert box.members == (op_id(ODDS, "split"), op_id(ODDS, "finish"), "odds", "evens")


def test_each_output_hangs_on_its_own_op() -> None:
    """One op's output is an asset, the other one goes on to the next op."""
    split, finish = op_id(ODDS, "split"), op_id(ODDS, "finish")
    assert {(split, "odds"), (split, finish), (finish, "evens")} <= lines(opened(ODDS))


def test_a_part_of_the_graph_shows_the_ops_that_it_needs() -> None:
    """Where only the first asset is drawn, the op of the second one is not."""
    view = dag_view(whole(), Scene(shown=[AssetKey("raw"), ODDS], opened=[ODDS]))
    assert lines(view) == {("raw", op_id(ODDS, "split")), (op_id(ODDS, "split"), "odds")}


def test_assets_in_several_groups_are_told_together_by_their_cards() -> None:
    """No box can be around them; the ops of an opened graph still have one of their own."""
    far = AssetsDefinition.from_graph(parted, group_names_by_output_name={"odds": "a"})
    graph = AssetGraph.of(raw, far, _in_two_groups())
    closed, view = dag_view(graph), dag_view(graph, Scene(opened=[ODDS]))
    assert node(closed, "low").note == "○ missing · with high"
    assert node(closed, "odds").note == "○ missing · 2 ops, with evens"
    assert [box.label for box in closed.boxes] == ["a", "b"]
    [box] = [box for box in view.boxes if box.label.startswith("graph")]
    assert box.members == (op_id(ODDS, "split"), op_id(ODDS, "finish"))
    assert (op_id(ODDS, "split"), "odds") in lines(view)


def _in_two_groups() -> AssetsDefinition:
    low, high = ends.specs
    return replace(ends, specs=(replace(low, group_name="b"), replace(high, group_name="default")))


@pytest.mark.parametrize(
    ("outcomes", "asset", "words"),
    [
        ({}, "missing", ["○ no run yet", "○ no run yet"]),
        ({"parted.split": "ok", "parted.finish": "ok"}, "fresh", ["✓ ran", "✓ ran"]),
        ({"parted.split": "ok", "parted.finish": "ok"}, "stale", ["✓ ran before", "✓ ran before"]),
        ({"parted.split": "kept", "parted.finish": "failed"}, "failed", ["✓ kept", "✗ failed"]),
        ({"parted.split": "failed", "parted.finish": "not_run"}, "x", ["✗ failed", "○ not run"]),
        ({"parted.split": "ok", "parted.finish": "skipped"}, "fresh", ["✓ ran", "○ skipped"]),
    ],
)
def test_an_op_says_what_became_of_it(
    outcomes: dict[str, str], asset: str, words: list[str]
) -> None:
    """What the last run recorded; no green for an op whose assets are not what it made."""
    failed = asset in ("failed", "x")
    one = AssetStatus(ODDS, "stale", last_run="failed") if failed else status("odds", asset)  # type: ignore[arg-type]
    statuses = {key: one._replace(key=key) for key in both.keys}
    view = opened(ODDS, statuses=statuses, ops={ODDS: finished(ODDS, outcomes)})
    assert [node(view, op_id(ODDS, path)).note for path in ("split", "finish")] == words


def test_a_mapped_op_counts_its_runs() -> None:
    """The newest run counts: how many entries ran, and how many failed."""
    key = AssetKey("mapped")
    old = finished(key, {"mapped.one[gone]": "ok"}, run="r0")
    records = [*old, *finished(key, {"mapped.one[a]": "ok", "mapped.one[b]": "failed"})]
    view = opened(key, ops={key: records})
    assert node(view, op_id(key, "one")).note == "✗ failed 1 of 2 times"


def test_a_folded_group_stays_one_node() -> None:
    """Ops are only drawn where the group of their asset is open."""
    view = dag_view(whole(), Scene(opened=[TIDY, LOW], folded={"report"}))
    assert not [each for each in view.nodes if each.is_op]


def test_the_static_picture_shows_ops_too() -> None:
    """Names, outcomes and the titles of the boxes; equal scenes give equal bytes."""
    shown = svg_of(opened(TIDY))
    for words in (">ordered<", "○ no run yet", "graph tidy, 3 ops", "graph inner", "op tidy.last"):
        assert words in shown
    assert shown == svg_of(opened(TIDY))


@pytest.mark.parametrize("name", [*HOSTILE, "op:a", "made:a", "box:a", "group:a", "key:a"])
def test_ids_of_assets_are_never_those_of_ops_or_boxes(name: str) -> None:
    """Whatever a key is called, its id stands for nothing but itself."""
    own = node_id(AssetKey(name))
    assert group_of(own) is None
    assert computation_of(own) is None
    assert computation_of(op_id(AssetKey(name), "x.y")) == (AssetKey(name), "x.y")
