"""The shape of a graph, brought forward change by change, is the one that a new look finds."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.definitions.decorators import asset
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.multi import multi_asset
from dagbook.definitions.ports import AssetOut
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.shape import shape_of

NAMES = [f"a{n}" for n in range(7)]


def redefined(graph: AssetGraph, chance: random.Random, rings: bool) -> AssetGraph:
    """The graph after an asset reads others than before, or is gone."""
    at = chance.randrange(len(NAMES))
    key = AssetKey(NAMES[at])
    if chance.random() < 0.2 and key in graph and graph.node(key).declared:
        return graph.without(key)
    above = [name for name in NAMES if name != NAMES[at]] if rings else NAMES[:at]
    reads = chance.sample(above, min(len(above), chance.randrange(3)))
    space: dict[str, Any] = {}
    exec(f"def {NAMES[at]}({', '.join(reads)}):\n    return 1\n", space)
    return graph.with_definitions(asset(space[NAMES[at]]))


@given(st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_shape_that_was_brought_forward_is_the_true_one(
    chance: random.Random, rings: bool
) -> None:
    """Whatever came, went or changed its edges."""
    graph = AssetGraph()
    for _ in range(25):
        graph = redefined(graph, chance, rings)
        children = {key: graph.children(key) for key in graph.keys}
        anew = shape_of(graph.nodes, children)
        assert graph.levels == anew.levels
        assert graph.depths == anew.depths
        assert graph.has_cycle == anew.has_cycle


def test_a_new_body_leaves_the_shape_as_it_is() -> None:
    """The order of ten thousand assets is not found again when one of them is edited."""
    first = AssetGraph.of(asset(name="a0")(lambda: 1), asset(name="a1")(lambda a0: a0))
    before = first.levels
    assert first.with_definitions(asset(name="a0")(lambda: 2)).levels is before


def test_what_rests_on_more_than_code_and_inputs_stands_apart() -> None:
    """The few assets with files, ages or declared versions are found without a walk."""
    graph = AssetGraph.of(
        asset(name="plain")(lambda: 1), asset(name="told", code_version="1")(lambda: 1)
    )
    assert list(graph.apart) == [AssetKey("told")]
    assert not graph.with_definitions(asset(name="told")(lambda: 1)).apart


def test_assets_that_are_made_together_are_found_without_a_walk() -> None:
    """They are planned together; most are made alone."""
    both = multi_asset(name="both", outs={"a0": AssetOut(), "a1": AssetOut()})(lambda: (1, 2))
    graph = AssetGraph.of(both, asset(name="a2")(lambda: 1))
    assert set(graph.several) == {AssetKey("a0"), AssetKey("a1")}
    assert not graph.with_definitions(asset(name="a0")(lambda: 1)).several
