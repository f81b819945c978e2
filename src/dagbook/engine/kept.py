"""Kept results as the workspace sees them: the history, less what is no longer in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import Materialization, ValueAddress, Verdict
from dagbook.log.history import History
from dagbook.log.protocol import Current


class KeptWithValues:
    """The history; a result whose value has gone from the store is not found."""

    def __init__(self, history: History, present: Callable[[ValueAddress], bool]) -> None:
        self._history = history
        self._present = present

    @property
    def current(self) -> Mapping[AssetKey, Current]:
        """What counts now."""
        return self._history.current

    @property
    def verdicts(self) -> Mapping[AssetCheckKey, Verdict]:
        """The newest verdict of each check."""
        return self._history.verdicts

    def find(self, fingerprint: str) -> Materialization | None:
        """A kept result with this fingerprint whose value is there."""
        found = self._history.find(fingerprint)
        if found is None or found.value is None or self._present(found.value):
            return found
        return None

    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None:
        """A kept verdict with this fingerprint."""
        return self._history.log.verdict(check, fingerprint)
