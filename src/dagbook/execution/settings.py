"""Puts back what a step sets of libraries, so that no other step and no cell sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from dagbook.definitions.context import is_thread_of_cells
from dagbook.versions.libraries import Library, Settings
from dagbook.versions.settings import AROUND, OF_PROCESS, OF_THREAD, now_in_cells, now_of

_lock = threading.Lock()
_running = [0]
_before: list[tuple[Library, Settings | None]] = []


@contextmanager
def settings_put_back() -> Iterator[None]:
    """Have what is set inside put back at the end; of steps at the same time, when the last one ends.

    In another thread than that of the cells, what they have set for theirs is set inside.
    """
    around = _taken(AROUND)
    with _lock:
        if not _running[0]:
            _before[:] = _taken(OF_PROCESS)
        _running[0] += 1
    for library in () if is_thread_of_cells() else OF_THREAD:
        _put(library, now_in_cells(library))
    try:
        yield
    finally:
        with _lock:
            _running[0] -= 1
            if not _running[0]:
                around += _before
        for library, before in around:
            _put(library, before)


def put_back_too(library: Library) -> None:
    """Have the settings of one more library put back, which a step is about to use."""
    with _lock:
        if _running[0] and all(one is not library for one, _ in _before):
            _before.append((library, now_of(library)))


def _taken(libraries: Iterable[Library]) -> list[tuple[Library, Settings | None]]:
    return [(library, now_of(library)) for library in libraries]


def _put(library: Library, before: Settings | None) -> None:
    now = now_of(library)
    if now is None or now == before:
        return
    # What the step itself has loaded came so.
    wanted = library.came() if before is None else before
    values = {name: wanted.get(name) for name in library.differing(now, wanted)}
    if values:
        library.put(values)
