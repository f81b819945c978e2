"""Carrying a plan out: what happens is kept, piece by piece, before the next piece begins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from typing import Literal, get_args

from dagbook.engine.kept import kept_ops
from dagbook.engine.store import Store
from dagbook.engine.turnstile import LockTurnstile, Told
from dagbook.errors.definitions import InvalidDefinition
from dagbook.errors.store import StoreError
from dagbook.events.records import RunFinished
from dagbook.execution.addresses import new_id
from dagbook.execution.cancel import CancelToken
from dagbook.execution.executors import Executor, InlineExecutor, ThreadExecutor
from dagbook.execution.happened import Happened
from dagbook.execution.processes import ProcessExecutor, WorkerPool
from dagbook.execution.result import RunResult
from dagbook.execution.runner import run
from dagbook.execution.world import World
from dagbook.graph.asset_graph import AssetGraph
from dagbook.io.objects import ObjectStore
from dagbook.observation.files import FileDigests
from dagbook.observation.opened import recorded, seen_again
from dagbook.planning.plan import Plan
from dagbook.records import dataclass
from dagbook.staleness.kept import KeptResults
from dagbook.staleness.observations import Observations
from dagbook.staleness.status import Statuses

ExecutorName = Literal["inline", "threads", "processes"]


@dataclass(frozen=True, slots=True)
class Means:
    """What every run of a workspace uses: its store, its files, and who refreshes and tells."""

    store: Store
    scope: str
    refresh: Callable[[], None]
    told: Told
    files: FileDigests

    def world(
        self,
        graph: AssetGraph,
        kept: KeptResults,
        seen: Observations,
        statuses: Statuses,
        executor: Executor,
        command: str,
        cancel: CancelToken,
    ) -> World:
        """The world of one run."""
        turnstile = LockTurnstile(
            self.store.locks, self.scope, refresh=self.refresh, told=self.told, cancel=cancel
        )
        return World(
            run_id=new_id(seen.now),
            command=command,
            session=self.store.session,
            graph=graph,
            history=kept,
            statuses=statuses,
            observations=seen,
            executor=executor,
            blob=self.store.log.blob,
            codes=self.store.log.codes_among,
            files=partial(recorded, files=self.files, store=self.store.folder.root),
            seen_again=partial(seen_again, files=self.files),
            turnstile=turnstile,
            cancel=cancel,
            kept_ops=partial(kept_ops, self.store, self.scope),
            recent=lambda key, count: self.store.log.history(self.scope, key, count),
        )


def executor_named(
    name: ExecutorName, jobs: int | None, objects: ObjectStore, pool: WorkerPool
) -> Executor:
    """The executor of this name for so many jobs at once, two by default.

    Raises InvalidDefinition for another name, or where `jobs` is no whole number above 0.
    """
    if name not in get_args(ExecutorName):
        raise _refused(f"executor={name!r} is none", f"one of {', '.join(get_args(ExecutorName))}")
    if jobs is not None and (not isinstance(jobs, int) or jobs < 1):
        raise _refused(f"jobs={jobs!r} is no number of jobs", "a whole number above 0")
    if name == "inline":
        return InlineExecutor(objects)
    if name == "threads":
        return ThreadExecutor(objects, jobs or 2)
    pool.resize(jobs or 2)
    return ProcessExecutor(objects, pool)


def _refused(problem: str, take: str) -> InvalidDefinition:
    return InvalidDefinition(name="materialize", problem=problem, remedy=f"Give {take}.")


def carry_out(plan: Plan, world: World, keep: Callable[[Happened], None]) -> RunResult:
    """Run a plan to its end; `keep` makes durable what it is given, or raises StoreError."""
    result = RunResult(plan, run_id=world.run_id)
    if plan.is_empty and not plan.blocked:
        result.outcome = "ok"
        result.finish()
        return result
    try:
        with closing(run(plan, world)) as happenings:
            for happened in happenings:
                keep(happened)
                result.take(happened)
    except StoreError:
        # The log refused an event; perhaps it takes at least the end of the run.
        end = RunFinished(run_id=world.run_id, time=world.clock(), outcome="interrupted")
        with suppress(StoreError):
            keep(Happened((end,)))
        raise
    finally:
        world.executor.close()
        world.supplies.close()
    result.finish()
    return result
