"""Run the benchmarks: `python -m tests.benchmarks [--quick] [--only NAME]`, a table and bench.json."""

from __future__ import annotations

import argparse
import importlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.row import Row

HERE = Path(__file__).parent


def main() -> None:
    """Measure, print and write everything; the exit code says nothing about goals."""
    options = _options()
    kept: list[Row] = []
    for name in sorted(path.stem for path in HERE.glob("bench_*.py")):
        if options.only not in name:
            continue
        module = importlib.import_module(f"tests.benchmarks.{name}")
        if not (options.quick and hasattr(module, "SLOW")):
            for row in _rows(module, options.quick):
                print(line(row), flush=True)
                kept.append(row)
    Path("bench.json").write_text(json.dumps([asdict(row) for row in kept], indent=1) + "\n")


def _rows(module: Any, quick: bool) -> Iterator[Row]:
    """The rows of a module, at both sizes where it takes one."""
    if hasattr(module, "run"):
        yield from module.run()
        return
    for assets in (1_000,) if quick else (1_000, 10_000):
        yield from module.rows(assets, 1 if quick else 5)


def line(row: Row) -> str:
    """A row as one line of the table."""
    goal = "" if row.goal is None else f"{row.goal:6.2f} {'ok' if row.ratio <= row.goal else '--'}"
    return (
        f"{row.name:44} {amount(row.ours_seconds, row.unit):>10}  {row.reference:34}"
        f" {amount(row.reference_seconds, row.unit):>10} {row.ratio:8.2f} {goal}"
    )


def amount(number: float, unit: str) -> str:
    """A time in the unit that suits it, any other number as it is."""
    return time_text(number) if unit == "s" else f"{number:,.0f}"


def time_text(seconds: float) -> str:
    """A time in the unit that suits it."""
    for unit, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds * 1e9:.3g} ns"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 assets, one round")
    parser.add_argument("--only", default="", help="benchmarks whose name contains this")
    return parser.parse_args()


if __name__ == "__main__":
    main()
