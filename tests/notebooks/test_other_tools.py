"""The README's settings teach other tools to read notebooks of assets."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.architecture.tree import ROOT

CELLS = (
    "%load_ext dagbook\nimport pandas as pd",
    "%%asset orders --group shop\nimport os\n\npd.DataFrame({'id': [1, 2]})",
    "%%asset sums --sql\nselect count(*) as n from orders",
    "%materialize orders+",
    "len(orders), sums",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a notebook, and the settings that the README shows."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", readme, flags=re.DOTALL)
    ours, jupytext = (one for one in blocks if "nbqa" in one or "custom_cell_magics" in one)
    (tmp_path / "pyproject.toml").write_text(ours)
    (tmp_path / "jupytext.toml").write_text(jupytext)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in CELLS])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, tmp_path / "shop.ipynb")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A tool of this environment, run in the folder."""
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True
    )


def test_ruff_reports_no_names_of_assets(folder: Path) -> None:
    """Names that asset cells define are no fault, nor imports that only asset cells use."""
    ran = run(folder, "ruff", "check", "shop.ipynb")
    assert ran.returncode == 0, ran.stdout


def test_nbqa_looks_into_asset_cells(folder: Path) -> None:
    """A needless import in an asset's body is found, and no name of an asset is called unknown."""
    ran = run(folder, "nbqa", "ruff", "shop.ipynb", "--select=F", "--output-format=concise")
    found = [line for line in ran.stdout.splitlines() if line.startswith("shop.ipynb")]
    assert [re.sub(r"\[\*\] ", "", line) for line in found] == [
        "shop.ipynb:cell_2:2:8: F401 `os` imported but unused"
    ]


def test_a_paired_script_is_python_and_gives_the_same_cells(folder: Path) -> None:
    """jupytext writes a script that compiles, SQL cells included, and reads the notebook back."""
    assert run(folder, "jupytext", "--to", "py:percent", "shop.ipynb").returncode == 0
    compile((folder / "shop.py").read_text(), "shop.py", "exec")
    assert run(folder, "jupytext", "--to", "ipynb", "-o", "back.ipynb", "shop.py").returncode == 0
    back = nbformat.read(folder / "back.ipynb", as_version=4)
    assert tuple(cell.source for cell in back.cells) == CELLS
