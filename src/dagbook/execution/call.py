"""Calling a user's function: with its hidden inputs in place, in time, again where it may fail."""

from __future__ import annotations

import builtins
import inspect
import signal
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import copy_context
from types import FrameType
from typing import TYPE_CHECKING, Any

from dagbook.errors.execution import StepTimeout

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task

_MISSING = object()
_ONE_AT_A_TIME = threading.RLock()


def settled(result: Any) -> Any:
    """The result of an async function, run to its end on a loop of its own; others as they are.

    What an async generator yields comes as a plain generator.
    """
    if inspect.iscoroutine(result):
        return _in_own_loop(result)
    if inspect.isasyncgen(result):
        return (item for item in _in_own_loop(_collected(result)))
    return result


async def _collected(results: AsyncIterator[Any]) -> list[Any]:
    return [item async for item in results]


def _in_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in another thread, since the kernel's own loop is running in this one."""
    # Loaded here because few bodies are async, and it brings the network and TLS with it.
    import asyncio

    answer: Future[Any] = Future()
    tasks: list[tuple[AbstractEventLoop, Task[Any] | None]] = []

    async def run() -> Any:
        tasks.append((asyncio.get_running_loop(), asyncio.current_task()))
        return await work

    def go() -> None:
        try:
            answer.set_result(asyncio.run(run()))
        except BaseException as error:
            answer.set_exception(error)

    # In the context of this thread, so that what the body opens is told to be the step's.
    thread = threading.Thread(
        target=copy_context().run, args=(go,), name="dagbook-async-body", daemon=True
    )
    thread.start()
    try:
        return answer.result()
    except BaseException:
        # An interrupt or the end of its time reaches this thread; the body must hear of it too.
        for loop, task in tasks:
            if task is not None and not answer.done():
                loop.call_soon_threadsafe(task.cancel)
        raise


@contextmanager
def hidden_inputs(fn: Any, values: Mapping[str, Any]) -> Iterator[None]:
    """Let helper functions of the body's namespace see these names while the body runs.

    They stand where builtins stand if the namespace has builtins of its own, so that the user's
    variables stay untouched. Two such bodies never run at once in one process: each would see, and
    take away, what belongs to the other.
    """
    if not values:
        yield
        return
    with _ONE_AT_A_TIME:
        yield from _in_place(_namespace(fn), values)


def _in_place(space: dict[str, Any], values: Mapping[str, Any]) -> Iterator[None]:
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
