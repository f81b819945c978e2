"""Where steps run: in this thread, in threads, in processes."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from dagbook.definitions.context import context_of_cells
from dagbook.execution.judging import execute_checks
from dagbook.execution.requests import CheckRequest, ChecksOutcome, StepOutcome, StepRequest
from dagbook.execution.settings import settings_put_back
from dagbook.execution.step import execute_step
from dagbook.io.objects import ObjectStore
from dagbook.records import dataclass

Request = StepRequest | CheckRequest
Outcome = StepOutcome | ChecksOutcome


@dataclass(frozen=True, slots=True)
class Done:
    """A request that has been answered; `token` is what it was started with."""

    token: Any
    outcome: Outcome


class Executor(Protocol):
    """Takes requests and answers them in any order."""

    capacity: int

    def start(self, token: Any, request: Request) -> None:
        """Take a request; never called with more than `capacity` of them unanswered."""

    def next_done(self) -> Done | None:
        """Wait for an answer; None says that the run was cancelled meanwhile."""

    def cancel(self) -> None:
        """Stop what is running, where that can be done."""

    def close(self) -> None:
        """Let go of threads and processes."""


def execute(request: Request, objects: ObjectStore) -> Outcome:
    """Answer a request in this thread."""
    with settings_put_back():
        if isinstance(request, StepRequest):
            return execute_step(request, objects)
        return execute_checks(request, objects)


class InlineExecutor:
    """Runs each request in the calling thread, when its answer is asked for."""

    capacity = 1

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._waiting: deque[tuple[Any, Request]] = deque()

    def start(self, token: Any, request: Request) -> None:
        """Take a request."""
        self._waiting.append((token, request))

    def next_done(self) -> Done | None:
        """Run the request that was taken first."""
        token, request = self._waiting.popleft()
        return Done(token, execute(request, self._objects))

    def cancel(self) -> None:
        """Nothing to do: the caller's thread is the one that runs."""

    def close(self) -> None:
        """Nothing is held."""


class ThreadExecutor:
    """Runs requests in threads of this process: for bodies that need it and can't leave it."""

    def __init__(self, objects: ObjectStore, capacity: int = 2) -> None:
        self.capacity = capacity
        self._objects = objects
        self._done: queue.SimpleQueue[Done | BaseException | None] = queue.SimpleQueue()

    def start(self, token: Any, request: Request) -> None:
        """Begin a thread for the request."""
        run_in_thread(request.fn, lambda: self._answer(token, request))

    def next_done(self) -> Done | None:
        """Wait for a thread to end."""
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        return done

    def cancel(self) -> None:
        """A thread can't be stopped from outside; its answer is no longer waited for."""
        self._done.put(None)

    def close(self) -> None:
        """Threads end by themselves."""

    def _answer(self, token: Any, request: Request) -> None:
        try:
            self._done.put(Done(token, execute(request, self._objects)))
        except BaseException as error:
            self._done.put(error)


def run_in_thread(fn: Callable[..., Any], work: Callable[[], None]) -> threading.Thread:
    """Begin a thread that is named after the body it runs and ends with the process.

    It runs with the settings that libraries keep for each thread as the cells have made them.
    """
    name = f"dagbook-{getattr(fn, '__name__', 'step')}"
    run = context_of_cells().run
    thread = threading.Thread(target=run, args=(work,), name=name, daemon=True)
    thread.start()
    return thread
