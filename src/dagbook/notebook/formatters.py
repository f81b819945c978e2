"""How records of the engine look when a cell ends with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from dagbook.execution.result import RunResult
from dagbook.notebook.shown import Shown, stacked, table_shown
from dagbook.planning.plan import Plan
from dagbook.views.checks import verdict_table
from dagbook.views.html import code_of, line_of
from dagbook.views.plan import plan_table
from dagbook.views.runs import result_table


def result_shown(result: RunResult) -> Shown:
    """The result of a run: its table, the verdicts, the errors with the user's frames."""
    parts = [table_shown(result_table(result))]
    if result.checks:
        parts.append(table_shown(verdict_table(result.checks)))
    for key, failure in result.failures.items():
        title = f"{key}: {failure.error.type}: {failure.error.message}"
        html = f"<div>{line_of(title, 400)}</div>{code_of(failure.error.traceback)}"
        parts.append(Shown(html, failure.error.traceback.rstrip()))
    return stacked(parts)


def plan_shown(plan: Plan) -> Shown:
    """A plan as a table."""
    return table_shown(plan_table(plan))


def register_formatters(shell: InteractiveShell) -> Callable[[], None]:
    """Have IPython show these records so; gives what ends it."""
    formatters = shell.display_formatter.formatters
    html, plain = formatters["text/html"], formatters["text/plain"]
    shown: dict[type, Callable[[Any], Shown]] = {RunResult: result_shown, Plan: plan_shown}
    for kind, show in shown.items():
        html.for_type(kind, _html(show))
        plain.for_type(kind, _text(show))

    def remove() -> None:
        for kind in shown:
            html.pop(kind, None)
            plain.pop(kind, None)

    return remove


def _html(show: Callable[[Any], Shown]) -> Callable[[Any], str]:
    return lambda record: show(record).html


def _text(show: Callable[[Any], Shown]) -> Callable[[Any, Any, bool], None]:
    def write(record: Any, printer: Any, _cycle: bool) -> None:
        printer.text(show(record).text)

    return write
