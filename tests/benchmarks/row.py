"""One line of the benchmarks' table: our time, what it is compared with, and the goal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A measured pair; both sides were taken in one run, interleaved; `goal` bounds the ratio.

    `unit` says what was measured where it is no time.
    """

    name: str
    ours_seconds: float
    reference: str
    reference_seconds: float
    ratio: float
    goal: float | None = None
    unit: str = "s"


def allowed(name: str, seconds: float, limit: float, unit: str = "s") -> Row:
    """A time, or a number of `unit`, that is held against a limit instead of another program's."""
    return Row(
        name=name,
        ours_seconds=seconds,
        reference="allowed",
        reference_seconds=limit,
        ratio=seconds / limit,
        goal=1.0,
        unit=unit,
    )
