"""From a run that did not succeed to the exception that the caller gets."""

from __future__ import annotations

from dagbook.errors.execution import (
    BlockingCheckFailed,
    MaterializationFailed,
    RunCancelled,
)
from dagbook.execution.result import RunResult
from dagbook.execution.tracebacks import trimmed


def raise_failures(result: RunResult) -> None:
    """Raise what the user's code raised, or one error that names everything that failed."""
    if result.success:
        return
    errors = result.errors
    # Several assets of one computation fail by one error.
    steps = {id(failure) for failure in result.failures.values()}
    if len(errors) == 1 and len(steps) <= 1:
        error = next(iter(errors.values()))
        raise error.with_traceback(trimmed(error))
    if errors or result.failures:
        failed = dict.fromkeys([*map(str, result.failed), *errors])
        raise MaterializationFailed(failed=tuple(failed), errors=errors)
    if result.outcome == "cancelled":
        raise RunCancelled(run_id=result.run_id)
    stopping = [str(verdict.check) for verdict in result.checks if verdict.stops]
    kept = [str(check) for check in result.plan.blocked_by]
    raise BlockingCheckFailed(
        checks=tuple(dict.fromkeys([*stopping, *kept])),
        stopped=tuple(map(str, result.blocked)),
    )
