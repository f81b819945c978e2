"""The notebooks print what they show: nbval runs each on an empty store and compares the outputs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks() -> None:
    """The first tutorial is among the notebooks that are compared."""
    assert "01_flights.ipynb" in [notebook.name for notebook in NOTEBOOKS]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_gives_the_outputs_that_it_was_saved_with(notebook: Path) -> None:
    """Run from top to bottom in a new kernel, each cell gives what the file shows under it."""
    # As a user runs it, with the plugin that users have.
    nbval = ("-p", "dagbook.testing.plugin", "--nbval", "--nbval-current-env")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *nbval, notebook],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
