"""Hypothesis strategies for selections and for the graphs that they are asked of."""

from __future__ import annotations

from hypothesis import strategies as st

from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.attributes import (
    CHANGED_VALUES,
    CHECK_VALUES,
    IS_VALUES,
    STATUS_VALUES,
)
from dagbook.selection.tree import (
    UNLIMITED,
    All,
    And,
    Attribute,
    Call,
    CheckNamed,
    Except,
    Key,
    Not,
    Or,
    Selection,
    Tag,
    Traversal,
)
from tests.selection.graphs import Row, graph_of

KEYS = ("a", "b", "c", "raw/d", "raw/e", "raw_f", "and", "key")
GROUPS = ("g", "g/h", "group")
KINDS = ("sql", "python", "or")
OWNERS = ("team:data", "ana@x.io")
TAGS = ("tier", "ns/name")
VALUES = ("", "1", "2")

anything = st.text(
    st.characters(exclude_characters='"\\\r\n', exclude_categories=["Cs"]), max_size=8
)
depths = st.one_of(st.none(), st.integers(0, 3), st.just(UNLIMITED))


def names(*known: str) -> st.SearchStrategy[str]:
    """Mostly known names, sometimes any text that can be quoted."""
    return st.one_of(st.sampled_from(known), st.sampled_from(known), anything)


def leaves(*, world: bool) -> st.SearchStrategy[Selection]:
    """Nodes without parts; with `world` also those that a graph alone can't answer."""
    wide = st.booleans()
    plain = [
        st.builds(All, wide),
        st.builds(Key, names(*KEYS, "raw/*", "*", "*a*")),
        st.builds(Attribute, st.just("group"), st.none() | names(*GROUPS, "g*"), wide),
        st.builds(Attribute, st.just("kind"), st.none() | names(*KINDS), wide),
        st.builds(Attribute, st.just("owner"), st.none() | names(*OWNERS)),
        st.builds(Attribute, st.just("partitions"), st.sampled_from(["none", "static", "dynamic"])),
        st.builds(Attribute, st.just("is"), st.sampled_from(IS_VALUES[:2])),
        st.builds(Tag, names(*TAGS), names(*VALUES), wide),
    ]
    beyond = [
        st.builds(Attribute, st.just("is"), st.just("selected")),
        st.builds(Attribute, st.just("status"), st.sampled_from(STATUS_VALUES)),
        st.builds(Attribute, st.just("check"), st.sampled_from(CHECK_VALUES)),
        st.builds(Attribute, st.just("changed"), st.sampled_from(CHANGED_VALUES)),
        st.builds(Attribute, st.just("column"), anything),
        st.builds(Attribute, st.just("sensor"), st.none() | anything),
        st.builds(CheckNamed, names(*KEYS).filter(bool), st.sampled_from(["x", "and"])),
        st.builds(Tag, anything, anything, name=st.just("column_tag")),
    ]
    return st.one_of(plain + beyond if world else plain)


def _larger(parts: st.SearchStrategy[Selection]) -> st.SearchStrategy[Selection]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    ways = st.tuples(depths, depths).filter(lambda way: way != (None, None))
    functions = st.sampled_from(["sinks", "roots", "checks", "without_checks"])
    return st.one_of(
        st.builds(Or, several),
        st.builds(And, several),
        st.builds(Except, several),
        st.builds(Not, parts),
        st.builds(Call, functions, parts),
        st.builds(lambda child, way: Traversal(child, *way), parts, ways),
    )


def trees(*, world: bool = False) -> st.SearchStrategy[Selection]:
    """Selections of all forms."""
    return st.recursive(leaves(world=world), _larger, max_leaves=8)


@st.composite
def graphs(draw: st.DrawFn) -> AssetGraph:
    """Graphs of a few assets; each waits for some of those before it, some are external."""
    count = draw(st.integers(0, len(KEYS)))
    rows = [
        Row(
            key=key,
            deps=tuple(dep for dep in KEYS[:place] if draw(st.integers(0, 2)) == 0),
            group=draw(st.sampled_from(GROUPS)),
            kinds=tuple(draw(st.sets(st.sampled_from(KINDS), max_size=2))),
            tags=draw(st.dictionaries(st.sampled_from(TAGS), st.sampled_from(VALUES))),
            owners=tuple(draw(st.sets(st.sampled_from(OWNERS)))),
            partitions=draw(st.sampled_from([None, None, "static", "dynamic"])),
            external=draw(st.integers(0, 3)) == 0,
        )
        for place, key in enumerate(KEYS[:count])
    ]
    return graph_of(rows)
