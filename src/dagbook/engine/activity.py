"""Follows what is running now, and what was printed, from the events of all runs."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    Event,
    Materialized,
    NotRun,
    OutputWritten,
    Restored,
    RunFinished,
    Skipped,
    StepFailed,
    StepStarted,
)

MOST_LINES = 400


class Activity:
    """The assets that run, by run, and the last lines of their output; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[AssetKey, str] = {}
        self._settled: dict[str, int] = {}
        self._lines: dict[AssetKey, deque[str]] = {}

    def take(self, events: Sequence[Event]) -> bool:
        """Count these events in; True where the picture may have changed by them."""
        with self._lock:
            changed = [self._count(event) for event in events]
        return any(changed)

    @property
    def running(self) -> frozenset[AssetKey]:
        """The assets that are being computed."""
        with self._lock:
            return frozenset(self._running)

    def settled(self, run_id: str) -> int:
        """How many assets of the run have come to an end."""
        with self._lock:
            return self._settled.get(run_id, 0)

    def output_of(self, key: AssetKey) -> str:
        """What the asset's last run printed, at most the last lines of it."""
        with self._lock:
            return "".join(self._lines.get(key, ()))

    def _count(self, event: Event) -> bool:
        match event:
            case StepStarted(keys=keys, run_id=run_id):
                for key in keys:
                    self._running[key] = run_id
                    self._lines.pop(key, None)
            case Materialized(materialization=record) | Restored(materialization=record):
                self._end(record.key, record.run_id)
            case StepFailed(keys=keys, run_id=run_id):
                for key in keys:
                    self._end(key, run_id)
            case Skipped(key=key, run_id=run_id) | NotRun(key=key, run_id=run_id):
                self._end(key, run_id)
            case RunFinished(run_id=run_id):
                for key in [key for key, run in self._running.items() if run == run_id]:
                    del self._running[key]
            case OutputWritten(keys=keys, text=text):
                for key in keys:
                    self._lines.setdefault(key, deque(maxlen=MOST_LINES)).append(text)
            case CheckEvaluated():
                return True
            case _:
                return False
        return not isinstance(event, OutputWritten)

    def _end(self, key: AssetKey, run_id: str) -> None:
        self._running.pop(key, None)
        self._settled[run_id] = self._settled.get(run_id, 0) + 1
