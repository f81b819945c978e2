"""Every tutorial as a plain module: it runs without Jupyter, and makes the same data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dagbook.export.writing import export_notebook
from dagbook.headless.preparing import open_notebook
from tests.export.notebooks import standing, versions_of_module

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TUTORIALS = sorted(path.name for path in NOTEBOOKS.glob("0*.ipynb"))


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_is_a_module_with_the_same_data_versions(name: str, tmp_path: Path) -> None:
    """And with the same verdicts; what is fresh in one is fresh in both."""
    folder = tmp_path / "notebooks"
    kept = shutil.ignore_patterns(".dagbook", "site", "__pycache__")
    shutil.copytree(NOTEBOOKS, folder, ignore=kept)
    module = folder / f"of_{Path(name).stem}.py"
    with open_notebook(folder / name, {}) as notebook:
        export_notebook(notebook.path, module, notebook.workspace, notebook.cells)
        expected = standing(notebook.workspace)
    assert versions_of_module(module) == expected
    assert expected[0] or name.startswith("07")
