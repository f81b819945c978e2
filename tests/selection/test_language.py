"""What the language has beyond Dagster's: bare names, `except`, records, words that stay free."""

from __future__ import annotations

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.parser import parse
from dagbook.selection.protocol import World
from dagbook.selection.resolution import resolve
from tests.selection.graphs import Row, case_graph, graph_of, written

EQUAL = [
    ("joined", 'key:"joined"'),
    ('"lonely-one.x"', 'key:"lonely-one.x"'),
    ("raw/*", 'key:"raw/*"'),
    ("+joined", '+key:"joined"'),
    ("joined+", 'key:"joined"+'),
    ("1+joined+2", '1+key:"joined"+2'),
    ("not joined", 'not key:"joined"'),
    ("check", 'key:"check"'),
    ("changed+", 'key:"changed"+'),
    ("except", 'key:"except"'),
    ("with_external or checks", 'key:"with_external" or key:"checks"'),
    ("a or b except c and d", '(key:"a") or (key:"b" except (key:"c" and key:"d"))'),
    ("999999999999999999999999+a", "+a"),
    ("007+a", "7+a"),
    ("tag:t=<null>", "tag:t"),
    ("with_external(not a)", "with_external(*) except a"),
]


@pytest.mark.parametrize(("text", "same"), EQUAL)
def test_reads_as(text: str, same: str) -> None:
    """Both texts are read as the same tree."""
    assert parse(text) == parse(same)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("raw/*", ["raw/orders", "raw/users"]),
        ("group:marts except joined", ["report", "report_v2"]),
        ("src_api except joined", ["src_api"]),
        ("src_api and not joined", []),
        ("with_external(group:sources)", ["src_api"]),
        ('with_external(*) and key:"s*"', ["src_api"]),
        ("checks(*)", []),
        ("without_checks(report)", ["report"]),
        ("is:materializable and group:misc", ["key", "lonely-one.x"]),
        ('tag:"dagster/kind/sql"', ["joined", "orders_clean"]),
        ("partitions:multipartitions", []),
    ],
)
def test_holds(text: str, keys: list[str]) -> None:
    """The forms of our own hold what they say."""
    assert written(resolve(parse(text), case_graph())) == keys


WORLD = World(
    status_of=lambda key: frozenset({"stale", "failed"} if key.name == "b" else {"fresh"}),
    checks_of=lambda key: frozenset({"warned"} if key.name == "c" else ()),
    changed=lambda key: frozenset({"code"} if key.name == "b" else ()),
    columns_of=lambda key: frozenset({"id", key.name}),
    table_of=lambda key: f"t_{key.name}",
    selected=frozenset({AssetKey("a"), AssetKey("gone")}),
)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("status:stale", ["b"]),
        ("status:fresh", ["a", "c"]),
        ("status:stale and status:failed", ["b"]),
        ("check:warned", ["c"]),
        ("changed:code+", ["b", "c"]),
        ("column:id", ["a", "b", "c"]),
        ("column:b", ["b"]),
        ("table_name:t_c", ["c"]),
        ("is:selected", ["a"]),
    ],
)
def test_asks_the_world(text: str, keys: list[str]) -> None:
    """States, verdicts, changes, recorded columns and tables come from outside the graph."""
    graph = graph_of([Row(key="a"), Row(key="b"), Row(key="c", deps=("b",))])
    assert written(resolve(parse(text), graph, WORLD)) == keys


def test_time_partitions_include_special_cases() -> None:
    """A daily partition is one by windows of time."""
    graph = graph_of([Row(key="a", partitions="daily"), Row(key="b", partitions="static")])
    assert written(resolve(parse("partitions:time"), graph)) == ["a"]


def test_a_slash_inside_a_part_is_found_by_its_text() -> None:
    """A key of one part with a slash in it is written like a path and found like one."""
    odd = AssetKey("a/b")
    graph = AssetGraph.of(AssetSpec(odd))
    assert resolve(parse("a/b"), graph) == {odd}


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("a*c", "abc", True),
        ("a*c", "ac", True),
        ("a*a", "a", False),
        ("*b*b*", "abab", True),
        ("*b*b*", "ab", False),
        ("**", "x", True),
        ("A*", "abc", False),
        ("a*b*c", "acb", False),
    ],
)
def test_wildcards(pattern: str, name: str, matches: bool) -> None:
    """A star stands for any text; what is around it must be there in turn, once each."""
    graph = graph_of([Row(key=name)])
    assert bool(resolve(parse(f'key:"{pattern}"'), graph)) is matches
