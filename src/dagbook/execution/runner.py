"""Running a plan: yields what happens, event by event, and never calls back."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.results import NO_VALUE
from dagbook.events.records import (
    Event,
    NotRun,
    RunFinished,
    RunOutcome,
    RunStarted,
    StepFailed,
    StepStarted,
)
from dagbook.execution.beginning import begin_checks, begin_step, held_up
from dagbook.execution.executors import Done, Request
from dagbook.execution.happened import NO_VALUES, Happened
from dagbook.execution.holding import hold_verdicts
from dagbook.execution.ledger import Ledger
from dagbook.execution.recording import (
    check_events,
    planned_code,
    restored_event,
    step_events,
)
from dagbook.execution.requests import ChecksOutcome, StepOutcome
from dagbook.execution.tasks import Agenda, Task, agenda_of
from dagbook.execution.tracebacks import record_of
from dagbook.execution.world import World
from dagbook.planning.plan import Plan, Step


def run(plan: Plan, world: World) -> Generator[Happened, None, None]:
    """Bring the plan's steps about; a failure is an event, an interrupt ends the run and is raised.

    Each thing that happened must be kept before the next one is asked for: only then does the
    turn at its assets go to others. Whoever stops asking closes the iterator.
    """
    ledger = Ledger.opening(world, plan)
    agenda = agenda_of(world.graph, plan)
    running: dict[int, Task] = {}
    yield Happened(
        (
            _run_started(world, plan),
            *planned_code(ledger, plan),
            *_restore(ledger, plan),
            *_blocked(world, plan),
        )
    )
    try:
        while (agenda.ready or running) and not world.cancel.cancelled:
            yield from _start_ready(ledger, agenda, running)
            if running:
                done = world.executor.next_done()
                if done is None or world.cancel.cancelled:
                    break
                task = running[done.token.place]
                yield _finished(ledger, task, done)
                _leave(world, running.pop(task.place))
                agenda.done(task)
        if world.cancel.cancelled:
            yield Happened(tuple(_cancelled(world, running.values(), agenda)))
        else:
            yield Happened((_end(world, "failed" if _failed(ledger) else "ok"),))
    except GeneratorExit:
        raise
    except BaseException as error:
        # An interrupt, most often: what ran has failed, the rest did not run, then it goes on up.
        yield Happened(tuple(_abandoned(world, running.values(), agenda, error)))
        raise
    finally:
        for task in running.values():
            _leave(world, task)


def _start_ready(ledger: Ledger, agenda: Agenda, running: dict[int, Task]) -> Iterator[Happened]:
    """Start what is ready, as far as the executor takes it; tell what needs no start."""
    executor, world = ledger.world.executor, ledger.world
    while agenda.ready and len(running) < executor.capacity and not world.cancel.cancelled:
        task = agenda.pop()
        held = held_up(ledger, task.step) if task.step is not None else None
        if held is None:
            if not _enter(world, task, wait=not running):
                agenda.put_back(task)
                return
            running[task.place] = task
        answer = held or _begin(ledger, task)
        if not isinstance(answer, Happened):
            if task.step is not None:
                yield Happened((_step_started(world, task.step),))
            executor.start(task, answer)
            continue
        if answer.events:
            yield answer
        if held is None and task.step is not None:
            hold_verdicts(ledger, task.step)
        if task.place in running:
            _leave(world, running.pop(task.place))
        agenda.done(task)


def _begin(ledger: Ledger, task: Task) -> Request | Happened:
    if task.step is not None:
        return begin_step(ledger, task.step)
    return begin_checks(ledger, [ledger.world.graph.checks[check] for check in task.checks])


def _enter(world: World, task: Task, *, wait: bool) -> bool:
    """Take the turn at a step's assets; no wait with other turns in hand, which could be for each other."""
    return task.step is None or world.turnstile.enter(task.step.keys, wait=wait)


def _leave(world: World, task: Task) -> None:
    if task.step is not None:
        world.turnstile.leave(task.step.keys)


