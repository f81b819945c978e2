"""What it costs to know how all assets stand."""

from __future__ import annotations

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row, allowed

_COLD = 6e-6
_CHANGED = 0.5e-6


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows *status*: from a cold log, and after one change."""
    (taken,) = medians([("tests.benchmarks.sides", "standing", (assets,))], rounds)
    return [
        allowed(f"status of {assets:,}, cold log", taken["cold"], _COLD * assets),
        allowed(f"status of {assets:,}, one change", taken["changed"], _CHANGED * assets),
    ]
