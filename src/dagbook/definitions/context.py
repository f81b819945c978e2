"""The context in which cells run: libraries keep settings for each thread, and cells have set theirs."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from typing import TypeVar

T = TypeVar("T")

_is_of_cells: ContextVar[bool] = ContextVar("dagbook_cells", default=False)
_of_cells: list[Context] = []


def take_context() -> None:
    """What runs here and now is a cell: its context is that of the notebook."""
    _is_of_cells.set(True)
    _of_cells[:] = [copy_context()]


def in_cells(work: Callable[[], T]) -> T:
    """Do something as a cell would: in this context where it is a cell's, else in that of the last one.

    >>> in_cells(lambda: 3)
    3
    """
    if _is_of_cells.get() or not _of_cells:
        return work()
    # A context can be entered once at a time.
    return _of_cells[0].copy().run(work)


def context_of_cells() -> Context:
    """A context in which a body sees what cells have set, for a thread of its own."""
    return in_cells(copy_context)
