"""The context in which cells run: libraries keep settings for each thread, and cells have set theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import Context, ContextVar, copy_context
from typing import TypeVar

T = TypeVar("T")

# The thread of the cells that this context is of; 0 where it is of none.
_thread: ContextVar[int] = ContextVar("dagbook_cells", default=0)
_of_cells: list[Context] = []
# Called where a context is taken: these put into it what is kept for the thread alone.
carried: list[Callable[[], None]] = []


def take_context() -> None:
    """What runs here and now is a cell: its context is that of the notebook."""
    _thread.set(threading.get_ident())
    for carry in carried:
        carry()
    _of_cells[:] = [copy_context()]


def is_thread_of_cells() -> bool:
    """Whether this is the very thread that runs the cells, and no other one in their context."""
    return _thread.get() in (0, threading.get_ident())


def in_cells(work: Callable[[], T]) -> T:
    """Do something as a cell would: in this context where it is a cell's, else in that of the last one.

    >>> in_cells(lambda: 3)
    3
    """
    if _thread.get() or not _of_cells:
        return work()
    # A context can be entered once at a time.
    return _of_cells[0].copy().run(work)


def context_of_cells() -> Context:
    """A context in which a body sees what cells have set, for a thread of its own."""

    def copied() -> Context:
        if is_thread_of_cells():
            for carry in carried:
                carry()
        return copy_context()

    return in_cells(copied)
