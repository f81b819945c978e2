"""Laws of the selection language that hold for every tree and every graph."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.definitions.keys import AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.explain import explain
from dagbook.selection.fluent import AssetSelection
from dagbook.selection.index import computed
from dagbook.selection.parser import parse
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import UNLIMITED, And, Call, Except, Not, Or, Selection, Traversal
from tests.selection.strategies import graphs, trees

Keys = frozenset[AssetKey]


@given(trees(world=True))
def test_text_parses_back_to_an_equal_tree(tree: Selection) -> None:
    """Parsing is the inverse of writing, for every node of the language."""
    assert parse(str(tree)) == tree


@given(trees())
def test_text_is_a_normal_form(tree: Selection) -> None:
    """Writing what was read from a written text changes nothing."""
    assert str(parse(str(tree))) == str(tree)


@given(graphs(), trees(), trees())
def test_and_and_or_commute(graph: AssetGraph, one: Selection, other: Selection) -> None:
    """The order of operands does not matter."""
    for form in (And, Or):
        assert resolve(form((one, other)), graph) == resolve(form((other, one)), graph)


@given(graphs(), trees(), trees())
def test_de_morgan(graph: AssetGraph, one: Selection, other: Selection) -> None:
    """Not of a union is the intersection of nots, and the other way round."""
    both, either = (And((one, other)), Or((one, other)))
    assert resolve(Not(either), graph) == resolve(And((Not(one), Not(other))), graph)
    assert resolve(Not(both), graph) == resolve(Or((Not(one), Not(other))), graph)


@given(graphs(), trees())
def test_not_not_is_what_is_computed(graph: AssetGraph, tree: Selection) -> None:
    """Twice not gives back what is selected, without external assets."""
    assert resolve(Not(Not(tree)), graph) == resolve(tree, graph) & computed(graph)


@given(graphs(), trees(), trees())
def test_except_is_the_difference(graph: AssetGraph, one: Selection, other: Selection) -> None:
    """What is taken away is exactly what the second holds."""
    assert resolve(Except((one, other)), graph) == resolve(one, graph) - resolve(other, graph)


@given(graphs(), trees(), st.integers(0, 4))
def test_depth_is_steps(graph: AssetGraph, tree: Selection, depth: int) -> None:
    """`X+N` is N times one step down; `N+X` is N times one step up, external assets left out."""
    below = above = resolve(tree, graph)
    for _ in range(depth):
        below |= {child for key in below for child in graph.children(key)}
        above |= {parent for key in above for parent in graph.parents(key)}
    assert resolve(Traversal(tree, down=depth), graph) == below
    assert resolve(Traversal(tree, up=depth), graph) == above & computed(graph)


@given(graphs(), trees())
def test_unlimited_is_the_fixed_point(graph: AssetGraph, tree: Selection) -> None:
    """`X+` is as many steps as there are assets."""
    far = Traversal(tree, up=len(graph.keys), down=len(graph.keys))
    assert resolve(Traversal(tree, UNLIMITED, UNLIMITED), graph) == resolve(far, graph)


@given(graphs(), trees())
def test_sinks_and_roots_by_brute_force(graph: AssetGraph, tree: Selection) -> None:
    """A sink leads to no other selected asset through the whole graph; a root is led to by none."""
    held = resolve(tree, graph)
    below = {key: _below(key, graph) for key in graph.keys}
    sinks = {key for key in held if not below[key] & held}
    roots = {key for key in held if not any(key in below[other] for other in held)}
    assert resolve(Call("sinks", tree), graph) == sinks
    assert resolve(Call("roots", tree), graph) == roots


def _below(key: AssetKey, graph: AssetGraph) -> Keys:
    own = frozenset(graph.children(key))
    return own.union(*[_below(child, graph) for child in own])


@given(graphs(), trees())
def test_explains_what_it_holds(graph: AssetGraph, tree: Selection) -> None:
    """Each step of an explanation holds what its text holds alone."""
    for _, step in explain(tree, graph).steps():
        assert step.keys == resolve(parse(step.text), graph)


@given(graphs(), trees(), trees())
def test_operators_are_set_operations(graph: AssetGraph, one: Selection, other: Selection) -> None:
    """Selections combine as the sets of keys that they hold do."""
    left, right = AssetSelection(one), AssetSelection(other)
    a, b = left.resolve(graph), right.resolve(graph)
    assert (left | right).resolve(graph) == a | b
    assert (left & right).resolve(graph) == a & b
    assert (left - right).resolve(graph) == a - b


@given(trees(world=True), trees(world=True), trees(world=True))
def test_built_selections_have_a_text(one: Selection, two: Selection, three: Selection) -> None:
    """What is put together with operators is read back equal, however it is grouped."""
    a, b, c = map(AssetSelection, (one, two, three))
    for built in ((a | b) | c, a | (b | c), (a & b) - c, a - (b - c), (a - b) - c):
        assert AssetSelection.from_string(str(built)) == built
    assert (a | b) | c == a | (b | c)


@given(graphs(), trees())
@settings(max_examples=50)
def test_without_externals_nothing_is_wider(graph: AssetGraph, tree: Selection) -> None:
    """Reading a text with external assets in it never holds fewer `*`."""
    wide = parse("*", external=True)
    assert resolve(parse("*"), graph) <= resolve(wide, graph) == frozenset(graph.keys)
    assert parse(str(parse(str(tree), external=True))) == parse(str(tree), external=True)
