"""What a restart of the kernel costs: the first tutorial run anew on the store that it filled."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

from tests.benchmarks.row import Row

# A minute and more: left out of a quick look.
SLOW = True
TUTORIAL = Path(__file__).parents[2] / "notebooks" / "01_flights.ipynb"


def run() -> list[Row]:
    """Restart & Run All against the first run: the asset cells' time, without the kernel's start."""
    pairs = [_pair() for _ in range(5)]
    first = statistics.median(first for first, _ in pairs)
    again = statistics.median(again for _, again in pairs)
    return [
        Row(
            name="restart and run all, the tutorial's assets",
            ours_seconds=again,
            reference="the first run",
            reference_seconds=first,
            ratio=again / first,
        )
    ]


def _pair() -> tuple[float, float]:
    """Seconds that the asset cells take on an empty store, then with a new kernel on the full one."""
    with TemporaryDirectory() as folder:
        store = Path(folder) / ".dagbook"
        return _seconds(store), _seconds(store)


def _seconds(store: Path) -> float:
    notebook = nbformat.read(TUTORIAL, as_version=4)
    began: dict[int, float] = {}
    took: dict[int, float] = {}

    def starts(cell: Any, cell_index: int) -> None:
        began[cell_index] = time.perf_counter()

    def ends(cell: Any, cell_index: int, execute_reply: Any) -> None:
        took[cell_index] = time.perf_counter() - began[cell_index]

    client = NotebookClient(notebook, on_cell_execute=starts, on_cell_executed=ends)
    with client.setup_kernel(env=_environment(store)):
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
    return sum(seconds for i, seconds in took.items() if _is_asset(notebook.cells[i]))


def _is_asset(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and cell.source.startswith("%%asset"))


def _environment(store: Path) -> dict[str, str]:
    return {**os.environ, "DAGBOOK_HOME": str(store)}
