"""Has IPython show a result or a plan with which a cell ends."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from dagbook.execution.result import RunResult
from dagbook.planning.plan import Plan

SHOWN: dict[type, str] = {RunResult: "result_shown", Plan: "plan_shown"}


def register_formatters(shell: InteractiveShell) -> Callable[[], None]:
    """Have IPython show these records as tables; gives what ends it."""
    display: Any = shell.display_formatter
    html, plain = display.formatters["text/html"], display.formatters["text/plain"]
    for kind, name in SHOWN.items():
        html.for_type(kind, _html(name))
        plain.for_type(kind, _text(name))

    def remove() -> None:
        for kind in SHOWN:
            html.pop(kind, None)
            plain.pop(kind, None)

    return remove


def _shown(name: str, record: Any) -> Any:
    # The tables are loaded with the first one.
    return getattr(import_module("dagbook.notebook.records_shown"), name)(record)


def _html(name: str) -> Callable[[Any], str]:
    return lambda record: str(_shown(name, record).html)


def _text(name: str) -> Callable[[Any, Any, bool], None]:
    def write(record: Any, printer: Any, _cycle: bool) -> None:
        printer.text(_shown(name, record).text)

    return write
