"""Plans, results and runs are told in tables whose text is the same on every run."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.events.records import ErrorRecord, Materialized, RunFinished, StepFailed
from dagbook.execution.happened import Happened
from dagbook.execution.result import RunResult
from dagbook.log.protocol import RunRecord, StepRecord
from dagbook.planning.plan import Plan, Step
from dagbook.views.assets import asset_table
from dagbook.views.checks import checks_line, verdict_says, verdict_table
from dagbook.views.plan import plan_preview, plan_table
from dagbook.views.runs import (
    ending_line,
    gantt_svg,
    result_line,
    result_table,
    runs_table,
    steps_table,
    warning_lines,
)
from dagbook.views.text import text_of
from tests.views.graphs import flights, record, status, verdict

A, B = AssetKey("a"), AssetKey("b")
ERROR = ErrorRecord(type="KeyError", message="'x'\nmore")
RUN = RunRecord(
    run_id="run-7",
    scope="nb",
    started=100.0,
    finished=110.0,
    outcome="failed",
    command="%materialize b",
    session="s",
    planned=(A, B),
)
STEPS = [
    StepRecord(run_id="run-7", key=A, time=101.0, duration=3.0, outcome="materialized"),
    StepRecord(run_id="run-7", key=B, time=105.0, duration=4.0, outcome="failed", error=ERROR),
]


def plan() -> Plan:
    """A selected asset and one that it needs."""
    steps = (
        Step(keys=(A,), reason="needed", why="missing", seconds=10.0),
        Step(keys=(B,), reason="selected", why="", certain=False),
    )
    return Plan(selected=(B,), steps=steps)


def result() -> RunResult:
    """A run in which one asset was made and one failed."""
    done = RunResult(plan())
    happened = (
        Materialized(materialization=record("a")),
        StepFailed(run_id="run-7", time=9.0, duration=1.0, keys=(B,), error=ERROR),
        RunFinished(run_id="run-7", time=9.0, outcome="failed"),
    )
    done.take(Happened(happened))
    return done


def test_a_plan_says_what_will_run_and_why() -> None:
    """One row a computation, in order; the first line says what was selected."""
    assert text_of(plan_table(plan())).splitlines() == [
        "Selected b: 2 to run",
        "asset  will                  why",
        "a      run                   missing; needed",
        "b      run if inputs change",
    ]


def test_a_plan_in_one_line_has_its_cost() -> None:
    """Steps that never ran are counted apart from what is known."""
    assert plan_preview(plan()) == "will run 2: a, b · about 10 s and 1 never timed"
    assert plan_preview(Plan(selected=(A,), fresh=(A,))) == "nothing to do"


def test_a_result_has_a_row_for_each_asset() -> None:
    """Outcome and the error's first line; sizes and times only where they are asked for."""
    assert text_of(result_table(result())).splitlines() == [
        "1 materialized, 1 failed",
        "asset  result          note",
        "a      ✓ materialized",
        "b      ✗ failed        KeyError: 'x'",
    ]
    assert "2.5 s" in text_of(result_table(result()), varying=True)


def test_a_result_in_which_nothing_happened_says_so() -> None:
    """An empty plan is told in words."""
    assert result_line(RunResult(Plan(selected=()))) == "Nothing to do"


def test_runs_are_listed_without_ids_and_times_in_text() -> None:
    """The list of runs is deterministic as text."""
    assert text_of(runs_table([RUN])).splitlines()[1] == "✗ failed  %materialize b       2"
    assert text_of(runs_table([])).endswith("No runs yet.")


def test_steps_of_a_run_show_their_errors() -> None:
    """One row a step, with the first line of its error."""
    assert text_of(steps_table(STEPS)).splitlines()[-1] == "b      ✗ failed        KeyError: 'x'"


def test_a_gantt_chart_has_a_bar_for_each_step() -> None:
    """Bars lie one after the other on a common scale."""
    root = ElementTree.fromstring(gantt_svg(RUN, STEPS))
    bars = [e for e in root.iter() if e.tag.endswith("rect")]
    lefts = [float(bar.attrib["x"]) for bar in bars]
    assert len(bars) == 2
    assert lefts[0] + float(bars[0].attrib["width"]) < lefts[1]


def test_a_gantt_chart_of_nothing_is_drawn() -> None:
    """A run without timed steps is no error."""
    assert ElementTree.fromstring(gantt_svg(RUN, [])).tag.endswith("svg")


def test_the_asset_table_says_state_and_why() -> None:
    """Topological order, states with signs, and a caption with counts."""
    statuses = {AssetKey("fact"): status("fact", "fresh")}
    lines = text_of(asset_table(flights(), statuses, {})).splitlines()
    assert lines[0] == "4 assets: 3 missing, 1 fresh"
    assert lines[4].split() == ["fact", "✓", "fresh", "marts"]


def test_verdicts_say_how_many_rows_fail() -> None:
    """A failed check counts its rows and names the magic that gives them."""
    check = AssetCheckKey(A, "complete")
    view = verdict_table([verdict(check, passed=False, row_count=52_606)])
    assert text_of(view).splitlines()[1].split() == ["a.complete", "✗", "failed", "52,606"]
    assert view.note == "All failing rows: %failing a.complete"


def test_what_verdicts_say_is_one_line() -> None:
    """The description, a sentence or not, then the metadata."""
    about = {"rows": MetadataValue.int(3), "seen": MetadataValue.timestamp(1_372_939_200)}
    one = replace(
        verdict(AssetCheckKey(A, "c"), passed=True), description="Few rows.", metadata=about
    )
    assert verdict_says(one) == "Few rows; rows 3; seen 2013-07-04 12:00:00 UTC"


def test_verdicts_in_one_line() -> None:
    """All passed, or how many did not."""
    check = AssetCheckKey(A, "c")
    good, bad = verdict(check, passed=True), verdict(check, passed=False)
    assert checks_line([good, good]) == "2 checks: all passed"
    assert checks_line([good, bad]) == "2 checks: 1 failed"
    assert checks_line([]) == ""


def test_of_many_warnings_the_first_are_told() -> None:
    """One line each, and how many more there are."""
    ran = RunResult(plan(), warnings=["one", "two\nlines"])
    assert warning_lines(ran) == ["one", "two lines"]
    ran.warnings += ["three", "four", "five"]
    assert warning_lines(ran) == ["one", "two lines", "three", "2 more warnings."]


def test_the_end_of_a_run_names_what_failed() -> None:
    """Assets, and checks that stopped something; of many the first."""
    assert ending_line(result()) == "b failed: 1 materialized, 1 failed"
    stopped = RunResult(plan(), materialized=[A])
    stopped.checks = [verdict(AssetCheckKey(A, "neg"), passed=False, blocking=True)]
    assert ending_line(stopped) == "a.neg failed: 1 materialized"
    stopped.failed = [AssetKey(f"f{number}") for number in range(4)]
    assert ending_line(stopped) == "f0, f1, f2 and 2 more failed: 1 materialized, 4 failed"
    assert ending_line(RunResult(plan(), materialized=[A])) == "1 materialized"
