"""What counts now, brought forward event by event: the pure twin of the log's `current` table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    Accepted,
    CheckEvaluated,
    Event,
    Forgotten,
    Materialized,
    Pinned,
    Restored,
    Skipped,
    StepFailed,
    Unpinned,
    Verdict,
)
from dagbook.log.protocol import Current


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One scope's assets and checks as they stand; the dictionaries change, the records do not."""

    current: dict[AssetKey, Current] = field(default_factory=dict)
    verdicts: dict[AssetCheckKey, Verdict] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Bring it forward by one event; those that say nothing of assets or checks pass."""
        step = _STEPS.get(type(event))
        if step is not None:
            step(self, event)

    def of(self, key: AssetKey) -> Current:
        """What counts for the asset; nothing where it is new."""
        return self.current.get(key) or Current(key)


def _result(projection: Projection, event: Materialized | Restored) -> None:
    one = event.materialization
    pinned = projection.of(one.key).pinned
    projection.current[one.key] = Current(one.key, one, "ok", one.run_id, pinned=pinned)


def _accepted(projection: Projection, event: Accepted) -> None:
    one = event.materialization
    before = projection.of(one.key)
    projection.current[one.key] = replace(before, materialization=one, skip=None)


def _skipped(projection: Projection, event: Skipped) -> None:
    projection.current[event.key] = replace(
        projection.of(event.key),
        last_run="skipped",
        last_run_id=event.run_id,
        error=None,
        skip=event.fingerprint,
    )


def _failed(projection: Projection, event: StepFailed) -> None:
    for key in event.keys:
        projection.current[key] = replace(
            projection.of(key),
            last_run="interrupted" if event.error.is_interrupt else "failed",
            last_run_id=event.run_id,
            error=None if event.error.is_interrupt else event.error,
            skip=None,
        )


def _forgotten(projection: Projection, event: Forgotten) -> None:
    projection.current.pop(event.key, None)


def _pinned(projection: Projection, event: Pinned) -> None:
    projection.current[event.key] = replace(projection.of(event.key), pinned=True)


def _unpinned(projection: Projection, event: Unpinned) -> None:
    after = replace(projection.of(event.key), pinned=False)
    if after == Current(event.key):
        projection.current.pop(event.key, None)
    else:
        projection.current[event.key] = after


def _evaluated(projection: Projection, event: CheckEvaluated) -> None:
    projection.verdicts[event.verdict.check] = event.verdict


_STEPS: Mapping[type, Callable[[Projection, Any], None]] = {
    Accepted: _accepted,
    CheckEvaluated: _evaluated,
    Forgotten: _forgotten,
    Materialized: _result,
    Pinned: _pinned,
    Restored: _result,
    Skipped: _skipped,
    StepFailed: _failed,
    Unpinned: _unpinned,
}
