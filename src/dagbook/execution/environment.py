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
_BETWEEN = ("os.py", "<frozen os>", "_collections_abc.py", "<frozen _collections_abc>")
_KIND: Any = type(os.environ)
_NAMED = frozenset({"environ", "getenv"})
_METHODS = ("__getitem__", "__iter__", "__setitem__")


class Environment:
    """The methods of `os.environ`, replaced from the first `enter` to the last `leave`."""

    def __init__(self, recorders: Callable[[], list[Recorder]]) -> None:
        self._recorders = recorders
        self._lock = threading.Lock()
        self._inside = 0
        self._before = _methods()
        self._ours = self._replacements()

    def enter(self) -> None:
        """A step begins."""
        with self._lock:
            self._inside += 1
            if self._inside > 1:
                return
            if _KIND.__getitem__ is not self._before["__getitem__"]:
                self._before = _methods()
                self._ours = self._replacements()
            for name, method in self._ours.items():
                setattr(_KIND, name, method)

    def leave(self) -> None:
        """A step has ended."""
        with self._lock:
            self._inside -= 1
            if not self._inside:
                for name, method in self._before.items():
                    setattr(_KIND, name, method)

    def _replacements(self) -> dict[str, Callable[..., Any]]:
        get, iterate, put = (self._before[name] for name in _METHODS)
        shared: Any = os.environ

        def read(environ: Any, name: Any) -> Any:
            if isinstance(name, str) and environ is shared and _by_the_user(sys._getframe(1)):
                for recorder in self._recorders():
                    recorder.environment(name, environ._data.get(environ.encodekey(name)))
            return get(environ, name)

        def walk(environ: Any) -> Any:
            if environ is shared and _by_the_user(sys._getframe(1)):
                for recorder in self._recorders():
                    recorder.environment(ALL, repr(sorted(environ._data.items())))
            return iterate(environ)

        def write(environ: Any, name: Any, value: Any) -> None:
            put(environ, name, value)
            if isinstance(name, str) and environ is shared:
                for recorder in self._recorders():
                    recorder.set_environment(name)

        return dict(zip(_METHODS, (read, walk, write), strict=True))


def _methods() -> dict[str, Any]:
    return {name: vars(_KIND)[name] for name in _METHODS}


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
