"""What went wrong in a cell, as an error that names the cell and its line."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from dagbook.errors.base import DagbookError, Place
from dagbook.errors.cells import CellError, DefinitionFaults
from dagbook.errors.execution import ExecutionError
from dagbook.errors.headless import CellNotPython, CellRaised, CellRefused, NotebookFaults
from dagbook.errors.store import StoreError
from dagbook.execution.tracebacks import record_of
from dagbook.headless.notebook_file import Cell


def fault_of(
    cell: Cell, error: BaseException, namespace: dict[str, Any], *, compiling: bool
) -> DagbookError:
    """The error of a cell: refused where a definition is at fault, else raised by the user's code.

    `compiling`: it came before anything of the cell ran.
    """
    # Heavy, and loaded already: an error comes from a shell that runs.
    from IPython.core.error import UsageError

    if compiling and isinstance(error, SyntaxError):
        return not_python(cell, error)
    if isinstance(error, CellError | DefinitionFaults):
        return error  # it says its place itself
    frame = _users_frame(error.__traceback__, namespace)
    place = cell.place(frame.tb_lineno if frame is not None else None)
    ours = isinstance(error, DagbookError) and not isinstance(error, ExecutionError | StoreError)
    if ours or isinstance(error, UsageError):
        return CellRefused(place=place, reason=str(error))
    kept = record_of(error.with_traceback(frame))
    return CellRaised(place=place, type=kept.type, message=kept.message, traceback=kept.traceback)


def not_python(cell: Cell, error: SyntaxError) -> CellNotPython:
    """A syntax error, at the cell's own line."""
    lines = cell.text.splitlines()
    number = error.lineno or 1
    text = lines[number - 1] if number <= len(lines) else ""
    column = max(0, (error.offset or 1) - 1)
    place = Place(where=cell.where, line=number, column=column, text=text)
    return CellNotPython(place=place, problem=error.msg or "it can't be parsed")


def raise_together(faults: Sequence[DagbookError]) -> None:
    """Raise the only fault as it is, several as one error."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise NotebookFaults(faults=tuple(faults))


def _users_frame(found: TracebackType | None, namespace: dict[str, Any]) -> TracebackType | None:
    while found is not None and found.tb_frame.f_globals is not namespace:
        found = found.tb_next
    return found
