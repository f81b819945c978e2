"""Graphs from definitions: names resolved, in any order, and changed piece by piece."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.definitions.assets import AssetsDefinition, Definition
from dagbook.definitions.decorators import asset, asset_check
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetCheckSpec, AssetSpec
from dagbook.errors.definitions import DependencyCycle, UnknownAsset, UnknownCheck, UnknownUpstream
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.faults import find_faults


def made(name: str, reads: tuple[str, ...] = (), **options: Any) -> AssetsDefinition:
    """An asset that reads these names."""
    space: dict[str, Any] = {}
    exec(f"def {name}({', '.join(reads)}):\n    return 1\n", space)
    definition: AssetsDefinition = asset(**options)(space[name])
    return definition


def shape(graph: AssetGraph) -> dict[str, Any]:
    """All that matters of a graph, whatever the order of its definitions."""
    return {
        str(key): (
            sorted(map(str, node.parents)),
            sorted(map(str, graph.children(key))),
            node.declared,
            sorted(map(str, graph.checks_of(key))),
            [(item.name, str(item.key)) for item in node.inputs],
        )
        for key, node in graph.nodes.items()
    }


def some(chance: random.Random) -> list[Definition]:
    """Assets of two prefixes, dependencies, external ones and checks that name each other."""
    names = [f"a{n}" for n in range(6)]
    found: list[Definition] = []
    for at, name in enumerate(names):
        reads = tuple(chance.sample(names[:at], min(at, chance.randrange(3))))
        options: dict[str, Any] = {"deps": chance.sample(["x", "y", *names[:at]], 1)}
        if chance.random() < 0.3:
            options["key_prefix"] = "p"
        found.append(made(name, reads, **options))
    found.append(AssetSpec(AssetKey("x")))
    check = asset_check(asset="a0", name="c")(lambda a0: True)
    return [*found, check]


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_definitions_does_not_matter(seed: int, order: random.Random) -> None:
    """At once, one by one, or shuffled: the graph has the same edges."""
    definitions = some(random.Random(seed))
    whole = shape(AssetGraph.of(*definitions))
    order.shuffle(definitions)
    stepwise = AssetGraph()
    for definition in definitions:
        stepwise = stepwise.with_definitions(definition)
    assert shape(stepwise) == whole == shape(AssetGraph.of(*definitions))


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 5))
@settings(max_examples=80, deadline=None)
def test_redefining_equals_defining_anew(first: int, second: int, at: int) -> None:
    """Nothing of what was replaced remains."""
    before, after = some(random.Random(first)), some(random.Random(second))
    mixed = [*before[:at], after[at], *before[at + 1 :]]
    same_keys = {str(k) for d in (before[at], after[at]) for k in getattr(d, "keys", ())}
    graph = AssetGraph.of(*before)
    if len(same_keys) > 1:
        graph = graph.without(*before[at].keys)  # type: ignore[union-attr]
    assert shape(graph.with_definitions(after[at])) == shape(AssetGraph.of(*mixed))


@given(st.integers(0, 10_000), st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_forgetting_equals_never_having_defined(seed: int, at: int) -> None:
    """Who read it reads what is undefined."""
    definitions = some(random.Random(seed))
    gone = definitions[at]
    assert isinstance(gone, AssetsDefinition)
    rest = AssetGraph.of(*[one for one in definitions if one is not gone])
    assert shape(AssetGraph.of(*definitions).without(*gone.keys)) == shape(rest)


def test_what_was_only_mentioned_goes_with_its_last_reader() -> None:
    """A misspelt table leaves the graph with the asset that named it, also when that one is redefined."""
    graph = AssetGraph.of(made("orders"), made("a", deps=["oders"]), made("b", deps=["oders"]))
    assert AssetKey("oders") in graph.without(AssetKey("a"))
    assert AssetKey("oders") not in graph.without(AssetKey("a"), AssetKey("b"))
    mended = graph.with_definitions(made("a", ("orders",)), made("b", ("orders",)))
    assert mended.keys == (AssetKey("orders"), AssetKey("a"), AssetKey("b"))


def test_a_graph_never_changes() -> None:
    """`with_definitions` makes another one."""
    graph = AssetGraph.of(made("a"))
    before = shape(graph)
    graph.with_definitions(made("b", ("a",))).without(AssetKey("a"))
    assert shape(graph) == before


def test_the_order_is_breadth_first_and_then_as_defined() -> None:
    """Ties go to what was defined first."""
    graph = AssetGraph.of(made("c", ("a",)), made("b"), made("a"), made("d", ("b",)))
    assert [str(key) for key in graph.order] == ["b", "a", "c", "d"]


@pytest.mark.parametrize(
    ("definitions", "reads"),
    [
        ([made("t", key_prefix="p")], "p/t"),
        ([made("t", key_prefix="p"), made("t", key_prefix="q")], "q/t"),
        ([made("t"), made("t", key_prefix="p")], "t"),
        ([made("t"), made("t", key_prefix="q")], "q/t"),
    ],
)
def test_a_parameter_finds_its_asset(definitions: list[Definition], reads: str) -> None:
    """Below the own prefix, by the bare name, or as the only one of that name."""
    reader = made("r", ("t",), key_prefix="q")
    graph = AssetGraph.of(*definitions, reader)
    assert [str(key) for key in graph.parents(reader.key)] == [reads]


def test_inputs_come_first_among_the_parents() -> None:
    """What is only waited for follows, without what is read anyway."""
    graph = AssetGraph.of(made("a"), made("b"), made("c", ("b",), deps=["a", "b"]))
    node = graph.node(AssetKey("c"))
    assert ([str(k) for k in node.parents], [str(k) for k in node.waited]) == (["b", "a"], ["a"])


def test_an_unknown_input_is_a_fault_with_suggestions() -> None:
    """It names reader, name and place."""
    graph = AssetGraph.of(made("orders"), made("r", ("order",)))
    (fault,) = find_faults(graph, graph.order)
    assert isinstance(fault, UnknownUpstream)
    assert (fault.asset, fault.name, fault.suggestions) == ("r", "order", ("orders",))


def test_all_faults_are_found_together() -> None:
    """Unknown inputs, unknown checked assets, and a cycle."""
    check = asset_check(asset="nowhere", name="c")(lambda nowhere: True)
    graph = AssetGraph.of(made("a", ("b", "x")), made("b", ("a",)), check)
    found = find_faults(graph, graph.order)
    assert [type(one).__name__ for one in found] == [
        "UnknownUpstream",
        "UnknownCheckedAsset",
        "DependencyCycle",
    ]


def test_a_cycle_is_shown_in_reading_order() -> None:
    """Each one reads the one before it, and the first is repeated at the end."""
    graph = AssetGraph.of(made("a", ("c",)), made("b", ("a",)), made("c", ("b",)))
    (fault,) = find_faults(graph, graph.order)
    assert isinstance(fault, DependencyCycle)
    ring = list(fault.keys)
    for before, after in zip(ring, [*ring[1:], ring[0]], strict=True):
        assert AssetKey(before) in graph.parents(AssetKey(after))


def test_unknown_names_have_suggestions() -> None:
    """Of assets and of checks."""
    check = asset_check(asset="orders", name="positive")(lambda orders: True)
    graph = AssetGraph.of(made("orders"), check)
    with pytest.raises(UnknownAsset, match="orders"):
        graph.node(AssetKey("order"))
    with pytest.raises(UnknownCheck, match="positive"):
        graph.check(AssetCheckKey(AssetKey("orders"), "positiv"))


def test_inline_checks_come_and_go_with_their_asset() -> None:
    """Redefining without them takes them away; so does forgetting."""
    spec = AssetCheckSpec(name="c", asset=AssetKey("a"))
    graph = AssetGraph.of(made("a", check_specs=[spec]))
    assert [node.inline for node in graph.checks.values()] == [True]
    assert graph.with_definitions(made("a")).checks == {}
    assert graph.without(AssetKey("a")).checks == {}
