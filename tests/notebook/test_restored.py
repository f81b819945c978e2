"""What costs nothing in a notebook because its result is kept: and what is never taken for such."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notebook.shells import Notebook

BODY = "rules.clean(raw)"


@pytest.fixture
def project(notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with two branches that differ in a module, which the notebook has loaded."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    file = tmp_path / "project" / "rules.py"
    file.parent.mkdir()
    for branch, rate in (("main", 2), ("other", 3)):
        file.write_text(f"RATE = {rate}\ndef clean(x):\n    return x * RATE\n")
        git(file.parent, "init" if branch == "main" else "checkout", "-q", "-b", branch)
        git(file.parent, "add", "rules.py")
        git(file.parent, "commit", "-q", "-m", branch)
    git(file.parent, "checkout", "-q", "main")
    notebook(f"import sys, importlib\nsys.path.insert(0, {str(file.parent)!r})")
    notebook("import rules\n%config Dagbook.on_define = 'register'")
    notebook("%%asset raw\n3", cell="raw")
    notebook(f"%%asset result\n{BODY}", cell="result")
    notebook("%materialize")
    yield file.parent
    sys.path.remove(str(file.parent))
    sys.modules.pop("rules", None)


def git(folder: Path, *arguments: str) -> None:
    """A command of Git in a folder."""
    told = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *told, *arguments], cwd=folder, check=True, capture_output=True)


def came(notebook: Notebook) -> tuple[set[str], set[str]]:
    """What a run of all made, and what it restored."""
    result = notebook("%materialize").value
    return {str(key) for key in result.materialized}, {str(key) for key in result.restored}


def test_a_switch_of_branch_and_back_costs_nothing(notebook: Notebook, project: Path) -> None:
    """Once the module is loaded again; before that nothing that uses it is fresh."""
    seen = []
    for branch in ("other", "main", "other"):
        git(project, "checkout", "-q", branch)
        assert notebook.state("result") == "stale"
        notebook("importlib.reload(rules)")
        seen.append((*came(notebook), notebook("result").value))
    once = {"result"}
    assert seen == [(once, set(), 9), (set(), once, 6), (set(), once, 9)]


@pytest.mark.parametrize("kept", [True, False], ids=["copy", "rename"])
def test_another_name_costs_nothing(notebook: Notebook, project: Path, kept: bool) -> None:
    """As a copy of the cell, or as its new name."""
    if not kept:
        notebook("%forget result")
    notebook(f"%%asset again\n{BODY}", cell="copy" if kept else "result")
    assert notebook.state("again") == "fresh"
    assert came(notebook) == (set(), {"again"})
    assert notebook("again").value == 6


def test_an_undone_edit_costs_nothing(notebook: Notebook, project: Path) -> None:
    """The value of before is there at once."""
    notebook(f"%%asset result\n{BODY} + 1", cell="result")
    assert came(notebook) == ({"result"}, set())
    notebook(f"%%asset result\n{BODY}", cell="result")
    assert came(notebook) == (set(), {"result"})
    assert notebook("result").value == 6


@pytest.mark.parametrize(
    "text",
    [
        "%%asset {}\neval('3')",
        "%%asset {}\nimport h5py\nh5py.special_dtype(vlen=str).kind",
        "%%asset {}\nimport subprocess\nsubprocess.run(['true']).returncode",
        "%%asset {} --always\n3 + 4",
        "%%asset {} --max-age 1h\n3 + 5",
        "%%asset {} --code-version 1\n3 + 6",
    ],
)
def test_what_reads_untracked_state_is_never_adopted(notebook: Notebook, text: str) -> None:
    """A copy of it runs by itself."""
    notebook("%config Dagbook.on_define = 'register'")
    notebook(text.format("first"), cell="a")
    notebook("%materialize")
    notebook(text.format("second"), cell="b")
    assert notebook.state("second") == "missing"
    made, restored = came(notebook)
    assert "second" in made
    assert restored == set()
