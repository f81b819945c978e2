"""Turns many calls from any thread into few: an action runs now, and again at most so often."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Coalescer:
    """Runs `action` in a thread of its own soon after each `poke`, at most every `interval` seconds.

    The last poke is never lost; what the action raises goes to `on_error`.
    """

    def __init__(
        self,
        action: Callable[[], None],
        interval: float,
        on_error: Callable[[Exception], None],
    ) -> None:
        self._action = action
        self._interval = interval
        self._on_error = on_error
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._wanted = False
        self._running = False

    def poke(self) -> None:
        """Ask for a run of the action; returns at once."""
        with self._lock:
            self._wanted = True
            if self._running or self._ended.is_set():
                return
            self._running = True
        threading.Thread(target=self._work, name="dagbook-coalescer", daemon=True).start()

    def close(self) -> None:
        """Run it no more."""
        self._ended.set()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._wanted or self._ended.is_set():
                    self._running = False
                    return
                self._wanted = False
            try:
                self._action()
            except Exception as error:
                self._on_error(error)
            self._ended.wait(self._interval)
