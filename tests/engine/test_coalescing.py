"""Many pokes become few runs of the action, and the last one is never lost."""

from __future__ import annotations

import threading
import time

from dagbook.engine.coalescing import Coalescer
from tests.widget.projects import eventually


def test_many_pokes_are_few_runs() -> None:
    """A thousand pokes within a moment run the action a handful of times."""
    runs: list[float] = []

    def action() -> None:
        runs.append(time.monotonic())

    coalescer = Coalescer(action, 0.05, lambda _error: None)
    for _ in range(1_000):
        coalescer.poke()
    time.sleep(0.3)
    assert 1 <= len(runs) <= 3


def test_the_last_poke_is_not_lost() -> None:
    """What is said while the action runs is seen by another run."""
    seen: list[int] = []
    value = [0]
    entered, go_on = threading.Event(), threading.Event()

    def action() -> None:
        seen.append(value[0])
        entered.set()
        go_on.wait(5)

    coalescer = Coalescer(action, 0.01, lambda _error: None)
    coalescer.poke()
    entered.wait(5)
    value[0] = 1
    coalescer.poke()
    go_on.set()
    eventually(lambda: seen[-1:] == [1])


def test_an_error_is_told_and_does_not_end_it() -> None:
    """What the action raises is handed on, and the next poke runs it again."""
    errors: list[Exception] = []

    def action() -> None:
        raise ValueError("no")

    coalescer = Coalescer(action, 0.01, errors.append)
    coalescer.poke()
    eventually(lambda: len(errors) == 1)
    coalescer.poke()
    eventually(lambda: len(errors) == 2)


def test_after_its_end_nothing_runs() -> None:
    """A closed coalescer takes pokes and does nothing."""
    runs: list[int] = []

    def action() -> None:
        runs.append(1)

    coalescer = Coalescer(action, 0.01, lambda _error: None)
    coalescer.close()
    coalescer.poke()
    time.sleep(0.1)
    assert runs == []
