"""Worker processes: warm, killed at once by a cancel, fed with pickled functions."""

from __future__ import annotations

import contextlib
import io
import os
import queue
import sys
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import cloudpickle

from dagbook.errors.execution import WorkerDied
from dagbook.errors.resources import ResourceError
from dagbook.execution.executors import Done, Outcome, Request, execute, run_in_thread
from dagbook.execution.packing import Packer, unpack
from dagbook.execution.requests import CheckOutcome, CheckRequest, ChecksOutcome, StepOutcome
from dagbook.execution.sources import show
from dagbook.execution.supply import NO_SUPPLY, Supply
from dagbook.execution.tracebacks import record_of
from dagbook.io.objects import ObjectStore
from dagbook.resources.secrets import known_secrets, redacted, remember
from dagbook.versions.caches import meet_named, named_caches
from dagbook.versions.origin import home_of_module
from dagbook.versions.process import Constant, constants_as, constants_read, rests_on_process

_Failing = TypeVar("_Failing", StepOutcome, CheckOutcome)


def _never_called() -> None:
    """Stands in a request for the function whose pickle travels beside it."""


class WorkerPool:
    """Processes that outlive a run, so that only the first one pays for their start."""

    def __init__(self, size: int = 1) -> None:
        self.size = size
        self._pool: Any = None
        self._code: dict[str, Any] = {}

    def renew(self) -> None:
        """End processes that may hold code which this one has loaded anew since they began."""
        now = {
            name: getattr(module, "__spec__", None)
            for name, module in list(sys.modules.items())
            if home_of_module(name) == "own"
        }
        if any(now.get(name, spec) is not spec for name, spec in self._code.items()):
            self.kill()
        self._code = {**self._code, **now}

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """A future of the work in one of the processes; they start with the first."""
        # Loaded here because most sessions never need a process.
        from loky import BrokenProcessPool, ProcessPoolExecutor
        from loky.process_executor import ShutdownExecutorError

        for last in (False, True):
            if self._pool is None:
                self._pool = ProcessPoolExecutor(max_workers=self.size, timeout=600)
            try:
                return self._pool.submit(work, *arguments)
            except (BrokenProcessPool, ShutdownExecutorError):
                # A worker died since the last request.
                self._pool = None
                if last:
                    raise
        raise AssertionError("never reached")

    def resize(self, size: int) -> None:
        """Have this many processes from the next run on."""
        if size != self.size:
            self.kill()
            self.size = size

    def kill(self) -> None:
        """End the processes at once; the next run begins new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, kill_workers=True)


class ProcessExecutor:
    """Runs requests in worker processes; what can't travel runs in a thread of this one.

    The functions are pickled when `prepare` is called, so that a cell run later does not change
    what a run under way does.
    """

    def __init__(self, objects: ObjectStore, pool: WorkerPool) -> None:
        pool.renew()
        self.capacity = pool.size
        self._objects = objects
        self._pool = pool
        self._bodies: dict[int, tuple[bytes, list[Constant]] | None] = {}
        self._kept: list[Any] = []
        self._packer = Packer()
        self._done: queue.SimpleQueue[Done | BaseException | None] = queue.SimpleQueue()

    def prepare(self, fn: Callable[..., Any], in_kernel: bool = False) -> None:
        """Pickle a function now; one that can't be pickled is marked to run in this process.

        So is one that uses a package as cells have changed it.
        """
        self._kept.append(fn)
        try:
            here = in_kernel or rests_on_process(fn)
            self._bodies[id(fn)] = None if here else (self._packer.pack(fn), constants_read(fn))
        except Exception:
            # Whatever a user's object raises when pickled: then it stays here.
            self._bodies[id(fn)] = None

    def start(self, token: Any, request: Request) -> None:
        """Send a request off."""
        if id(request.fn) not in self._bodies:
            self.prepare(request.fn)
        body = self._bodies[id(request.fn)]
        try:
            supply = None if body is None else _packed(request.supply)
        except ResourceError as error:
            self._done.put(Done(token, _failure(request, error)))
            return
        if body is None or supply is None:
            run_in_thread(request.fn, lambda: self._answer_here(token, request))
            return
        sent = replace(request, fn=_never_called, supply=NO_SUPPLY)
        places = (str(self._objects.root), os.getcwd())
        future = self._pool.submit(_work, sent, *body, supply, *places)
        future.add_done_callback(lambda done: self._answered(token, request, done))

    def next_done(self) -> Done | None:
        """Wait for an answer."""
        done = self._done.get()
        if isinstance(done, BaseException):
            raise done
        return done

    def cancel(self) -> None:
        """Kill the workers, and wake whoever waits for an answer."""
        self._done.put(None)
        self._pool.kill()

    def close(self) -> None:
        """The pool stays warm."""
        self._packer.close()

    def _answer_here(self, token: Any, request: Request) -> None:
        try:
            self._done.put(Done(token, execute(request, self._objects)))
        except BaseException as error:
            self._done.put(error)

    def _answered(self, token: Any, request: Request, future: Any) -> None:
        from loky import BrokenProcessPool

        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            self._done.put(Done(token, future.result()))
            return
        if isinstance(error, (BrokenProcessPool, CancelledError)):
            died: BaseException = WorkerDied(asset=request.name)
            died.__cause__ = error
            error = died
        self._done.put(Done(token, _failure(request, error)))


def _failure(request: Request, error: BaseException) -> Outcome:
    record = record_of(error)
    if isinstance(request, CheckRequest):
        return ChecksOutcome(
            checks=tuple(
                [
                    CheckOutcome(
                        key=key,
                        passed=False,
                        severity="ERROR",
                        error=record,
                        exception=None if place else error,
                    )
                    for place, key in enumerate(request.keys)
                ]
            )
        )
    return StepOutcome(error=record, exception=error)


def _packed(supply: Supply) -> bytes | None:
    """What a computation is given, for the way to a worker; None where it can't leave this process."""
    if supply.in_process:
        return None
    # Before what may fail on the way: an unset variable is a fault of the run, here and there.
    sent = supply.sent()
    try:
        return bytes(cloudpickle.dumps((sent, known_secrets(), named_caches())))
    except Exception:
        # Whatever a user's object raises when pickled: then it stays here.
        return None


def _work(
    request: Request, body: bytes, constants: list[Constant], given: bytes, root: str, folder: str
) -> Outcome:
    """Run in the worker: answer the request, with what it printed."""
    os.chdir(folder)  # to where the kernel is by now
    fn, lines, places = unpack(body)
    show(lines, places)
    supply, secrets, caches = cloudpickle.loads(given)
    meet_named(caches)
    for secret in secrets:
        remember(secret)
    request = replace(request, fn=fn, supply=supply)
    printed = io.StringIO()
    # This process is ours alone, so that redirecting its output takes nobody else's away.
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        constants_as(constants),
    ):
        outcome = execute(request, ObjectStore(Path(root)))
    outcome = _that_travels(outcome)
    if isinstance(outcome, StepOutcome):
        return replace(outcome, printed=redacted(printed.getvalue()[-100_000:]))
    return outcome


def _that_travels(outcome: Outcome) -> Outcome:
    """The outcome with its exceptions, where they can be pickled; the records of them always come."""
    if isinstance(outcome, ChecksOutcome):
        return replace(outcome, checks=tuple([_lightened(one) for one in outcome.checks]))
    return _lightened(outcome)


def _lightened(outcome: _Failing) -> _Failing:
    if outcome.exception is None:
        return outcome
    try:
        cloudpickle.loads(cloudpickle.dumps(outcome.exception))
    except Exception:
        return replace(outcome, exception=None)
    return outcome
