"""The same assets beside other tools, taken in turns: joblib, doit, Hamilton, Dagster in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.benchmarks.fresh import medians
from tests.benchmarks.other_tools import is_installed
from tests.benchmarks.row import Row

_ASSETS = 100
# How many times faster than each we mean to be: at making everything, and at nothing to do.
_GOALS: Mapping[str, tuple[float, float | None]] = {
    "joblib": (4.0, 8.0),
    "doit": (4.0, 5.0),
    "hamilton": (15.0, 18.0),
    "dagster": (140.0, None),
}


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows beside each tool that is installed; at one size, at which the slowest takes seconds."""
    if assets > 1_000:
        return []
    there = [peer for peer in _GOALS if is_installed(peer)]
    sides = [("tests.benchmarks.other_tools", peer, (_ASSETS,)) for peer in there]
    ours, *theirs = medians(
        [("tests.benchmarks.sides", "running", (_ASSETS, "kill")), *sides], rounds
    )
    return [
        row for peer, taken in zip(there, theirs, strict=True) for row in _beside(peer, ours, taken)
    ]


def _beside(peer: str, ours: Mapping[str, float], theirs: Mapping[str, float]) -> Iterator[Row]:
    names = {"materialize": f"materialize one of {_ASSETS}", "again": "nothing to do for one"}
    for (what, name), goal in zip(names.items(), _GOALS[peer], strict=True):
        if goal is not None:
            yield Row(
                name=f"{name}, kill-safe" if what == "materialize" else name,
                ours_seconds=ours[what] / _ASSETS,
                reference=f"{peer} in memory" if peer == "dagster" else peer,
                reference_seconds=theirs[what] / _ASSETS,
                ratio=ours[what] / theirs[what],
                goal=1 / goal,
            )
