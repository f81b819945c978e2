"""What an edition says of where it differs is what a comparison of all entries finds."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.definitions.decorators import asset
from dagbook.definitions.keys import AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.differing import Edition, differing

NAMES = [f"a{n}" for n in range(5)]


def changed(graph: AssetGraph, chance: random.Random) -> AssetGraph:
    """The graph after one change: a definition, one that several keys share, or one that goes."""
    name = chance.choice(NAMES)
    key = AssetKey(name)
    kind = chance.randrange(5)
    if kind == 0 and key in graph and graph.node(key).declared:
        return graph.without(key)
    if kind == 1 and key in graph and graph.node(key).definition is not None:
        return graph.with_hidden_reads({key: {chance.choice(NAMES): "helper"}})
    reads = ", ".join(chance.sample([one for one in NAMES if one != name], chance.randrange(3)))
    space: dict[str, Any] = {}
    exec(f"def {name}({reads}):\n    return 1\n", space)
    deps = chance.sample(["far", "away"], chance.randrange(2))
    return graph.with_definitions(asset(deps=deps)(space[name]))


@given(st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_graph_knows_where_its_nodes_differ_from_those_before(chance: random.Random) -> None:
    """Of the graph that it was made from; against any other one all nodes are compared."""
    graphs = [AssetGraph()]
    for _ in range(20):
        graphs.append(changed(graphs[-1], chance))
        for before in (graphs[-2], chance.choice(graphs)):
            found = differing(graphs[-1].nodes, before.nodes)
            assert sorted(found) == sorted(differing(dict(graphs[-1].nodes), dict(before.nodes)))


def test_an_edition_that_was_told_nothing_is_compared_as_a_whole() -> None:
    """As after an error between its copy and its last change."""
    first = Edition({1: "one", 2: "two"})
    second = Edition(first)
    second[1] = "other"
    assert differing(second, first) == [1]
