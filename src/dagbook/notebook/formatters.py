"""Has IPython show a result or a plan with which a cell ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from dagbook.later import later

if TYPE_CHECKING:
    from dagbook.notebook import records_shown
else:
    records_shown = later("dagbook.notebook.records_shown")

# By name: the records themselves are loaded with the first run or plan.
SHOWN = {"dagbook.execution.result.RunResult": "result_shown"}
SHOWN |= {"dagbook.planning.plan.Plan": "plan_shown"}


def register_formatters(shell: InteractiveShell) -> Callable[[], None]:
    """Have IPython show these records as tables; gives what ends it."""
    display: Any = shell.display_formatter
    html, plain = display.formatters["text/html"], display.formatters["text/plain"]
    for kind, name in SHOWN.items():
        module, _, record = kind.rpartition(".")
        html.for_type_by_name(module, record, _html(name))
        plain.for_type_by_name(module, record, _text(name))

    def remove() -> None:
        for kind in SHOWN:
            html.pop(kind, None)
            plain.pop(kind, None)

    return remove


def _shown(name: str, record: Any) -> Any:
    return getattr(records_shown, name)(record)


def _html(name: str) -> Callable[[Any], str]:
    return lambda record: str(_shown(name, record).html)


def _text(name: str) -> Callable[[Any, Any, bool], None]:
    def write(record: Any, printer: Any, _cycle: bool) -> None:
        printer.text(_shown(name, record).text)

    return write
