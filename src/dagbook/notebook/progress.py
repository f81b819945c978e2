"""A table that follows a run while its cell waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import field

from IPython.display import DisplayHandle, display

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    Event,
    Materialized,
    Restored,
    Skipped,
    StepFailed,
    StepStarted,
)
from dagbook.notebook.shown import Shown, table_shown
from dagbook.planning.plan import Plan
from dagbook.records import dataclass
from dagbook.views.html import line_of, varies
from dagbook.views.plan import plan_line, plan_table
from dagbook.views.quantities import counted, duration

# Ten pictures a second are as many as anybody can read.
_PAUSE = 0.1


@dataclass(slots=True)
class Progress:
    """Shows the plan, then how far the run is; `close` leaves the plan with what came of it."""

    plan: Plan
    live: bool = True
    clock: Callable[[], float] = time.monotonic
    _handle: DisplayHandle | None = None
    _running: dict[AssetKey, None] = field(default_factory=dict)
    _done: set[AssetKey] = field(default_factory=set)
    _failed: int = 0
    _checked: int = 0
    _began: float = 0.0
    _shown: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Show the plan."""
        self._began = self.clock()
        if self.plan.is_empty and not self.plan.blocked:
            return
        plan = table_shown(plan_table(self.plan))
        if not self.live:
            # A terminal can't change what it has printed: there the plan stands and the result follows.
            display(plan)
            return
        # First what is left at the end too, so that a saved notebook says what a new run says first.
        self._handle = display(self._line(), display_id=True)
        self._handle.update(plan)

    def heard(self, events: Sequence[Event]) -> None:
        """Take in what happened; draws at most ten times a second."""
        with self._lock:
            for event in events:
                self._count(event)
            if self.clock() - self._shown >= _PAUSE:
                self._draw()

    def close(self) -> None:
        """Leave only the line of the plan: the result follows below it."""
        if self._handle is not None:
            self._handle.update(self._line())

    def _line(self) -> Shown:
        line = plan_line(self.plan)
        took = varies(f" · {duration(self.clock() - self._began)}")
        html = f'<div style="font-size:13px;opacity:.75">{line_of(line)}{took}</div>'
        return Shown(html, line)

    def _count(self, event: Event) -> None:
        match event:
            case StepStarted(keys=keys):
                self._running.update(dict.fromkeys(keys))
            case Materialized(materialization=record) | Restored(materialization=record):
                self._end([record.key])
            case Skipped(key=key):
                self._end([key])
            case StepFailed(keys=keys, error=error) if error.is_interrupt:
                for key in keys:
                    self._running.pop(key, None)
            case StepFailed(keys=keys):
                self._failed += len(keys)
                self._end(keys)
            case CheckEvaluated():
                self._checked += 1
            case _:
                pass

    def _end(self, keys: Sequence[AssetKey]) -> None:
        for key in keys:
            self._running.pop(key, None)
            self._done.add(key)

    def _draw(self) -> None:
        if self._handle is None:
            return
        self._shown = self.clock()
        total = len(self.plan.keys) + len(self.plan.restored) + len(self.plan.blocked)
        done, now = len(self._done), ", ".join(map(str, list(self._running)[:3]))
        words = [f"{done} of {counted(total, 'asset')} done"]
        words += [f"{self._failed} failed"] if self._failed else []
        words += [f"running {now}"] if now else []
        line = " · ".join(words)
        took = varies(f" · {duration(self.clock() - self._began)}")
        bar = (
            f'<progress max="{max(total, 1)}" value="{done}" style="width:220px;'
            'vertical-align:middle;margin-right:8px"></progress>'
        )
        html = f'<div style="font-size:13px">{bar}{line_of(line)}{took}</div>'
        self._handle.update(Shown(html, line))
