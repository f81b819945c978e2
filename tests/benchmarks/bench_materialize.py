"""What it costs to materialize assets that themselves take no time."""

from __future__ import annotations

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row

_CASES = (("kill", "NORMAL", 2.5), ("power", "FULL", 1.5))


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows *materialize*; power-safe at one size only, since the disk takes most of it."""
    return [_row(assets, rounds, *case) for case in _CASES if assets <= 1_000 or case[0] == "kill"]


def _row(assets: int, rounds: int, durability: str, level: str, goal: float) -> Row:
    ours = ("tests.benchmarks.sides", "running", (assets, durability))
    floor = ("tests.benchmarks.sides", "least", (assets, level))
    taken, least = medians([ours, floor], rounds)
    return Row(
        name=f"materialize one of {assets:,}, {durability}-safe",
        ours_seconds=taken["materialize"] / assets,
        reference=f"floor {level}",
        reference_seconds=least["floor"] / assets,
        ratio=taken["materialize"] / least["floor"],
        goal=goal,
    )
