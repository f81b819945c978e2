"""Calling a user's function: with its hidden inputs in place, in time, again where it may fail."""

from __future__ import annotations

import asyncio
import builtins
import inspect
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from dagbook.definitions.results import NO_VALUE
from dagbook.errors.execution import StepTimeout

_MISSING = object()


def settled(result: Any) -> Any:
    """The result of an async function, run to its end on a loop of its own; others as they are."""
    if not inspect.iscoroutine(result):
        return result
    # The kernel's own loop is running in this thread, so that another one needs another thread.
    answer: list[Any] = [NO_VALUE]
    failure: list[BaseException] = []

    def run() -> None:
        try:
            answer[0] = asyncio.run(result)
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="dagbook-async-body")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return answer[0]


@contextmanager
def hidden_inputs(fn: Any, values: Mapping[str, Any]) -> Iterator[None]:
    """Let helper functions of the body's namespace see these names while the body runs.

    They stand where builtins stand if the namespace has builtins of its own, so that the user's
    variables stay untouched.
    """
    if not values:
        yield
        return
    space = _namespace(fn)
    before = {name: space.get(name, _MISSING) for name in values}
    space.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _MISSING:
                space.pop(name, None)
            else:
                space[name] = value


def _namespace(fn: Any) -> dict[str, Any]:
    space: dict[str, Any] = inspect.unwrap(fn).__globals__
    own = space.get("__builtins__")
    return own if isinstance(own, dict) and own is not builtins.__dict__ else space


@contextmanager
def time_limit(asset: str, seconds: float | None) -> Iterator[None]:
    """Raise StepTimeout in the body when the time is over; only where signals reach it."""
    usable = threading.current_thread() is threading.main_thread() and hasattr(signal, "setitimer")
    if seconds is None or not usable:
        yield
        return
    limit = seconds

    def over(_signal: int, _frame: FrameType | None) -> None:
        raise StepTimeout(asset=asset, seconds=limit)

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
