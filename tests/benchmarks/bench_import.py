"""What a notebook's first cells cost beyond a bare IPython: loading dagbook, and the first asset."""

from __future__ import annotations

import os
import time
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.fresh import medians
from tests.benchmarks.row import Row, allowed

_ALLOWED_SECONDS = 0.050
_ALLOWED_BYTES = 8e6
_LOAD = "import dagbook\n%load_ext dagbook"
_FIRST = ("x = 1", "%%asset orders\n[1, 2, 3]", "%materialize --force")


def beginning() -> dict[str, float]:
    """The processor's seconds of a bare shell, of loading and of a first asset; the memory of loading."""
    start = time.process_time()
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_cell("1 + 1")
    bare, memory = time.process_time(), _resident()
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()):
        os.chdir(folder)
        shell.run_cell(_LOAD).raise_error()
        loaded, grown = time.process_time(), _resident() - memory
        for cell in _FIRST:
            shell.run_cell(cell).raise_error()
        first = time.process_time()
        os.chdir("/")
    return {"bare": bare - start, "load": loaded - bare, "bytes": grown, "first": first - loaded}


def _resident() -> float:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return float(pages) * os.sysconf("SC_PAGE_SIZE")


def rows(assets: int = 1_000, rounds: int = 5) -> list[Row]:
    """The row *import*, and what comes right after it; it does not depend on the number of assets."""
    if assets > 1_000:
        return []
    (taken,) = medians([(__name__, "beginning", ())], rounds)
    whole = taken["load"] + taken["first"]
    return [
        allowed("import dagbook and load_ext, beyond IPython", taken["load"], _ALLOWED_SECONDS),
        allowed("memory of that", taken["bytes"], _ALLOWED_BYTES, "B"),
        Row(
            name="load, a first cell, asset and run",
            ours_seconds=whole,
            reference="starting IPython",
            reference_seconds=taken["bare"],
            ratio=whole / taken["bare"],
        ),
    ]
