"""A command's outcome as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from dagbook.cli.outcome import Outcome
from dagbook.cli.ports import Notebook
from dagbook.errors.base import DagbookError
from dagbook.errors.headless import CellRaised, ExecutionStopped, NotebookFaults
from dagbook.execution.result import RunResult
from dagbook.planning.plan import Plan
from dagbook.views.assets import asset_table
from dagbook.views.checks import check_table
from dagbook.views.lettering import clean_block, clean_line
from dagbook.views.plan import plan_line, plan_table
from dagbook.views.quantities import counted
from dagbook.views.runs import result_table
from dagbook.views.text import text_of


def left_out_text(notebook: Notebook) -> str:
    """How many cells did not run, and notes; empty where there is nothing to tell."""
    lines = []
    if notebook.left_out:
        parts = sum(not one.whole for one in notebook.left_out)
        words = counted(len(notebook.left_out), "cell") + (f" ({parts} in part)" if parts else "")
        lines.append(
            f"Left out: {words}, for running, showing or reading assets; listed by --json."
        )
    lines += [clean_line(note) for note in notebook.notes]
    return "\n".join(lines)


def plan_text(plan: Plan) -> str:
    """What will run; one line where there is nothing to do."""
    if plan.is_empty and not plan.blocked:
        return plan_line(plan)
    return text_of(plan_table(plan), varying=True)


def outcome_text(outcome: Outcome) -> str:
    """What came of a run, errors with the user's traceback, checks, and the table of assets."""
    return "\n\n".join(_parts(outcome))


def error_text(error: DagbookError) -> str:
    """An error that ended a command; with the user's traceback where their code raised."""
    if isinstance(error, NotebookFaults):
        return f"dagbook: {error.title}\n" + "\n".join(
            error_text(each) if isinstance(each, CellRaised) else f"- {clean_block(each)}"
            for each in error.faults
        )
    traceback = error.traceback if isinstance(error, CellRaised | ExecutionStopped) else ""
    told = f"dagbook: {clean_block(error)}"
    return f"{clean_block(traceback).rstrip()}\n{told}" if traceback else told


def _parts(outcome: Outcome) -> Iterator[str]:
    result = outcome.result
    if result is not None and not (result.plan.is_empty and not result.plan.blocked):
        yield text_of(result_table(result), varying=True)
    if result is not None:
        yield from _errors(result)
        yield from _changed(result)
    if outcome.checks:
        yield text_of(check_table(outcome.checks.values(), caption="Checks"))
    graph = outcome.notebook.workspace.graph
    plan = result.plan if result is not None else outcome.plan
    asked = graph.order if plan is None else plan.selected
    # Beside what was asked for, whatever needs attention.
    shown = {*asked, *(key for key, status in outcome.assets.items() if not status.is_fresh)}
    yield text_of(asset_table(graph, outcome.assets, outcome.checks, keys=shown), varying=True)
    if outcome.failing:
        yield f"Failing: {', '.join(map(clean_line, outcome.failing))}"


def _errors(result: RunResult) -> Iterator[str]:
    told = set()
    for key, failure in result.failures.items():
        if id(failure) not in told:
            told.add(id(failure))
            yield _error(str(key), failure.error.traceback, str(result.errors.get(str(key), "")))
    for verdict in result.checks:
        if verdict.error is not None:
            yield _error(str(verdict.check), verdict.error.traceback, verdict.error.message)


def _error(name: str, traceback: str, message: str) -> str:
    return f"{clean_line(name)} failed:\n{clean_block(traceback or message).rstrip()}"


def _changed(result: RunResult) -> Iterator[str]:
    for key, name in result.changed_inputs:
        yield f"{clean_line(key)} changed its input `{clean_line(name)}` in place; nobody else sees that."
