"""Follows what is running now, what was printed, and which runs go on in the background."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    Event,
    Materialized,
    NotRun,
    OpFinished,
    OutputWritten,
    Restored,
    RunFinished,
    Skipped,
    StepFailed,
    StepStarted,
)

if TYPE_CHECKING:
    from dagbook.engine.background import BackgroundRun

MOST_LINES = 400


class Activity:
    """What runs in a workspace: assets, the last lines of their output, and runs in the background.

    Safe from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[AssetKey, str] = {}
        self._settled: dict[str, int] = {}
        self._lines: dict[AssetKey, deque[str]] = {}
        self._going: dict[str, BackgroundRun] = {}
        self._undone: tuple[AssetKey, ...] = ()

    def begin(self, run: BackgroundRun) -> None:
        """Follow a run in the background."""
        with self._lock:
            self._going[run.run_id] = run
            self._settled[run.run_id] = 0

    def end(self, run: BackgroundRun) -> None:
        """Follow this run no more, and keep what it left undone."""
        undone = run.undone
        with self._lock:
            self._going.pop(run.run_id, None)
            self._settled.pop(run.run_id, None)
            self._undone = undone

    @property
    def going(self) -> tuple[BackgroundRun, ...]:
        """The runs in the background that have not ended, in the order in which they began."""
        with self._lock:
            return tuple(self._going.values())

    @property
    def undone(self) -> tuple[AssetKey, ...]:
        """What the run in the background that ended last was to make, and did not."""
        with self._lock:
            return self._undone

    def cancel(self) -> None:
        """Stop all runs in the background; what has finished is kept."""
        for run in self.going:
            run.cancel()

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
        """How many assets of a run in the background have come to an end."""
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
                return False
            case CheckEvaluated() | OpFinished():
                pass
            case _:
                return False
        return True

    def _end(self, key: AssetKey, run_id: str) -> None:
        self._running.pop(key, None)
        if run_id in self._settled:
            self._settled[run_id] += 1
