"""The view model of the graph says what is drawn and in which words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.events.records import ErrorRecord
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.status import AssetStatus, CheckStatus, Judgement
from dagbook.views.dag import FOLD_ABOVE, Scene, checks_summary, dag_view
from dagbook.views.states import LOOKS, state_word
from tests.views.graphs import flights, spec, status
from tests.widget.projects import CLEAN, REPORT, clean, enough, report


def test_every_asset_is_a_node_and_every_dependency_an_edge() -> None:
    """A small graph is drawn whole, with a box for each named group."""
    view = dag_view(flights())
    assert {node.id for node in view.nodes} == {"flights", "planes", "fact", "report"}
    assert {(edge.source, edge.target) for edge in view.edges} == {
        ("flights", "fact"),
        ("planes", "fact"),
        ("fact", "report"),
    }
    assert [group.label for group in view.boxes] == ["raw", "marts"]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (status("a", "fresh"), "fresh"),
        (status("a", "stale"), "stale"),
        (status("a", "missing", ["blocked"]), "blocked"),
        (AssetStatus(AssetKey("a"), "stale", last_run="failed"), "failed"),
        (AssetStatus(AssetKey("a"), "fresh", last_run="failed"), "fresh"),
        (None, "missing"),
    ],
)
def test_the_word_of_a_status_is_what_is_most_urgent(given: AssetStatus, word: str) -> None:
    """A failure beats the state unless the asset is fresh by a kept result; blocked beats both."""
    assert state_word(given) == word


def test_what_runs_and_what_nothing_defines_have_words_of_their_own() -> None:
    """Running beats every state, and an input that nothing defines is undefined."""
    assert state_word(status("a", "stale"), running=True) == "running"
    assert state_word(status("a", "external"), declared=False) == "undefined"


def test_a_node_says_its_state_by_sign_and_word() -> None:
    """The second line holds sign, state and flags, so that no one depends on colour."""
    view = dag_view(
        flights(), Scene(statuses={AssetKey("fact"): status("fact", "stale", ["pinned"])})
    )
    [node] = [node for node in view.nodes if node.id == "fact"]
    assert node.note == "● stale · pinned"
    assert node.pinned
    assert "until `%asset fact --unpin`" in node.tooltip


@pytest.mark.parametrize(
    ("judgements", "words"),
    [
        ([], ""),
        (["passed"], "check ✓"),
        (["passed", "passed"], "2 checks ✓"),
        (["passed", "failed"], "1 of 2 failed"),
        (["warned", "missing"], "1 of 2 warned"),
        (["missing"], "unchecked"),
    ],
)
def test_checks_are_summed_up_by_the_worst(judgements: list[Judgement], words: str) -> None:
    """A failed check is told before a warning, and that before one without a verdict."""
    key = AssetCheckKey(AssetKey("a"), "c")
    assert checks_summary([CheckStatus(key, judgement) for judgement in judgements]) == words


def test_the_legend_counts_the_states_that_are_there() -> None:
    """Only states that occur are in the legend, the urgent ones first."""
    scene = Scene(
        statuses={AssetKey("fact"): status("fact", "fresh")}, running={AssetKey("report")}
    )
    legend = dag_view(flights(), scene).legend
    assert [(entry.state, entry.count) for entry in legend] == [
        ("running", 1),
        ("missing", 2),
        ("fresh", 1),
    ]


def test_a_folded_group_is_one_node_with_counts() -> None:
    """Edges of its members become edges of the group, each once; edges within it vanish."""
    view = dag_view(flights(), Scene(folded={"raw"}))
    [group] = [node for node in view.nodes if node.is_group]
    assert (group.id, group.label, group.note) == ("group:raw", "raw (2)", "2 ○ missing")
    assert [(e.source, e.target) for e in view.edges] == [("group:raw", "fact"), ("fact", "report")]


def test_a_large_graph_is_folded_unless_it_is_said_otherwise() -> None:
    """Beyond what can be read the groups are folded; `folded` overrules that."""
    specs = [spec(f"a{i}", group=f"g{i % 4}") for i in range(FOLD_ABOVE + 20)]
    graph = AssetGraph.of(*specs)
    assert len(dag_view(graph).nodes) == 4
    assert len(dag_view(graph, Scene(folded=())).nodes) == FOLD_ABOVE + 20


def test_a_graph_that_would_be_drawn_too_small_is_folded() -> None:
    """Fewer assets than that, where their picture is large; what is in one group only stays open."""
    names = [f"a_rather_long_name_{i}" for i in range(40)]
    chain = [spec(names[0], group="g0")]
    chain += [spec(b, [a], group=f"g{i // 4}") for i, (a, b) in enumerate(pairwise(names), 1)]
    assert len(dag_view(AssetGraph.of(*chain)).nodes) == 10
    assert len(dag_view(AssetGraph.of(*chain[:8])).nodes) == 8
    assert len(dag_view(AssetGraph.of(*[spec(name, group="g") for name in names])).nodes) == 40


def test_a_folded_group_says_what_a_check_in_it_found() -> None:
    """Its card has the verdict that is to be seen to, in words and by the colour of its line."""
    graph = AssetGraph.of(clean, report, enough)
    key, keys = AssetCheckKey(CLEAN, "enough"), (CLEAN, REPORT)
    scene = Scene(
        statuses={one: AssetStatus(one, "fresh") for one in keys},
        checks={key: CheckStatus(key, "failed")},
        folded={"default"},
        shown=keys,
    )
    [group] = dag_view(graph, scene).nodes
    assert (group.state, group.verdict, group.line) == ("fresh", "failed", LOOKS["failed"].line)
    assert group.note == "2 ✓ fresh · 1 check failed ✗"
    assert "clean.enough failed" in group.tooltip


def test_a_part_of_the_graph_says_how_much_is_hidden() -> None:
    """Only the shown assets and the edges between them are drawn."""
    view = dag_view(flights(), Scene(shown=[AssetKey("fact"), AssetKey("report")]))
    assert [(e.source, e.target) for e in view.edges] == [("fact", "report")]
    assert view.hidden == 2


def test_an_error_message_does_not_change_the_node() -> None:
    """The word is failed; the message stays in the panel."""
    failed = AssetStatus(
        AssetKey("fact"), "stale", error=ErrorRecord(type="KeyError", message="<b>")
    )
    view = dag_view(flights(), Scene(statuses={AssetKey("fact"): failed}))
    assert next(node.note for node in view.nodes if node.id == "fact") == "✗ failed"


def test_keys_that_are_written_alike_are_two_nodes() -> None:
    """A slash in a name, a path of two names and what looks like a group's id are told apart."""
    keys = [AssetKey(["a", "b"]), AssetKey("a/b"), AssetKey("group:a"), AssetKey('key:["a/b"]')]
    view = dag_view(AssetGraph.of(*[AssetSpec(key, deps=(keys[0],)) for key in keys[1:]]))
    assert len({node.id for node in view.nodes}) == 4
    assert {edge.source for edge in view.edges} == {"a/b"}
