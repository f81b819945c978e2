"""The static picture is one harmless SVG that says of when it is."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.graph.asset_graph import AssetGraph
from dagbook.views.dag import Scene, dag_view
from dagbook.views.svg import svg_of
from tests.views.graphs import HOSTILE, flights, spec, status

SVG = "{http://www.w3.org/2000/svg}"
PLAIN = {SVG + name for name in ("svg", "g", "rect", "path", "text", "title")}


def drawn(graph: AssetGraph, scene: Scene | None = None) -> ElementTree.Element:
    """The picture, parsed by an XML parser, which refuses what is not well-formed."""
    return ElementTree.fromstring(svg_of(dag_view(graph, scene)))


def test_the_picture_says_states_and_of_when_they_are() -> None:
    """Names, signs and words of the states, and that they are those of when the cell ran."""
    text = " ".join(drawn(flights()).itertext())
    for words in ("flights", "○ missing", "state when this cell ran", "raw"):
        assert words in text


def test_equal_graphs_give_equal_bytes() -> None:
    """Nothing in the picture depends on the time, the process or the order of a set."""
    scene = Scene(statuses={AssetKey("fact"): status("fact")}, marked={AssetKey("report")})
    assert svg_of(dag_view(flights(), scene)) == svg_of(dag_view(flights(), scene))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(name: str) -> None:
    """Whatever a name holds, the picture is well-formed, and has no element but plain shapes."""
    asset = AssetSpec(AssetKey(name), group_name=name, kinds=frozenset({name}), description=name)
    root = drawn(AssetGraph.of(asset, AssetSpec(AssetKey("b"), deps=(AssetKey(name),))))
    assert {element.tag for element in root.iter()} <= PLAIN
    assert not any(attribute.startswith("on") for each in root.iter() for attribute in each.attrib)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_in_their_node(name: str) -> None:
    """What is written in a node is elided to the node's width."""
    root = drawn(AssetGraph.of(AssetSpec(AssetKey(name), group_name=name)))
    assert all(len(text.text or "") < 80 for text in root.iter(f"{SVG}text"))


def test_a_graph_without_assets_is_a_picture_too() -> None:
    """An empty graph says when it was empty."""
    assert "state when this cell ran" in "".join(drawn(AssetGraph()).itertext())


def test_what_is_left_out_is_counted() -> None:
    """A part of a graph says how many assets are not shown."""
    root = drawn(flights(), Scene(shown=[AssetKey("fact")]))
    assert "3 more not shown" in " ".join(root.itertext())


def test_a_state_is_written_and_not_only_coloured() -> None:
    """Every node has its state's word in its own text."""
    scene = Scene(running={AssetKey("a")})
    texts = [each.text for each in drawn(AssetGraph.of(spec("a")), scene).iter(f"{SVG}text")]
    assert "▶ running" in texts
