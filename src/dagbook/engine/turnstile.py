"""One process at a time makes an asset: locks of the operating system, and a look at the news."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.definitions.keys import AssetKey
from dagbook.io.locks import KeyLocks

Told = Callable[[AssetKey, int | None], None]


class LockTurnstile:
    """Waits for whoever makes the same asset, says who that is, then reads what they left."""

    def __init__(
        self, locks: KeyLocks, scope: str, *, refresh: Callable[[], None], told: Told
    ) -> None:
        self._locks = locks
        self._scope = scope
        self._refresh = refresh
        self._told = told

    def enter(self, keys: tuple[AssetKey, ...]) -> None:
        """Take the locks, in one order for everybody; returns at once where nobody holds them."""
        waited = False
        for key in sorted(keys):
            name = self._name(key)
            if not self._locks.acquire(name):
                self._told(key, self._locks.holder(name))
                self._locks.acquire(name, wait=None)
                waited = True
        if waited:
            self._refresh()

    def leave(self, keys: tuple[AssetKey, ...]) -> None:
        """Give the locks back."""
        for key in keys:
            self._locks.release(self._name(key))

    def _name(self, key: AssetKey) -> str:
        return f"{self._scope}\0{key}"
