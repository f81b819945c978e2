"""Sees what a step hands to worker processes, whose reads of files can't be seen from here."""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from dagbook.execution.paths import is_own
from dagbook.execution.recorder import Recorder
from dagbook.versions.bytecode import nested_codes

# Where work is handed over, by module: the class, the method, where the function stands among what
# the method is given (0: the process itself runs it), and whether its arguments are an iterable.
_HANDING = {
    "concurrent.futures.process": (("ProcessPoolExecutor", "submit", 1, False),),
    "loky.process_executor": (("ProcessPoolExecutor", "submit", 1, False),),
    "joblib.externals.loky.process_executor": (("ProcessPoolExecutor", "submit", 1, False),),
    "multiprocessing.pool": (
        ("Pool", "apply_async", 1, False),
        ("Pool", "_map_async", 1, True),
        ("Pool", "imap", 1, True),
        ("Pool", "imap_unordered", 1, True),
    ),
    "multiprocessing.process": (("BaseProcess", "start", 0, False),),
}
_MODULES = tuple(_HANDING)
_LOOPS = ("multiprocessing.", "concurrent.", "loky.", "joblib.")
# How the names of functions begin that read from outside.
_READING = (
    *("open", "read", "load", "scan", "connect", "glob", "rglob", "listdir", "iterdir", "walk"),
    *(
        "sql",
        "execute",
        "query",
        "fetch",
        "urlopen",
        "request",
        "imread",
        "Path",
        "File",
        "Dataset",
    ),
    *("genfromtxt", "fromfile", "memmap", "parse", "system", "popen", "run", "environ", "getenv"),
)


class Workers:
    """The methods that hand work to other processes, watched once their modules are loaded."""

    def __init__(self, recorders: Callable[[], list[Recorder]]) -> None:
        self._recorders = recorders
        self._lock = threading.Lock()
        self._watched: set[str] = set()

    def enter(self) -> None:
        """A step begins."""
        for name in _MODULES:
            if name in sys.modules and name not in self._watched:
                self._watch(name)

    def _watch(self, name: str) -> None:
        with self._lock:
            module = sys.modules.get(name)
            for kind, method, at, iterable in _HANDING[name]:
                owner = getattr(module, kind, None)
                original = vars(owner).get(method) if isinstance(owner, type) else None
                if original is None:
                    return
                setattr(owner, method, self._told(original, at, iterable))
            self._watched.add(name)

    def _told(self, original: Callable[..., Any], at: int, iterable: bool) -> Callable[..., Any]:
        @functools.wraps(original)
        def handing(*args: Any, **kwargs: Any) -> Any:
            recorders = self._recorders()
            for recorder in recorders:
                if at:
                    _judge(recorder, *_given(args, kwargs, at, iterable))
                elif not _is_loop_of_a_pool(getattr(args[0], "_target", None)):
                    recorder.unseen("another process")
            return original(*args, **kwargs)

        return handing


def _given(
    args: tuple[Any, ...], kwargs: dict[str, Any], at: int, iterable: bool
) -> tuple[Any, Any]:
    """The function that another process is to run, and what with; None for what is not known yet."""
    function = args[at] if len(args) > at else next(iter(kwargs.values()), None)
    rest = args[at + 1 :]
    if not iterable:
        return function, (rest, kwargs)
    many = rest[0] if rest else kwargs.get("iterable")
    return function, many if isinstance(many, (list, tuple)) else None


def _judge(recorder: Recorder, function: Any, given: Any) -> None:
    """Note the files that are handed over by name, and what may read others."""
    texts: list[str] = []
    reads = given is None
    todo, met = [function, given], set[int]()
    while todo:
        one = todo.pop()
        kind = type(one)
        if id(one) in met:
            continue
        met.add(id(one))
        if kind is FunctionType:
            if is_own(one.__code__.co_filename):
                reads = reads or _may_read(one)
        elif kind is str or issubclass(kind, os.PathLike):
            texts.append(os.fsdecode(one))
        elif kind in (list, tuple, set):
            todo += list(one)[:10_000]
        elif kind is dict:
            todo += one.values()
        elif issubclass(kind, functools.partial):
            todo += [one.func, one.args, one.keywords]
        elif kind.__name__ == "BatchedCalls":
            todo.append(getattr(one, "items", None))
    recorder.named_in(texts)
    if reads:
        recorder.unseen("a function in another process")


def _is_loop_of_a_pool(function: Any) -> bool:
    """Whether it only takes what is handed to it later."""
    module = getattr(function, "__module__", None)
    return isinstance(module, str) and module.startswith(_LOOPS)


def _may_read(function: FunctionType) -> bool:
    """Whether a function of the user, or one that it calls, names something that reads."""
    return any(name.startswith(_READING) for name in _names(function))


def _names(function: FunctionType) -> Iterator[str]:
    todo, met = [function], set[int]()
    while todo:
        one = todo.pop()
        if id(one) in met or not is_own(one.__code__.co_filename):
            continue
        met.add(id(one))
        for code in nested_codes(one.__code__):
            yield from code.co_names
            todo += [
                value
                for value in map(one.__globals__.get, code.co_names)
                if type(value) is FunctionType
            ]
