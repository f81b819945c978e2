"""The notebooks without a screen: `dagbook run` takes them as a CI job would."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.program import dagbook

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# What fails does so on purpose, and says so: an asset that raises, and one that is defined twice.
CODES = {"reference_python_api.ipynb": 1, "reference_magics.ipynb": 2}
# Runs `dagbook run` itself, a dozen times; tests/export runs it as a module.
NAMES = sorted({path.name for path in NOTEBOOKS.glob("*.ipynb")} - {"07_into_production.ipynb"})


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_without_a_screen(name: str, tmp_path: Path) -> None:
    """Everything that it defines is made; what only shows, or asks the workspace, is left out."""
    ran = dagbook("run", name, cwd=NOTEBOOKS, env=[f"DAGBOOK_HOME={tmp_path}"])
    assert ran.returncode == CODES.get(name, 0), ran.stdout + ran.stderr
