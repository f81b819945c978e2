"""What it costs to find that there is nothing to do."""

from __future__ import annotations

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row, allowed

_EACH = 12e-6


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows *no-op*: against the fingerprints alone, and against what is allowed."""
    ours = ("tests.benchmarks.sides", "running", (assets, "kill"))
    floor = ("tests.benchmarks.sides", "least", (assets, "batch"))
    taken, least = medians([ours, floor], rounds)
    return [
        Row(
            name=f"nothing to do for {assets:,}",
            ours_seconds=taken["again"],
            reference="fingerprints alone",
            reference_seconds=least["fingerprints"],
            ratio=taken["again"] / least["fingerprints"],
            goal=4.0,
        ),
        allowed(f"nothing to do for {assets:,}", taken["again"], _EACH * assets),
    ]
