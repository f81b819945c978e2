"""Hears Python's audit events by one hook for all of us: each hook is called at every event there is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Lock
from typing import Any

_lock = Lock()
_listeners: dict[str, Callable[[tuple[Any, ...]], None]] = {}


def listen(event: str, listener: Callable[[tuple[Any, ...]], None]) -> None:
    """From now on call `listener` with the arguments of each such event, in the thread that raised it.

    There is no way to end that, since Python has none to take a hook out again. What a listener
    raises would be raised in the user's code: it must not. An event has one listener, the last.

    >>> found = []
    >>> listen("dagbook.example", found.append)
    >>> sys.audit("dagbook.example", 1)
    >>> found
    [(1,)]
    """
    with _lock:
        if not _listeners:
            sys.addaudithook(_tell)
        _listeners[event] = listener


def _tell(event: str, arguments: tuple[Any, ...]) -> None:
    listener = _listeners.get(event)
    if listener is not None:
        listener(arguments)
