"""Runs notebooks from top to bottom, each in a process, in a kernel and on a store of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
SECONDS_A_CELL = 120
# Kernels that work at the same time.
AT_ONCE = min(4, os.cpu_count() or 1)


class FailedCells(Exception):
    """Notebooks with a cell that raises; the argument tells of each."""


def run_notebooks(books: Sequence[Path]) -> None:
    """Run the notebooks and write each over itself, with what it shows.

    A cell tagged `raises-exception` may raise. Raises FailedCells, after all have run.
    """
    with ThreadPoolExecutor(AT_ONCE) as threads:
        told = [fault for fault in threads.map(_in_process, books) if fault]
    if told:
        raise FailedCells("\n\n".join(told))


def _in_process(file: Path) -> str:
    """Have one notebook run; what is wrong, or nothing."""
    with tempfile.TemporaryDirectory(prefix="dagbook-site-") as store:
        ran = subprocess.run(
            [sys.executable, "-m", "notebooks.site.running", str(file.resolve())],
            cwd=ROOT,
            env={**os.environ, "DAGBOOK_HOME": store},
            capture_output=True,
            text=True,
        )
    return "" if ran.returncode == 0 else f"{file.name}: {ran.stdout or ran.stderr}".rstrip()


def main(file: Path) -> int:
    """Run one notebook in this process, on the store that the environment names."""
    book = nbformat.read(file, as_version=4)
    client = NotebookClient(
        book,
        timeout=SECONDS_A_CELL,
        resources={"metadata": {"path": str(file.parent)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        print(f"a cell raises\n{error}")
        return 1
    except TimeoutError:
        print(f"a cell took longer than {SECONDS_A_CELL} s")
        return 1
    nbformat.write(book, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
