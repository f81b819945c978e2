"""One process at a time makes an asset: locks of the operating system, and a look at the news."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.definitions.keys import AssetKey
from dagbook.execution.cancel import CancelToken
from dagbook.io.locks import KeyLocks

Told = Callable[[AssetKey, int | None], None]
_LOOK_EVERY = 0.2  # seconds between looks at whether the run that waits was cancelled


class LockTurnstile:
    """Waits for whoever makes the same asset, says who that is, then reads what they left."""

    def __init__(
        self,
        locks: KeyLocks,
        scope: str,
        *,
        refresh: Callable[[], None],
        told: Told,
        cancel: CancelToken,
    ) -> None:
        self._locks = locks
        self._scope = scope
        self._refresh = refresh
        self._told = told
        self._cancel = cancel

    def enter(self, keys: tuple[AssetKey, ...], *, wait: bool) -> bool:
        """Take the locks, in one order for everybody; false where a wait was not wanted or cancelled."""
        taken: list[AssetKey] = []
        waited = False
        try:
            for key in sorted(keys):
                if not self._locks.acquire(self._name(key)):
                    if not (wait and self._wait(key)):
                        self.leave(tuple(taken))
                        return False
                    waited = True
                taken.append(key)
            if waited:
                self._refresh()
        except BaseException:
            # An interrupt while it waited.
            self.leave(tuple(taken))
            raise
        return True

    def _wait(self, key: AssetKey) -> bool:
        """Wait for the lock of an asset; false where the run was cancelled meanwhile."""
        name = self._name(key)
        self._told(key, self._locks.holder(name))
        while not self._locks.acquire(name, wait=_LOOK_EVERY):
            if self._cancel.cancelled:
                return False
        return True

    def leave(self, keys: tuple[AssetKey, ...]) -> None:
        """Give the locks back."""
        for key in keys:
            self._locks.release(self._name(key))

    def _name(self, key: AssetKey) -> str:
        return f"{self._scope}\0{key}"
