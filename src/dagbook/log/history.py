"""The scope's history as the workspace keeps it in memory: what counts now, and what was found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from dagbook.bulk import in_bulk
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    Accepted,
    CheckEvaluated,
    Event,
    FilesSeen,
    Materialization,
    Materialized,
    OpFinished,
    Restored,
    RunFinished,
    ValueAddress,
    Verdict,
)
from dagbook.log.projection import Current, Projection
from dagbook.log.protocol import EventLog


class Durations(Mapping[AssetKey, float]):
    """Seconds by asset; each record is only read when it is asked for."""

    def __init__(self, current: Mapping[AssetKey, Current]) -> None:
        self._current = current

    def __getitem__(self, key: AssetKey) -> float:
        one = self._current[key].materialization
        if one is None:
            raise KeyError(key)
        return one.duration

    def __iter__(self) -> Iterator[AssetKey]:
        return (key for key, one in self._current.items() if one.record is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class History:
    """What counts now in one scope of a log, kept in step with it.

    After `log.append(scope, events)` call `apply(events)`: that equals `reload()`, and costs only
    what the events cost. `refresh()` sees what other processes wrote.

    >>> from dagbook.log.memory import MemoryLog
    >>> history = History(MemoryLog(), "notebook.ipynb")
    >>> dict(history.current)
    {}
    """

    def __init__(self, log: EventLog, scope: str) -> None:
        self.log = log
        self.scope = scope
        self._found: dict[str, Materialization | None] = {}
        self._projection = Projection()
        self._stamp = -1
        # Another number after everything that may have changed any answer.
        self.epoch = 0
        self._reloaded = 0
        self._arrived: list[tuple[int, str]] = []
        # For each code version whose runs opened files, their names.
        self.files: dict[str, tuple[str, ...]] = {}
        self.reload()

    @property
    def current(self) -> Mapping[AssetKey, Current]:
        """What counts now, for every asset that has not been forgotten."""
        return self._projection.current

    @property
    def verdicts(self) -> Mapping[AssetCheckKey, Verdict]:
        """The newest verdict of every check."""
        return self._projection.verdicts

    @property
    def stored(self) -> Mapping[AssetKey, ValueAddress]:
        """The values of what counts now that are files of their own."""
        return self._projection.stored

    @property
    def durations(self) -> Mapping[AssetKey, float]:
        """The seconds that each asset's newest materialization took to compute."""
        return Durations(self.current)

    def ops(self, key: AssetKey) -> list[OpFinished]:
        """What became of each op of a graph the last time; `key` is the first that it makes."""
        return self.log.last_ops(self.scope, key)

    def reload(self) -> None:
        """Read everything anew from the log."""
        # The stamp first: what is written between the two reads is then read again, never missed.
        self._stamp = self.log.stamp()
        self._found.clear()
        self.files = self.log.files()
        with in_bulk():
            self._projection = self.log.projection(self.scope)
        self.epoch = self._reloaded = self.epoch + 1
        self._arrived.clear()

    @property
    def is_behind(self) -> bool:
        """Whether another connection has written since this was last read."""
        return self.log.stamp() != self._stamp

    def refresh(self) -> bool:
        """Reload where another connection has written; whether it had."""
        changed = self.is_behind
        if changed:
            self.reload()
        return changed

    def apply(self, events: Sequence[Event]) -> None:
        """Take in events that were just appended to the log under this scope."""
        self.epoch += 1
        for event in events:
            if isinstance(event, RunFinished) and event.outcome == "interrupted":
                # Rare, and only the log knows what that run had left open.
                self.reload()
                return
            self._projection.apply(event)
            if isinstance(event, FilesSeen):
                self.files[event.code_version] = event.names
            if isinstance(event, (Materialized, Restored, Accepted)):
                one = event.materialization
                if one.tracked:
                    self._found[one.fingerprint] = one
                    self._arrived.append((self.epoch, one.fingerprint))
            elif isinstance(event, CheckEvaluated):
                self._arrived.append((self.epoch, event.verdict.fingerprint))

    def arrived(self, since: int) -> frozenset[str] | None:
        """The fingerprints of what was kept after an epoch; None where it may be any.

        For all others `find` and `log.verdict` answer as they did then.
        """
        if since < self._reloaded:
            return None
        first = bisect_right(self._arrived, since, key=itemgetter(0))
        return frozenset([mark for _, mark in self._arrived[first:]])

    def find(self, fingerprint: str, *, here: bool = False) -> Materialization | None:
        """The newest kept, tracked materialization with this fingerprint, in any scope.

        With `here` only of those that are known here, such as all that was kept since the last look.
        """
        if fingerprint not in self._found:
            if here:
                return None
            self._found[fingerprint] = self.log.find(fingerprint)
        return self._found[fingerprint]

    def find_many(self, fingerprints: Iterable[str]) -> dict[str, Materialization]:
        """What `find` gives for each of these fingerprints, where it gives anything."""
        wanted = set(fingerprints)
        unknown = wanted - self._found.keys()
        if unknown:
            self._found.update(dict.fromkeys(unknown))
            self._found.update(self.log.find_many(unknown))
        return {one: found for one in wanted if (found := self._found[one]) is not None}
