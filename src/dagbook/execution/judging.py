"""Running the body of one check or of several: load, call, judge; the same in every process."""

from __future__ import annotations

import inspect
import time
from collections.abc import Iterator
from dataclasses import field
from typing import Any

from dagbook.definitions.keys import AssetCheckKey
from dagbook.errors.execution import BodyExited, InvalidVerdict
from dagbook.execution.attempts import with_attempts
from dagbook.execution.bodies import hand_out, split
from dagbook.execution.call import hidden_inputs, settled
from dagbook.execution.context import AssetExecutionContext
from dagbook.execution.opened import recording_opens
from dagbook.execution.requests import CheckOutcome, CheckRequest, ChecksOutcome
from dagbook.execution.supply import Provided
from dagbook.execution.tracebacks import record_of, trimmed
from dagbook.execution.verdicts import Judged, from_assertion, judged, metadata_of, take_answers
from dagbook.io.objects import ObjectStore
from dagbook.records import dataclass
from dagbook.staleness.files import Opened


@dataclass(slots=True)
class _Attempt:
    """What the last call of a body has said so far, and the files that it read."""

    said: dict[AssetCheckKey, Judged] = field(default_factory=dict)
    opened: tuple[Opened, ...] = ()


def execute_checks(request: CheckRequest, objects: ObjectStore) -> ChecksOutcome:
    """Judge checks by one call of their body; what it raises fails those that it has not answered."""
    clock = time.perf_counter()
    last = _Attempt()
    error: Exception | None = None
    with request.supply.open(request.run_id) as provided:
        try:
            with_attempts(
                request.retry_policy,
                lambda number: _attempt(request, objects, provided, number, last),
            )
        except Exception as raised:
            error = raised
    duration = time.perf_counter() - clock
    return ChecksOutcome(checks=tuple(_outcomes(request, objects, last, error, duration)))


def _outcomes(
    request: CheckRequest,
    objects: ObjectStore,
    last: _Attempt,
    error: Exception | None,
    duration: float,
) -> Iterator[CheckOutcome]:
    """One verdict for each check; an error fails what has none, or the last where all have one."""
    lacking = [key for key in request.keys if key not in last.said]
    if error is not None and not lacking:
        lacking = [request.keys[-1]]
    told = False
    for key in request.keys:
        if key not in lacking:
            yield _outcome(key, last.said[key], objects, last.opened, duration)
            continue
        why = error or InvalidVerdict(check=str(key), got="no result")
        yield CheckOutcome(
            key=key,
            passed=False,
            severity="ERROR",
            duration=duration,
            error=record_of(why),
            # One error of one body, however many checks it leaves without a verdict.
            exception=None if told and error is not None else why,
        )
        told = True


def _outcome(
    key: AssetCheckKey,
    verdict: Judged,
    objects: ObjectStore,
    opened: tuple[Opened, ...],
    duration: float,
) -> CheckOutcome:
    return CheckOutcome(
        key=key,
        passed=verdict.result.passed,
        severity=verdict.result.severity.value,
        duration=duration,
        metadata=metadata_of(verdict.result.metadata),
        description=verdict.result.description,
        rows=objects.put(verdict.rows) if verdict.rows is not None else None,
        row_count=verdict.row_count,
        opened=opened,
    )


def _attempt(
    request: CheckRequest, objects: ObjectStore, provided: Provided, number: int, last: _Attempt
) -> None:
    last.said, last.opened = {}, ()
    arguments, hidden = split(hand_out(request.inputs, objects, provided, request.name))
    arguments.update(provided.arguments())
    leading = (_context(request, provided, number),) if request.takes_context else ()
    with recording_opens() as recorder:
        try:
            with hidden_inputs(request.fn, hidden):
                _judge(request, settled(request.fn(*leading, **arguments)), last.said)
        except AssertionError as error:
            failed = Judged(result=from_assertion(request.severity, error))
            last.said.update({key: failed for key in request.keys if key not in last.said})
        except SystemExit as ended:
            raise BodyExited(name=request.name, code=ended.code) from ended.with_traceback(
                trimmed(ended)
            )
        finally:
            recorder.named(request.fn)
            last.opened = recorder.opened


def _judge(request: CheckRequest, given: Any, said: dict[AssetCheckKey, Judged]) -> None:
    if len(request.among) > 1 or inspect.isgenerator(given):
        take_answers(request.among, given, said)
    else:
        said[request.keys[0]] = judged(request.name, request.severity, given)


def _context(request: CheckRequest, provided: Provided, number: int) -> AssetExecutionContext:
    assets = tuple(dict.fromkeys([key.asset_key for key in request.keys]))
    return AssetExecutionContext(
        run_id=request.run_id,
        keys=assets,
        selected=(),
        selected_keys=assets,
        selected_checks=request.keys if request.selects else request.among,
        previous=lambda: None,
        materializations=request.recent,
        retry_number=number,
        resources=provided.view(),
        op_config=provided.config,
    )
