"""Telling listeners what happens in a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagbook.definitions.keys import AssetKey
from dagbook.engine.listeners import Listeners
from dagbook.events.records import Event


class Listening:
    """What a workspace tells: the events of runs, changes of the graph, waits for other processes."""

    def __init__(self) -> None:
        self._events: Listeners[[Sequence[Event]]] = Listeners()
        self._changes: Listeners[[]] = Listeners()
        self._waits: Listeners[[AssetKey, int | None]] = Listeners()

    def subscribe(self, listener: Callable[[Sequence[Event]], None]) -> Callable[[], None]:
        """Tell the events of all runs, from whichever thread they come; gives what ends it."""
        return self._events.add(listener)

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell changes of the graph or the selection; gives what ends it."""
        return self._changes.add(listener)

    def look_again(self) -> None:
        """Tell those who listen that the world may have changed: code, files, variables."""
        self._changes.tell()

    def on_wait(self, listener: Callable[[AssetKey, int | None], None]) -> Callable[[], None]:
        """Tell when a run waits for another process that makes the same asset: its key and process."""
        return self._waits.add(listener)
