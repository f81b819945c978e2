"""What it costs to define assets in the Python API."""

from __future__ import annotations

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row, allowed

_EACH = 20e-6
_AGAIN = 1e-3


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The rows *define*."""
    (taken,) = medians([("tests.benchmarks.sides", "defining", (assets,))], rounds)
    return [
        allowed(f"define one of {assets:,}", taken["define"] / assets, _EACH),
        allowed(f"redefine one of {assets:,}", taken["redefine"], _AGAIN),
    ]
