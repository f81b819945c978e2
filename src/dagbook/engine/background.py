"""A run that goes on while the caller does something else."""

from __future__ import annotations

import threading
from collections.abc import Callable

from dagbook.definitions.context import context_of_cells
from dagbook.definitions.keys import AssetKey
from dagbook.execution.cancel import CancelToken
from dagbook.execution.processes import ProcessExecutor
from dagbook.execution.result import RunResult
from dagbook.graph.asset_graph import AssetGraph
from dagbook.planning.plan import Plan


class BackgroundRun:
    """A handle on a run that a thread of this process coordinates.

    `keys` are the planned assets; `cancel()` stops it at once; `result()` waits for its end and
    gives the RunResult, or raises what kept it from running.
    """

    def __init__(self, run_id: str, plan: Plan, cancel: CancelToken) -> None:
        self.run_id = run_id
        self.plan = plan
        self._cancel = cancel
        self._ended = threading.Event()
        self._result: RunResult | None = None
        self._error: BaseException | None = None

    def __repr__(self) -> str:
        return f"<BackgroundRun: {str(self.plan).rstrip('.')}>"

    @property
    def keys(self) -> tuple[AssetKey, ...]:
        """The assets that are planned."""
        return self.plan.keys

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self._ended.is_set()

    def cancel(self) -> None:
        """Stop it; what had finished is kept."""
        self._cancel.cancel()

    def result(self, timeout: float | None = None) -> RunResult:
        """Wait for the end, at most `timeout` seconds (then TimeoutError)."""
        if not self._ended.wait(timeout):
            raise TimeoutError(f"the run {self.run_id} has not ended within {timeout} s")
        if self._error is not None:
            raise self._error
        assert self._result is not None
        return self._result

    @property
    def undone(self) -> tuple[AssetKey, ...]:
        """What failed in it, and what did not run for that or because it was cancelled."""
        result = self._result
        return () if result is None else (*result.failed, *result.not_run)

    def begin(self, work: Callable[[], RunResult], ended: Callable[[], None]) -> None:
        """Start the coordinating thread, which calls `ended` last of all."""
        thread = threading.Thread(
            target=context_of_cells().run,
            args=(self._coordinate, work, ended),
            name=f"dagbook-run-{self.run_id}",
            daemon=True,
        )
        thread.start()

    def _coordinate(self, work: Callable[[], RunResult], ended: Callable[[], None]) -> None:
        try:
            self._result = work()
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()
            ended()


def prepare(executor: ProcessExecutor, graph: AssetGraph, plan: Plan) -> None:
    """Take the functions of a plan as they are now, before the caller goes on."""
    for key in plan.keys:
        op = graph.nodes[key].op
        if op is not None:
            executor.prepare(op.fn, op.in_kernel)
    for check in plan.checks:
        own = graph.checks[check].op
        executor.prepare(own.fn, own.in_kernel)
