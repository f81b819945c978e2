"""Plans: what runs, why, in which order, and what does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidGraph
from tests.engine.typed import define, words

CHAIN = """
@asset
def raw():
    return 1

@asset
def clean(raw):
    return raw + 1

@asset
def report(clean):
    return clean + 1

@asset
def other():
    return 9
"""
CHANGED = "@asset\ndef raw():\n    return {}\n"


TOGETHER = """
@op(out={"one": Out(is_required=False), "two": Out(is_required=False)})
def both(context, number):
    for name in sorted(context.selected_output_names):
        yield Output(number, name)

@op
def more(number):
    return number + 1

@graph(out={"first": GraphOut(), "second": GraphOut()})
def pair(raw):
    one, two = both(raw)
    return {"first": one, "second": more(two)}

parts = AssetsDefinition.from_graph(pair, can_subset=True)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A chain of three assets and one beside them."""
    with Workspace(tmp_path) as opened:
        define(opened, CHAIN)
        yield opened


def test_a_selection_needs_what_is_above_it(workspace: Workspace) -> None:
    """The needed ones are told apart."""
    plan = workspace.plan("clean")
    assert words(plan.keys) == ["raw", "clean"]
    assert words(plan.needed) == ["raw"]
    assert [step.reason for step in plan.steps] == ["needed", "selected"]


def test_only_takes_nothing_above(workspace: Workspace) -> None:
    """Exactly the selection is planned."""
    assert words(workspace.plan("clean", only=True).keys) == ["clean"]


def test_what_is_fresh_is_not_planned(workspace: Workspace) -> None:
    """Unless it is forced, and then only what was selected."""
    workspace.materialize()
    assert workspace.plan("clean").is_empty
    forced = workspace.plan("clean", force=True)
    assert ([s.why for s in forced.steps], words(forced.keys)) == (["forced"], ["clean"])


def test_a_fresh_asset_between_hides_nothing(workspace: Workspace) -> None:
    """A change far above reaches the selection."""
    workspace.materialize()
    define(workspace, CHANGED.format(5))
    assert words(workspace.plan("report").keys) == ["raw", "clean", "report"]


def test_steps_say_why_and_whether_they_are_certain(workspace: Workspace) -> None:
    """What is only below a change may turn out to be fresh."""
    workspace.materialize()
    define(workspace, CHANGED.format("0 + 1"))
    plan = workspace.plan()
    assert [(words(s.keys)[0], s.why, s.certain) for s in plan.steps] == [
        ("raw", "code changed", True),
        ("clean", "upstream is stale (raw)", False),
        ("report", "upstream is stale (clean)", False),
    ]


def test_what_was_never_made_runs_for_that_reason(workspace: Workspace) -> None:
    """However what is above it stands."""
    assert {step.why for step in workspace.plan().steps} == {"missing"}


def test_kept_results_are_restored_and_not_run(workspace: Workspace) -> None:
    """An undone edit plans no step."""
    workspace.materialize()
    define(workspace, CHANGED.format(5))
    workspace.materialize()
    define(workspace, CHANGED.format(1))
    plan = workspace.plan("report")
    assert (plan.steps, words(plan.restored)) == ((), ["raw", "clean", "report"])


def test_what_is_restored_is_not_counted_as_fresh_too(workspace: Workspace) -> None:
    """Each selected asset is told once: `1 selected: 1 restored`."""
    workspace.materialize()
    define(workspace, CHANGED.format(5))
    workspace.materialize()
    define(workspace, CHANGED.format(1))
    plan = workspace.plan("report")
    assert plan.fresh == ()
    assert workspace.materialize("report").success
    assert words(workspace.plan("report").fresh) == ["report"]


def test_a_plan_knows_what_it_cost_the_last_time(workspace: Workspace) -> None:
    """Only what has run has a cost."""
    define(workspace, "import time\n@asset\ndef other():\n    time.sleep(0.05)\n    return 9\n")
    assert workspace.plan("other").seconds == 0
    workspace.materialize()
    assert workspace.plan("other", force=True).seconds >= 0.05


def test_a_plan_is_refused_with_every_fault(workspace: Workspace) -> None:
    """All of them in one error."""
    define(
        workspace, "@asset\ndef bad(raww):\n    return 1\n@asset\ndef worse(clena):\n    return 1\n"
    )
    with pytest.raises(InvalidGraph) as caught:
        workspace.plan()
    assert len(caught.value.faults) == 2
    assert "Did you mean `raw`" in str(caught.value)


def test_faults_elsewhere_do_not_matter(workspace: Workspace) -> None:
    """Only what would run is looked at."""
    define(workspace, "@asset\ndef bad(raww):\n    return 1\n")
    assert words(workspace.plan("report").keys) == ["raw", "clean", "report"]


def test_a_plan_in_words(workspace: Workspace) -> None:
    """Short, with what matters."""
    assert str(workspace.plan("report")) == "3 to run"
    workspace.materialize()
    assert str(workspace.plan()) == "Nothing to do."


def test_a_step_says_which_ops_it_runs(workspace: Workspace) -> None:
    """Of a graph, those that the planned assets need; of a plain function, none."""
    define(workspace, TOGETHER)
    [raw, step] = workspace.plan("first").steps
    assert (raw.computation, raw.ops, raw.left_out) == ("", (), ())
    assert (step.computation, step.ops, words(step.left_out)) == (
        "pair",
        ("pair.both",),
        ["second"],
    )
    [_, whole] = workspace.plan("first or second").steps
    assert (whole.ops, whole.left_out) == (("pair.both", "pair.more"), ())
