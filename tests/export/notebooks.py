"""Notebooks for tests of export, and what a rendered module's assets come to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from dagbook.export.writing import export_notebook
from dagbook.headless.preparing import open_notebook
from tests.cli.program import write

_VERSIONS = """
import json, runpy, sys
from dagbook import materialize
assert "IPython" not in sys.modules
found = materialize(runpy.run_path(sys.argv[1])["DEFINITIONS"], raise_on_error=False)
assert "IPython" not in sys.modules
print(json.dumps([
    {str(key): record.data_version for key, record in found.records.items()},
    {str(verdict.check): verdict.passed for verdict in found.checks},
]))
"""


def exported(target: Path, *cells: str, run: bool = True) -> str:
    """A notebook of these cells in the form of the target's name."""
    with open_notebook(write(target.with_name("n.ipynb"), *cells), {}) as notebook:
        if run:
            notebook.workspace.materialize(raise_on_error=False)
        export_notebook(notebook.path, target, notebook.workspace, notebook.cells)
    return target.read_text()


def versions_of_notebook(path: Path, *cells: str) -> list[dict[str, object]]:
    """The data versions and verdicts of a notebook with these cells."""
    with open_notebook(write(path, *cells), {}) as notebook:
        notebook.workspace.materialize(raise_on_error=False)
        assets = notebook.workspace.statuses()
        checks = notebook.workspace.check_statuses()
        return [
            {
                str(k): s.materialization.data_version
                for k, s in assets.items()
                if s.materialization
            },
            {str(k): s.verdict.passed for k, s in checks.items() if s.verdict},
        ]


def versions_of_module(path: Path) -> list[dict[str, object]]:
    """The same of a plain module, run by a Python of its own."""
    command = [sys.executable, "-W", "error", "-c", _VERSIONS, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, object]] = json.loads(ran.stdout)
    return found
