"""nbval on users' notebooks: an empty store for each, and nothing that honestly differs compared."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import ORDERS, TOTAL, write

CELLS = ("%load_ext dagbook", ORDERS, TOTAL, "%materialize --force", "%asset total")
# As the reference of testing says how a notebook is saved with what an empty store gives.
SAVE = ("nbconvert", "--to", "notebook", "--execute", "--inplace")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with its outputs."""
    folder = tmp_path_factory.mktemp("saved")
    notebook = write(folder / "orders.ipynb", *CELLS)
    env = {**os.environ, "DAGBOOK_HOME": str(folder / ".dagbook")}
    command = [sys.executable, "-m", *SAVE, notebook.name]
    subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    return notebook


@pytest.fixture
def project(tmp_path: Path, saved: Path) -> Path:
    """A folder with that notebook, and a conftest.py that takes the plugin."""
    shutil.copy(saved, tmp_path)
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["dagbook.testing.plugin"]\n')
    return tmp_path


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """`pytest` as a user runs it in that folder, whose own store is there too."""
    env = {**os.environ, "DAGBOOK_HOME": str(folder / "users" / ".dagbook")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=."]
    return subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, env=env)


def test_a_saved_notebook_passes_on_an_empty_store(project: Path) -> None:
    """Each has its own, also a copy of the one before; the user's is left alone."""
    shutil.copy(project / "orders.ipynb", project / "other.ipynb")
    ran = run(project, "--nbval", "--nbval-current-env")
    assert f"{2 * len(CELLS)} passed" in ran.stdout, ran.stdout
    assert not (project / "users").exists()


def test_another_value_fails(project: Path) -> None:
    """What a reader would see is compared."""
    notebook = project / "orders.ipynb"
    notebook.write_text(notebook.read_text().replace("[1, 2, 3]", "[1, 2, 4]", 1))
    ran = run(project, "--nbval", "--nbval-current-env")
    assert "orders.ipynb::Cell 1" in ran.stdout
    assert ran.returncode == 1


def test_a_sanitize_file_of_the_users_own_is_used_instead(project: Path) -> None:
    """Without ours, the names of runs differ."""
    (project / "own.cfg").write_text("[nothing]\nregex: no such text\nreplace: x\n")
    ran = run(project, "--nbval", "--nbval-current-env", "--nbval-sanitize-with", "own.cfg")
    assert ran.returncode == 1


def test_the_plugin_works_without_nbval(project: Path) -> None:
    """A project may want the fixture alone."""
    (project / "test_one.py").write_text("def test_one():\n    assert True\n")
    ran = run(project, "-p", "no:nbval")
    assert ran.returncode == 0, ran.stdout + ran.stderr
