"""What runs in a workspace, told to whoever asks."""

from __future__ import annotations

from dagbook.engine.activity import Activity
from dagbook.engine.background import BackgroundRun
from dagbook.events.records import (
    ErrorRecord,
    Event,
    OutputWritten,
    RunFinished,
    StepFailed,
    StepStarted,
)
from dagbook.execution.cancel import CancelToken
from dagbook.planning.plan import Plan
from tests.widget.projects import BROKEN, CLEAN, RAW, SLOW, eventually, project, slow


def test_activity_follows_what_runs() -> None:
    """An asset runs from its start to its end; a finished run leaves nothing running."""
    activity = Activity()
    activity.begin(BackgroundRun("r", Plan(selected=()), CancelToken()))
    start = StepStarted(run_id="r", time=0.0, keys=(RAW, CLEAN))
    error = ErrorRecord(type="E", message="")
    failed = StepFailed(run_id="r", time=1.0, duration=1.0, keys=(RAW,), error=error)
    assert activity.take([start])
    assert activity.running == {RAW, CLEAN}
    activity.take([failed])
    assert (activity.running, activity.settled("r")) == (frozenset({CLEAN}), 1)
    activity.take([RunFinished(run_id="r", time=2.0, outcome="failed")])
    assert activity.running == frozenset()


def test_output_is_kept_in_bounds_and_changes_no_picture() -> None:
    """The last lines of a body's output are there; a new run begins anew."""
    activity = Activity()
    lines: list[Event] = [
        OutputWritten(run_id="r", time=0.0, keys=(RAW,), stream="stdout", text=f"{i}\n")
        for i in range(5_000)
    ]
    assert not activity.take(lines)
    assert activity.output_of(RAW).endswith("4999\n")
    assert len(activity.output_of(RAW).splitlines()) == 400
    activity.take([StepStarted(run_id="s", time=0.0, keys=(RAW,))])
    assert activity.output_of(RAW) == ""


def test_runs_in_the_background_go_on_until_they_have_ended() -> None:
    """Whoever asks is told of them, and afterwards of what they left undone."""
    with project() as workspace:
        heard: list[int] = []
        workspace.on_change(lambda: heard.append(len(workspace.activity.going)))
        run = workspace.start("broken or report")
        assert heard[0] == 1
        run.result()
        eventually(lambda: heard[-1] == 0)
        assert workspace.activity.undone == (BROKEN,)


def test_all_runs_in_the_background_are_cancelled() -> None:
    """What a cancelled run was to make is left undone."""
    with project() as workspace:
        workspace.define(slow)
        run = workspace.start("slow")
        eventually(lambda: workspace.activity.running)
        workspace.activity.cancel()
        assert run.result(20).outcome == "cancelled"
        eventually(lambda: workspace.activity.undone == (SLOW,))
