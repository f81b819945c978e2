"""Running one step or one check: load, call, keep; the same in every process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from dagbook.definitions.keys import AssetCheckKey
from dagbook.definitions.results import NO_VALUE, AssetCheckResult
from dagbook.errors.store import NotStorable
from dagbook.execution.call import hidden_inputs, settled, time_limit
from dagbook.execution.context import AssetExecutionContext
from dagbook.execution.figures import figure_of
from dagbook.execution.outputs import Given, answered_checks, check_inputs, given_by
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
from dagbook.versions.carried import carrying
from dagbook.versions.data import data_version

# By name, and whether it is a parameter of the body rather than of a helper's.
Handouts = Mapping[tuple[str, bool], Handout]


def execute_step(request: StepRequest, objects: ObjectStore) -> StepOutcome:
    """Run the body on its inputs and keep what it gives; a failure is an answer, not an exception.

    KeyboardInterrupt and SystemExit pass through.
    """
    started = time.time()
    clock = time.perf_counter()
    handouts: Handouts = {}
    try:
        for number in range(attempts := _attempts(request)):
            # Anew for each attempt: the one before may have changed what it was given.
            handouts = _hand_out(request.inputs, objects)
            context = _context(request, objects, number)
            try:
                given = _call(request, handouts, context)
                break
            except Exception:
                if number + 1 == attempts:
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
        changed=tuple(
            dict.fromkeys([name for (name, _), one in handouts.items() if one.changed()])
        ),
    )


def execute_check(request: CheckRequest, objects: ObjectStore) -> CheckOutcome:
    """Judge one check; whatever it raises is a failed verdict with the error."""
    clock = time.perf_counter()
    try:
        verdict = _judge(request, _hand_out(request.inputs, objects))
        return CheckOutcome(
            key=request.key,
            passed=verdict.result.passed,
            severity=verdict.result.severity.value,
            duration=time.perf_counter() - clock,
            metadata=metadata_of(verdict.result.metadata),
            description=verdict.result.description,
            rows=objects.put(verdict.rows) if verdict.rows is not None else None,
            row_count=verdict.row_count,
        )
    except Exception as error:
        return CheckOutcome(
            key=request.key,
            passed=False,
            severity="ERROR",
            duration=time.perf_counter() - clock,
            error=record_of(error),
            exception=error,
        )


def _attempts(request: StepRequest) -> int:
    policy = request.retry_policy
    return 1 if policy is None else policy.max_retries + 1


def _pause(request: StepRequest) -> float:
    policy = request.retry_policy
    return (policy.delay or 0.0) if policy is not None else 0.0


def _hand_out(inputs: tuple[StepInput, ...], objects: ObjectStore) -> Handouts:
    return {(item.name, item.via is None): objects.hand_out(item.stored) for item in inputs}


def _call(
    request: StepRequest, handouts: Handouts, context: AssetExecutionContext | None
) -> Mapping[str, Given]:
    arguments, hidden = _arguments(handouts)
    if request.types:
        check_inputs(request, arguments)
    leading = (context,) if request.takes_context else ()
    if not hidden and request.timeout is None:
        return given_by(request, settled(request.fn(*leading, **arguments)))
    with time_limit(request.name, request.timeout), hidden_inputs(request.fn, hidden):
        return given_by(request, settled(request.fn(*leading, **arguments)))


def _judge(request: CheckRequest, handouts: Handouts) -> Judged:
    arguments, hidden = _arguments(handouts)
    leading = (_check_context(request),) if request.takes_context else ()
    try:
        with hidden_inputs(request.fn, hidden):
            given = settled(request.fn(*leading, **arguments))
    except AssertionError as error:
        return Judged(result=from_assertion(request.severity, error))
    return judged(str(request.key), request.severity, given)


def _arguments(handouts: Handouts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values for the body's parameters, and those for the helpers that it calls."""
    arguments = {name: one.value for (name, own), one in handouts.items() if own}
    if len(arguments) == len(handouts):
        return arguments, {}
    return arguments, {name: one.value for (name, own), one in handouts.items() if not own}


def _context(
    request: StepRequest, objects: ObjectStore, number: int
) -> AssetExecutionContext | None:
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
        retry_number=number,
    )


def _check_context(request: CheckRequest) -> AssetExecutionContext:
    own = (request.key.asset_key,)
    return AssetExecutionContext(
        run_id=request.run_id, keys=own, selected=(), selected_keys=own, previous=lambda: None
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
            _keep_one(str(key), out.name, given.get(out.name), context, objects, only)
            for out, key in zip(request.outs, request.keys, strict=True)
            if out.name in request.selected or out.name in given
        ]
    )


def _keep_one(
    asset: str,
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
    value = figure_of(given.value)
    version = data_version(value)
    try:
        stored = objects.put(value)
    except NotStorable as error:
        error.asset = asset
        raise
    return OutputResult(
        name=name,
        data_version=carrying(given.data_version or version.digest, version.classes),
        weak=version.weak,
        stored=stored,
        metadata=metadata,
    )


def _inline_checks(
    request: StepRequest, given: Mapping[str, Given], objects: ObjectStore
) -> tuple[CheckOutcome, ...]:
    return tuple(
        [
            _inline_check(key, result, objects)
            for key, result in answered_checks(request, given).items()
        ]
    )


def _inline_check(
    key: AssetCheckKey, result: AssetCheckResult, objects: ObjectStore
) -> CheckOutcome:
    verdict = judged(str(key), result.severity.value, result)
    return CheckOutcome(
        key=key,
        passed=result.passed,
        severity=result.severity.value,
        metadata=metadata_of(result.metadata),
        description=result.description,
        rows=objects.put(verdict.rows) if verdict.rows is not None else None,
        row_count=verdict.row_count,
    )
