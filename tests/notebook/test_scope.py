"""Whose records a kernel's are."""

from __future__ import annotations

from pathlib import Path

import pytest

from dagbook.notebook.scope import scope_of

DECLARED = '[tool.dagbook]\nscope = "shop"\n'


@pytest.mark.parametrize(
    ("project", "env", "expected"),
    [
        (None, {}, "deep/a.ipynb"),
        (DECLARED, {}, "shop"),
        (DECLARED, {"DAGBOOK_SCOPE": "own"}, "own"),
        ('[project]\nname = "shop"\n', {}, "deep/a.ipynb"),
        ("tool = 3", {}, "deep/a.ipynb"),
        ("[tool.dagbook]\nscope = 3", {}, "deep/a.ipynb"),
        ("[[", {}, "deep/a.ipynb"),
    ],
)
def test_the_environment_then_the_project_then_the_path_decide(
    project: str | None, env: dict[str, str], expected: str, tmp_path: Path
) -> None:
    """What a pyproject.toml does not declare in so many words, it does not declare."""
    folder = tmp_path / "deep"
    folder.mkdir()
    if project is not None:
        (tmp_path / "pyproject.toml").write_text(project)
    env |= {"JPY_SESSION_NAME": str(folder / "a.ipynb")}
    assert scope_of(tmp_path / ".dagbook", folder, env) == expected
