"""Sees which environment variables the user's own code reads, by whatever name it puts together."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from dagbook.execution.paths import is_own
from dagbook.execution.recorder import ALL, Recorder

# Ways to the environment that end in the methods which are watched.
_BETWEEN = (
    *("os.py", "<frozen os>", "_collections_abc.py", "<frozen _collections_abc>"),
    *("posixpath.py", "<frozen posixpath>", "ntpath.py", "<frozen ntpath>"),
)
_NAMED = frozenset({"environ", "getenv", "expandvars"})


class Environment:
    """Watches `os.environ` from the first `enter` to the last `leave`.

    For that long it has a class of its own. Methods put into the class it comes with would be
    overlooked after some hundred steps: Python 3.13 numbers the changes of a class up to a thousand,
    and what it has remembered by then of a method stays.
    """

    def __init__(self, recorders: Callable[[], list[Recorder]]) -> None:
        self._recorders = recorders
        self._lock = threading.Lock()
        self._inside = 0
        self._before: Any = type(os.environ)
        self._watched: Any = self._watching(self._before)

    def enter(self) -> None:
        """A step begins."""
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            if type(os.environ) is not self._before:
                self._before = type(os.environ)
                self._watched = self._watching(self._before)
            os.environ.__class__ = self._watched

    def leave(self) -> None:
        """A step has ended."""
        with self._lock:
            self._inside -= 1
            if not self._inside and type(os.environ) is self._watched:
                os.environ.__class__ = self._before

    def _watching(self, kind: Any) -> Any:
        recorders = self._recorders

        class Watched(kind):  # type: ignore[misc]  # the class that `os.environ` has
            def __getitem__(self, name: Any) -> Any:
                if isinstance(name, str) and _by_the_user(sys._getframe(1)):
                    for recorder in recorders():
                        recorder.environment(name, self._data.get(self.encodekey(name)))
                return super().__getitem__(name)

            def __iter__(self) -> Any:
                if _by_the_user(sys._getframe(1)):
                    for recorder in recorders():
                        recorder.environment(ALL, repr(sorted(self._data.items())))
                return super().__iter__()

            def __setitem__(self, name: Any, value: Any) -> None:
                super().__setitem__(name, value)
                if isinstance(name, str):
                    for recorder in recorders():
                        recorder.set_environment(name)

        return Watched


def _by_the_user(frame: FrameType | None) -> bool:
    """Whether it is the user's own code that asks, and no library for reasons of its own."""
    while frame is not None and frame.f_code.co_filename.endswith(_BETWEEN):
        frame = frame.f_back
    return frame is not None and is_own(frame.f_code.co_filename) and _asks(frame)


def _asks(frame: FrameType) -> bool:
    """Whether the code has the environment in hand: what is in C leaves no frame of its own."""
    names = frame.f_code.co_names
    if not _NAMED.isdisjoint(names):
        return True
    held = [*map(frame.f_globals.get, names), *frame.f_locals.values()]
    return any(one is os.environ or one is os.getenv for one in held)
