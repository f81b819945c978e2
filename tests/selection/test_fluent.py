"""`AssetSelection`: what its calls are written as, and what they hold."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook.definitions.decorators import asset, asset_check
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.selection import NotASelection, SelectionSyntaxError, UnknownNameInSelection
from dagbook.selection.fluent import AssetSelection
from tests.selection.graphs import case_graph, chain, written

A = AssetSelection.assets("a")
B = AssetSelection.assets("b")


@asset
def orders() -> int:
    return 1


@asset_check(asset="orders")
def positive(orders: int) -> bool:
    return orders > 0


WRITTEN = [
    (AssetSelection.all(), "*"),
    (AssetSelection.all(include_sources=True), "with_external(*)"),
    (AssetSelection.assets(), "group:<null>"),
    (AssetSelection.assets(orders, AssetSpec(AssetKey("b")), ["raw", "c"]), "orders or b or raw/c"),
    (AssetSelection.keys("raw/a", AssetKey("b")), "raw/a or b"),
    (AssetSelection.groups("g"), "group:g"),
    (AssetSelection.groups("g", "h", include_sources=True), "with_external(group:g or group:h)"),
    (AssetSelection.tag("t", ""), "tag:t"),
    (AssetSelection.tag_string("t=1"), 'tag:t="1"'),
    (AssetSelection.kind("sql", include_sources=True), "with_external(kind:sql)"),
    (AssetSelection.kind(None), "kind:<null>"),
    (AssetSelection.owner("team:x"), 'owner:"team:x"'),
    (AssetSelection.key_prefixes(["a", "b"]), "(a/b or a/b/*) and is:materializable"),
    (AssetSelection.key_substring("x", include_sources=True), "*x*"),
    (AssetSelection.checks(positive), 'check_key:"orders.positive"'),
    (AssetSelection.checks_for_assets("a", "b"), "checks(a or b)"),
    (AssetSelection.all_asset_checks(), "checks(with_external(*))"),
    (A.upstream(), "+a"),
    (A.upstream(2), "2+a"),
    (A.downstream(0), "a+0"),
    (A.upstream(include_self=False), "+a except a"),
    (AssetSelection.all().downstream(1), "(*)+1"),
    (A.upstream(1).downstream(2), "(1+a)+2"),
    (A.sinks() | B.roots(), "sinks(a) or roots(b)"),
    (A | B | A, "a or b or a"),
    ((A | B) & A, "(a or b) and a"),
    (A - B - A, "a except b except a"),
    (A - (B - A), "a except (b except a)"),
    (A.without_checks(), "without_checks(a)"),
    (A.materializable(), "a and is:materializable"),
]


@pytest.mark.parametrize(("built", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_is_written_as(built: AssetSelection, text: str) -> None:
    """Calls build the tree that the text is read as, and its own text gives it back."""
    assert built == AssetSelection.from_string(text)
    assert built == AssetSelection.from_string(str(built))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("+a", "+a"),
        (A, "a"),
        (["a", "group:g"], "a or group:g"),
        ([AssetKey("a"), AssetKey("b")], "a or b"),
        ([orders], "orders"),
        ([], "group:<null>"),
    ],
)
def test_is_coerced_from(given: object, text: str) -> None:
    """Texts, keys, definitions and selections all stand for a selection."""
    selection = AssetSelection.from_coercible(given)  # type: ignore[arg-type]
    assert selection == AssetSelection.from_string(text)


def test_resolves_among_definitions() -> None:
    """Definitions may be given instead of a graph."""
    assert AssetSelection.all().resolve([orders]) == {AssetKey("orders")}


def test_unknown_names_hold_nothing_unless_told() -> None:
    """A name that nothing has is the empty set, and an error where missing is not allowed."""
    graph = chain("orders", "report")
    assert AssetSelection.assets("ordrs").resolve(graph) == frozenset()
    with pytest.raises(UnknownNameInSelection, match="`orders`"):
        AssetSelection.assets("ordrs").resolve(graph, allow_missing=False)


def test_externals_are_taken_in_on_request() -> None:
    """With `include_sources`, `not` ranges over external assets too."""
    without = AssetSelection.from_string("not group:marts")
    wide = AssetSelection.from_string("not group:marts", include_sources=True)
    graph = case_graph()
    assert written(wide.resolve(graph) - without.resolve(graph)) == ["src_api"]


def test_does_not_fall_back_to_another_grammar() -> None:
    """What the grammar refuses is an error, whatever other languages would read in it."""
    with pytest.raises(SelectionSyntaxError):
        AssetSelection.from_string("*orders++")


@asset
def users() -> int:
    return 1


@asset_check(asset="users")
def enough(users: int) -> bool:
    return users > 0


POSITIVE = AssetCheckKey(AssetKey("orders"), "positive")
ENOUGH = AssetCheckKey(AssetKey("users"), "enough")


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("orders", {POSITIVE}),
        ("*", {POSITIVE, ENOUGH}),
        ("not orders", {ENOUGH}),
        ("orders or users", {POSITIVE, ENOUGH}),
        ("orders and users", set()),
        ("without_checks(*)", set()),
        ("without_checks(orders) or users", {ENOUGH}),
        ("checks(users)", {ENOUGH}),
        ("* except checks(users)", {POSITIVE}),
        ('check_key:"orders.positive"', {POSITIVE}),
        ("sinks(*)", {POSITIVE, ENOUGH}),
    ],
)
def test_selects_checks(text: str, checks: set[AssetCheckKey]) -> None:
    """Checks come with their assets, alone, or not at all."""
    selection = AssetSelection.from_string(text)
    assert selection.resolve_checks([orders, users, positive, enough]) == checks


def test_an_unknown_check_is_named() -> None:
    """A check that nothing defines is an error where missing is not allowed."""
    selection = AssetSelection.from_string('check_key:"orders.positiv"')
    with pytest.raises(UnknownNameInSelection, match=r"`orders\.positive`"):
        selection.resolve_checks([orders, positive], allow_missing=False)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (["users", "group:raw"], 'key:"users" or group:"raw"'),
        ([AssetKey("a"), users], 'key:"a" or key:"users"'),
        (users, 'key:"users"'),
        (AssetKey(["raw", "a"]), 'key:"raw/a"'),
    ],
)
def test_a_selection_may_be_one_thing_or_several(given: Any, text: str) -> None:
    """Texts, keys and definitions, alone or in a list."""
    assert str(AssetSelection.from_coercible(given)) == text


@pytest.mark.parametrize("given", [3, [3], 2.5, object()])
def test_what_is_no_selection_is_told_what_to_give(given: Any) -> None:
    """With the class of what was given."""
    with pytest.raises(NotASelection, match="Give a text such as") as raised:
        AssetSelection.from_coercible(given)
    assert raised.value.given in ("int", "float", "object")
