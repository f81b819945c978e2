"""Running one step: load, call, keep; the same in every process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING

from dagbook.definitions.composed import ComposedGraph
from dagbook.execution.answers import inline_checks
from dagbook.execution.attempts import with_attempts
from dagbook.execution.bodies import Handouts, call, changed_in, hand_out, split
from dagbook.execution.context import AssetExecutionContext
from dagbook.execution.keeping import kept_output, unexpected_warning
from dagbook.execution.managed import handed_over
from dagbook.execution.outputs import Harvest
from dagbook.execution.requests import (
    CheckOutcome,
    OutputResult,
    StepOutcome,
    StepRequest,
)
from dagbook.execution.supply import Provided
from dagbook.execution.tracebacks import record_of
from dagbook.io.objects import ObjectStore
from dagbook.later import later
from dagbook.records import dataclass

if TYPE_CHECKING:
    from dagbook.execution import opgraph
else:
    opgraph = later("dagbook.execution.opgraph")


@dataclass(slots=True)
class _Attempt:
    """The last call of a body: what it was given and what it gave, also where it raised."""

    context: AssetExecutionContext | None = None
    handouts: Handouts = field(default_factory=dict)
    harvest: Harvest = field(default_factory=Harvest)


def execute_step(request: StepRequest, objects: ObjectStore) -> StepOutcome:
    """Run the body on its inputs and keep what it gives; a failure is an answer, not an exception.

    KeyboardInterrupt passes through.
    """
    with request.supply.open(request.run_id) as provided:
        if isinstance(request.fn, ComposedGraph):
            return opgraph.execute_graph(request, request.fn, objects, provided)
        return _execute(request, objects, provided)


def _execute(request: StepRequest, objects: ObjectStore, provided: Provided) -> StepOutcome:
    started = time.time()
    clock = time.perf_counter()
    last = _Attempt()
    outputs: list[OutputResult] = []
    checks: tuple[CheckOutcome, ...] = ()
    error: Exception | None = None
    try:
        with_attempts(
            request.retry_policy, lambda number: _attempt(request, objects, number, last, provided)
        )
    except Exception as raised:
        error = raised
    try:
        for result in _keep(request, last, objects, provided, skips=error is None):
            outputs.append(result)
        if error is None:
            checks = inline_checks(request, last.harvest, objects)
    except Exception as raised:
        error = error or raised
    return StepOutcome(
        outputs=tuple(outputs),
        checks=checks,
        started=started,
        duration=time.perf_counter() - clock,
        error=None if error is None else record_of(error),
        exception=error,
        changed=() if error is not None else changed_in(last.handouts),
        opened=last.harvest.opened,
        failed=() if error is None else request.selected,
        warnings=(*_unexpected(request, outputs), *(_said(request, last) if not error else ())),
    )


def _attempt(
    request: StepRequest, objects: ObjectStore, number: int, last: _Attempt, provided: Provided
) -> None:
    # Anew for each attempt: the one before may have changed what it was given.
    last.handouts = hand_out(request.inputs, objects, provided, request.name)
    if number:
        last.harvest = Harvest()
    last.context = _context(request, objects, number, provided)
    arguments, hidden = split(last.handouts)
    arguments.update(provided.arguments())
    leading = (last.context,) if request.takes_context else ()
    call(request, request.fn, leading, arguments, hidden, request.timeout, last.harvest)


def _keep(
    request: StepRequest, last: _Attempt, objects: ObjectStore, provided: Provided, *, skips: bool
) -> Iterator[OutputResult]:
    """What was given, one by one; with `skips` also that nothing was given for the others."""
    only = len(request.outs) == 1
    for out, key in zip(request.outs, request.keys, strict=True):
        given = last.harvest.given.get(out.name)
        if given is not None:
            added = last.context.metadata_for(out.name, only) if last.context is not None else {}
            managed = provided.supply.outputs.get(out.name)
            if managed is None:
                yield kept_output(str(key), out.name, given, added, objects)
            else:
                yield handed_over(key, out.name, given, added, managed, provided)
        elif skips and out.name in request.selected:
            yield OutputResult(name=out.name, skipped=True)


def _said(request: StepRequest, last: _Attempt) -> tuple[str, ...]:
    """What the function says of its inputs: a query, which parts of frames it does not see."""
    says = getattr(request.fn, "__dagbook_says__", None)
    return tuple(says(**split(last.handouts)[0])) if says is not None else ()


def _unexpected(request: StepRequest, outputs: list[OutputResult]) -> tuple[str, ...]:
    """A warning for each output that was given although its asset was not selected."""
    given = [one.name for one in outputs if one.name not in request.selected]
    keys = {out.name: key for out, key in zip(request.outs, request.keys, strict=True) if given}
    return tuple([unexpected_warning(request.name, name, str(keys[name])) for name in given])


def _context(
    request: StepRequest, objects: ObjectStore, number: int, provided: Provided
) -> AssetExecutionContext | None:
    if not request.takes_context:
        return None
    previous = request.previous
    return AssetExecutionContext(
        run_id=request.run_id,
        keys=request.keys,
        selected=request.selected,
        selected_keys=request.selected_keys,
        selected_checks=request.selected_checks,
        outputs={out.name: key for out, key in zip(request.outs, request.keys, strict=True)},
        inputs={item.name: item.key for item in request.inputs if item.via is None},
        previous=lambda: None if previous is None else objects.load(previous),
        retry_number=number,
        resources=provided.view(),
        op_config=provided.config,
    )
