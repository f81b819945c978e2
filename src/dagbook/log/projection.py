"""What counts now, brought forward event by event: the pure twin of the log's `current` table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, Literal, NamedTuple

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    Accepted,
    CheckEvaluated,
    ErrorRecord,
    Event,
    Forgotten,
    Materialization,
    Materialized,
    Pinned,
    Restored,
    Skipped,
    StepFailed,
    Unpinned,
    ValueAddress,
    Verdict,
)
from dagbook.records import dataclass

LastRun = Literal["ok", "failed", "skipped", "running", "interrupted"]


class Current(NamedTuple):
    """What counts for an asset now: its materialization if it has one, and how its last run ended.

    `skip` is the fingerprint of the last skip, where a skip is the newest thing that happened. The
    materialization, of which every status needs `data_version` and `fingerprint` and hardly any
    more, is `record`, or what `read` makes of the number that stands there.
    """

    key: AssetKey
    data_version: str | None = None
    fingerprint: str | None = None
    last_run: LastRun | None = None
    error: ErrorRecord | None = None
    skip: str | None = None
    pinned: bool = False
    record: Materialization | int | None = None
    read: Callable[[Any], Materialization] | None = None

    @property
    def materialization(self) -> Materialization | None:
        """The materialization that counts; always the same object."""
        if self.read is not None:
            return self.read(self)
        assert not isinstance(self.record, int)
        return self.record

    def counting(self, one: Materialization) -> Current:
        """The same, but that this materialization counts."""
        return self._replace(
            data_version=one.data_version, fingerprint=one.fingerprint, record=one, read=None
        )

    def __eq__(self, other: object) -> bool:
        if type(other) is not Current:
            return NotImplemented
        return self._told() == other._told()

    def __ne__(self, other: object) -> bool:
        # A tuple's own would compare the numbers that stand for materializations.
        return not self == other

    def __hash__(self) -> int:
        return hash(self.key)

    def _told(self) -> tuple[object, ...]:
        own = (self.key, self.last_run, self.error, self.skip, self.pinned)
        return (*own, self.materialization)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One scope's assets and checks as they stand; the dictionaries change, the records do not.

    `stored` are the values of `current` that are files of their own.
    """

    current: dict[AssetKey, Current] = field(default_factory=dict)
    verdicts: dict[AssetCheckKey, Verdict] = field(default_factory=dict)
    stored: dict[AssetKey, ValueAddress] = field(default_factory=dict)

    def copy(self) -> Projection:
        """The same, to be brought forward apart."""
        return Projection(
            current=self.current.copy(), verdicts=self.verdicts.copy(), stored=self.stored.copy()
        )

    def apply(self, event: Event) -> None:
        """Bring it forward by one event; those that say nothing of assets or checks pass."""
        step = _STEPS.get(type(event))
        if step is not None:
            step(self, event)

    def of(self, key: AssetKey) -> Current:
        """What counts for the asset; nothing where it is new."""
        return self.current.get(key) or Current(key)

    def put(self, now: Current) -> None:
        """Let this count for its asset."""
        self.current[now.key] = now
        one = now.materialization
        value = one.value if one is not None else None
        if value is not None and not value.inline:
            self.stored[now.key] = value
        else:
            self.stored.pop(now.key, None)

    def drop(self, key: AssetKey) -> None:
        """Let nothing count for an asset."""
        self.current.pop(key, None)
        self.stored.pop(key, None)


def _result(projection: Projection, event: Materialized | Restored) -> None:
    one = event.materialization
    pinned = projection.of(one.key).pinned
    now = Current(one.key, one.data_version, one.fingerprint, "ok", pinned=pinned, record=one)
    projection.put(now)


def _accepted(projection: Projection, event: Accepted) -> None:
    one = event.materialization
    before = projection.of(one.key)
    projection.put(before.counting(one)._replace(skip=None))


def _skipped(projection: Projection, event: Skipped) -> None:
    projection.put(
        projection.of(event.key)._replace(
            last_run="skipped",
            error=None,
            skip=event.fingerprint,
        )
    )


def _failed(projection: Projection, event: StepFailed) -> None:
    for key in event.keys:
        projection.put(
            projection.of(key)._replace(
                last_run="interrupted" if event.error.is_interrupt else "failed",
                error=None if event.error.is_interrupt else event.error,
                skip=None,
            )
        )


def _forgotten(projection: Projection, event: Forgotten) -> None:
    projection.drop(event.key)


def _pinned(projection: Projection, event: Pinned) -> None:
    projection.put(projection.of(event.key)._replace(pinned=True))


def _unpinned(projection: Projection, event: Unpinned) -> None:
    after = projection.of(event.key)._replace(pinned=False)
    if after == Current(event.key):
        projection.drop(event.key)
    else:
        projection.put(after)


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
