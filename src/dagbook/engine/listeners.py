"""Those who want to know: told in order, and never able to stop what they are told of."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")
LOG = logging.getLogger("dagbook")


class Listeners(Generic[P]):
    """A list of functions to call; each can be taken away by what `add` returns."""

    def __init__(self) -> None:
        self._functions: list[Callable[P, None]] = []
        self._lock = threading.Lock()

    def add(self, function: Callable[P, None]) -> Callable[[], None]:
        """Call this function from now on; gives a function that ends it."""
        with self._lock:
            self._functions.append(function)
        return lambda: self._remove(function)

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call them all; one that raises is logged and does not keep the others from hearing."""
        for function in self._functions.copy() if self._functions else ():
            try:
                function(*args, **kwargs)
            except Exception:
                LOG.exception("a listener failed")

    def _remove(self, function: Callable[P, None]) -> None:
        with self._lock:
            if function in self._functions:
                self._functions.remove(function)