def _finished(ledger: Ledger, task: Task, done: Done) -> Happened:
    outcome = done.outcome
    if isinstance(outcome, ChecksOutcome):
        checks = ledger.world.graph.checks
        events = [
            event for one in outcome.checks for event in check_events(ledger, checks[one.key], one)
        ]
        raised = {str(one.key): one.exception for one in outcome.checks}
        return Happened(tuple(events), {k: e for k, e in raised.items() if e is not None})
    assert task.step is not None
    assert isinstance(outcome, StepOutcome)
    key = task.step.keys[0]
    errors = {str(key): outcome.exception} if outcome.exception is not None else {}
    changed = tuple([(key, name) for name in outcome.changed])
    values = _captured(ledger, task.step, outcome)
    return Happened(tuple(step_events(ledger, task.step, outcome)), errors, changed, values)


def _captured(ledger: Ledger, step: Step, outcome: StepOutcome) -> Mapping[AssetKey, Any]:
    """The values that went to I/O managers and came back with the answer, as they were asked for."""
    given = {one.name: one.value for one in outcome.outputs if one.value is not NO_VALUE}
    definition = ledger.world.graph.nodes[step.keys[0]].definition
    if not given or definition is None:
        return NO_VALUES
    keys = {out.name: key for out, key in zip(definition.op.outs, definition.keys, strict=True)}
    return {keys[name]: value for name, value in given.items()}


def _restore(ledger: Ledger, plan: Plan) -> Iterator[Event]:
    for key in plan.restored:
        source = ledger.world.statuses.assets[key].materialization
        if source is not None:
            yield restored_event(ledger, ledger.world.graph.nodes[key], source)


def _blocked(world: World, plan: Plan) -> Iterator[Event]:
    for key in plan.blocked:
        because = ", ".join(map(str, plan.statuses[key].blocked_by))
        yield _not_run(world, key, f"{because} failed", blocked=True)


def _failed(ledger: Ledger) -> bool:
    """Whether something failed, a check raised, or a verdict bars something."""
    endings = ledger.endings.values()
    faults = ledger.raised or ledger.failed_gates or ledger.failed_ops
    return bool("failed" in endings or "blocked" in endings or faults)


def _abandoned(
    world: World, running: Iterable[Task], agenda: Agenda, error: BaseException
) -> Iterator[Event]:
    for task in running:
        if task.step is not None:
            yield StepFailed(
                run_id=world.run_id,
                time=world.clock(),
                duration=0.0,
                keys=task.step.keys,
                error=record_of(error),
            )
    yield from _left(world, agenda, "the run was interrupted")
    yield _end(world, "cancelled")


def _cancelled(world: World, running: Iterable[Task], agenda: Agenda) -> Iterator[Event]:
    for task in running:
        for key in task.step.keys if task.step is not None else ():
            yield _not_run(world, key, "the run was cancelled")
    yield from _left(world, agenda, "the run was cancelled")
    yield _end(world, "cancelled")


def _left(world: World, agenda: Agenda, because: str) -> Iterator[Event]:
    for task in agenda.rest():
        for key in task.step.keys if task.step is not None else ():
            yield _not_run(world, key, because)


def _run_started(world: World, plan: Plan) -> RunStarted:
    return RunStarted(
        run_id=world.run_id,
        time=world.clock(),
        command=world.command,
        session=world.session,
        planned=plan.keys,
    )


def _step_started(world: World, step: Step) -> StepStarted:
    return StepStarted(run_id=world.run_id, time=world.clock(), keys=step.keys)


def _not_run(world: World, key: AssetKey, because: str, *, blocked: bool = False) -> NotRun:
    return NotRun(
        run_id=world.run_id, time=world.clock(), key=key, because=because, blocked=blocked
    )


def _end(world: World, outcome: RunOutcome) -> RunFinished:
    return RunFinished(run_id=world.run_id, time=world.clock(), outcome=outcome)
