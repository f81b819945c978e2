"""Telling listeners what happens in a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetKey
from dagbook.engine.activity import Activity
from dagbook.engine.listeners import Listeners
from dagbook.events.records import Event

if TYPE_CHECKING:
    from dagbook.engine.background import BackgroundRun
    from dagbook.execution.result import RunResult


class Listening:
    """What a workspace tells: the events of runs, changes of the graph, waits for other processes.

    `activity` is what runs now, for whoever comes later.
    """

    def __init__(self) -> None:
        self.activity = Activity()
        self._events: Listeners[[Sequence[Event]]] = Listeners()
        self._changes: Listeners[[]] = Listeners()
        self._waits: Listeners[[AssetKey, int | None]] = Listeners()

    def subscribe(self, listener: Callable[[Sequence[Event]], None]) -> Callable[[], None]:
        """Tell the events of all runs, from whichever thread they come; gives what ends it."""
        return self._events.add(listener)

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell that the graph, the selection, or how something stands has changed; gives what ends it."""
        return self._changes.add(listener)

    def look_again(self) -> None:
        """Tell those who listen that the world may have changed: code, files, variables."""
        self._changes.tell()

    def on_wait(self, listener: Callable[[AssetKey, int | None], None]) -> Callable[[], None]:
        """Tell when a run waits for another process that makes the same asset: its key and process."""
        return self._waits.add(listener)

    def _tell(self, events: Sequence[Event]) -> None:
        """Tell what happened in a run."""
        changed = self.activity.take(events)
        self._events.tell(events)
        if changed:
            self._changes.tell()

    def _begin(self, run: BackgroundRun, work: Callable[[], RunResult]) -> BackgroundRun:
        """Let a run go on in the background; all hear that it begins and that it has ended."""

        def ended() -> None:
            self.activity.end(run)
            self._changes.tell()

        self.activity.begin(run)
        self._changes.tell()
        run.begin(work, ended)
        return run
