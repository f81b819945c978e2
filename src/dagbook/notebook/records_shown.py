"""How a result and a plan look."""

from __future__ import annotations

from dagbook.execution.result import RunResult
from dagbook.notebook.shown import Shown, stacked, table_shown
from dagbook.planning.plan import Plan
from dagbook.views.checks import verdict_table
from dagbook.views.error_lines import error_line
from dagbook.views.html import code_of, line_of
from dagbook.views.plan import plan_table
from dagbook.views.runs import result_table


def result_shown(result: RunResult, *, frames: bool = True) -> Shown:
    """The result of a run: its table, the verdicts, the errors with the user's frames (`frames`)."""
    parts = [table_shown(result_table(result))]
    if result.checks:
        parts.append(table_shown(verdict_table(result.checks)))
    for key, failure in result.failures.items() if frames else ():
        title = f"{key}: {error_line(failure.error)}"
        html = f"<div>{line_of(title)}</div>{code_of(failure.error.traceback)}"
        parts.append(Shown(html, failure.error.traceback.rstrip()))
    return stacked(parts)


def plan_shown(plan: Plan) -> Shown:
    """A plan as a table."""
    return table_shown(plan_table(plan))
