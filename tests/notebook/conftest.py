"""What the tests of the notebook get: a shell with dagbook loaded, and a second one after it."""

from __future__ import annotations

import copyreg
import csv
import json
import math
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import matplotlib
import pytest

from dagbook.versions import told
from tests.notebook.shells import Notebook, opened_shell


@pytest.fixture
def restart(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Notebook]]:
    """Gives a new shell on the same store each time, as a restarted kernel would be."""
    monkeypatch.chdir(tmp_path)
    with ExitStack() as running:

        def start() -> Notebook:
            running.close()
            told._kept.clear()
            notebook = Notebook(running.enter_context(opened_shell()))
            running.callback(notebook.shell.run_line_magic, "unload_ext", "dagbook")
            notebook("%load_ext dagbook")
            return notebook

        yield start


@pytest.fixture
def notebook(restart: Callable[[], Notebook]) -> Notebook:
    """A shell with dagbook loaded, on an empty store."""
    return restart()


@pytest.fixture
def untold() -> Iterator[None]:
    """The packages are told nothing any more."""
    limit, default, arguments = sys.getrecursionlimit(), json.JSONEncoder.default, sys.argv
    tau = math.tau
    reducers = {**copyreg.dispatch_table}
    with warnings.catch_warnings():
        yield
    for kind in copyreg.dispatch_table.keys() - reducers.keys():
        del copyreg.dispatch_table[kind]
    told._kept.clear()
    told._left.clear()
    sys.setrecursionlimit(limit)
    setattr(json.JSONEncoder, "default", default)  # noqa: B010  # a cell has put another one there
    setattr(math, "tau", tau)  # noqa: B010
    sys.argv = arguments
    if "told" in csv.list_dialects():
        csv.unregister_dialect("told")
    if "told" in matplotlib.colormaps:
        matplotlib.colormaps.unregister("told")
