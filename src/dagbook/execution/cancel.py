"""Cancelling a run from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable


class CancelToken:
    """Says once that a run is to stop; whoever runs looks, and can be told at once."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callbacks: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Ask the run to stop; asking again does nothing."""
        if self._event.is_set():
            return
        self._event.set()
        for callback in self._callbacks:
            callback()

    @property
    def cancelled(self) -> bool:
        """Whether the run was asked to stop."""
        return self._event.is_set()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Call this when the run is asked to stop."""
        self._callbacks.append(callback)
