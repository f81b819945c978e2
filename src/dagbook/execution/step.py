"""Running one step or one check: load, call, keep; the same in every process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.results import NO_VALUE, AssetCheckResult
from dagbook.execution.call import hidden_inputs, settled, time_limit
from dagbook.execution.context import AssetExecutionContext
from dagbook.execution.outputs import Given, given_by
from dagbook.execution.requests import (
    CheckOutcome,
    CheckRequest,
    OutputResult,
    StepInput,
    StepOutcome,
    StepRequest,
)
from dagbook.execution.tracebacks import record_of
from dagbook.execution.verdicts import Judged, from_assertion, judged, metadata_of
from dagbook.io.handout import Handout
from dagbook.io.objects import ObjectStore
from dagbook.versions.data import data_version


def execute_step(request: StepRequest, objects: ObjectStore) -> StepOutcome:
    """Run the body on its inputs and keep what it gives; a failure is an answer, not an exception.

    KeyboardInterrupt and SystemExit pass through.
    """
    started = time.time()
    clock = time.perf_counter()
    handouts: dict[str, Handout] = {}
    try:
        handouts = _hand_out(request.inputs, objects)
        context = _context(request, objects)
        for number in range(_attempts(request)):
            try:
                given = _call(request, handouts, context, number)
                break
            except Exception:
                if number + 1 == _attempts(request):
                    raise
                time.sleep(_pause(request))
        outputs = _keep(request, given, context, objects)
        checks = _inline_checks(request, given, objects)
    except Exception as error:
        return StepOutcome(
            started=started,
            duration=time.perf_counter() - clock,
            error=record_of(error),
            exception=error,
        )
    return StepOutcome(
        outputs=outputs,
        checks=checks,
        started=started,
        duration=time.perf_counter() - clock,
        changed=tuple([name for name, handout in handouts.items() if handout.changed()]),
    )


def execute_check(request: CheckRequest, objects: ObjectStore) -> CheckOutcome:
    """Judge one check; whatever it raises is a failed verdict with the error."""
    clock = time.perf_counter()
    error: Exception | None = None
    try:
        handouts = _hand_out(request.inputs, objects)
        verdict = _judge(request, handouts)
    except Exception as raised:
        error = raised
        verdict = Judged(result=AssetCheckResult(passed=False))
    rows = objects.put(verdict.rows) if verdict.rows is not None else None
    return CheckOutcome(
        key=request.key,
        passed=verdict.result.passed,
        severity=verdict.result.severity.value,
        duration=time.perf_counter() - clock,
        metadata=metadata_of(verdict.result.metadata),
        description=verdict.result.description,
        rows=rows,
        row_count=verdict.row_count,
        error=record_of(error) if error else None,
        exception=error,
    )


def _attempts(request: StepRequest) -> int:
    policy = request.retry_policy
    return 1 if policy is None else policy.max_retries + 1


def _pause(request: StepRequest) -> float:
    return request.retry_policy.delay if request.retry_policy is not None else 0.0


def _hand_out(inputs: tuple[StepInput, ...], objects: ObjectStore) -> dict[str, Handout]:
    return {item.name: objects.hand_out(item.stored) for item in inputs}


def _call(
    request: StepRequest,
    handouts: Mapping[str, Handout],
    context: AssetExecutionContext | None,
    number: int,
) -> Mapping[str, Given]:
    arguments, hidden = _arguments(request.inputs, handouts)
    if context is not None:
        context.retry_number = number
    leading = (context,) if request.takes_context else ()
    if not hidden and request.timeout is None:
        return given_by(request, settled(request.fn(*leading, **arguments)))
    with time_limit(request.name, request.timeout), hidden_inputs(request.fn, hidden):
        return given_by(request, settled(request.fn(*leading, **arguments)))


def _judge(request: CheckRequest, handouts: Mapping[str, Handout]) -> Judged:
    arguments, hidden = _arguments(request.inputs, handouts)
    try:
        with hidden_inputs(request.fn, hidden):
            given = settled(request.fn(**arguments))
    except AssertionError as error:
        return Judged(result=from_assertion(request.severity, error))
    return judged(str(request.key), request.severity, given)


def _arguments(
    inputs: tuple[StepInput, ...], handouts: Mapping[str, Handout]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values for the body's parameters, and those for the helpers that it calls."""
    arguments = {i.name: handouts[i.name].value for i in inputs if i.via is None}
    hidden = {i.name: handouts[i.name].value for i in inputs if i.via is not None}
    return arguments, hidden


def _context(request: StepRequest, objects: ObjectStore) -> AssetExecutionContext | None:
    if not request.takes_context:
        return None
    previous = request.previous
    names = zip(request.outs, request.keys, strict=True)
    selected = tuple([key for out, key in names if out.name in request.selected])
    return AssetExecutionContext(
        run_id=request.run_id,
        keys=request.keys,
        selected=request.selected,
        selected_keys=selected,
        previous=lambda: None if previous is None else objects.load(previous),
    )


def _keep(
    request: StepRequest,
    given: Mapping[str, Given],
    context: AssetExecutionContext | None,
    objects: ObjectStore,
) -> tuple[OutputResult, ...]:
    only = len(request.outs) == 1
    return tuple(
        [
            _keep_one(out.name, given.get(out.name), context, objects, only)
            for out in request.outs
            if out.name in request.selected or out.name in given
        ]
    )


def _keep_one(
    name: str,
    given: Given | None,
    context: AssetExecutionContext | None,
    objects: ObjectStore,
    only: bool,
) -> OutputResult:
    if given is None:
        return OutputResult(name=name, skipped=True)
    added = context.metadata_for(name, only) if context is not None else {}
    metadata = metadata_of({**added, **given.metadata}) if added or given.metadata else {}
    if given.value is NO_VALUE:
        return OutputResult(name=name, data_version=given.data_version or "", metadata=metadata)
    version = data_version(given.value)
    stored = objects.put(given.value)
    return OutputResult(
        name=name,
        data_version=given.data_version or version.digest,
        weak=version.weak,
        stored=stored,
        metadata=metadata,
    )


def _inline_checks(
    request: StepRequest, given: Mapping[str, Given], objects: ObjectStore
) -> tuple[CheckOutcome, ...]:
    found = []
    for out, key in zip(request.outs, request.keys, strict=True):
        one = given.get(out.name)
        for result in one.checks if one else ():
            found.append(_inline_check(request, key, result, objects))
    return tuple(found)


def _inline_check(
    request: StepRequest, key: AssetKey, result: AssetCheckResult, objects: ObjectStore
) -> CheckOutcome:
    name = result.check_name or (request.inline_checks[0] if request.inline_checks else "check")
    verdict = judged(name, result.severity.value, result)
    return CheckOutcome(
        key=AssetCheckKey(result.asset_key or key, name),
        passed=result.passed,
        severity=result.severity.value,
        metadata=metadata_of(result.metadata),
        description=result.description,
        rows=objects.put(verdict.rows) if verdict.rows is not None else None,
        row_count=verdict.row_count,
    )
