"""Whose records a kernel's are: the notebook's path, relative to the store, or its project's."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path


def scope_of(store: Path, folder: Path, env: Mapping[str, str]) -> str:
    """The scope for a notebook kernel in `folder`.

    `DAGBOOK_SCOPE` decides, if set; else what the project declares for all its notebooks, as `scope`
    below `[tool.dagbook]` in pyproject.toml; else the notebook's path as Jupyter names the session;
    else the folder: a terminal has no notebook.
    """
    told = env.get("DAGBOOK_SCOPE") or _of_project(folder)
    if told:
        return told
    session = env.get("JPY_SESSION_NAME")
    path = Path(session) if session else folder / "console"
    if not path.is_absolute():
        path = folder / path.name
    return os.path.relpath(path, store.parent).replace(os.sep, "/")


def _of_project(folder: Path) -> str | None:
    """The scope that the nearest pyproject.toml declares; one that is no TOML declares none."""
    for each in (folder, *folder.parents):
        try:
            declared = tomllib.loads((each / "pyproject.toml").read_text(encoding="utf-8"))
        except OSError:
            continue
        except ValueError:
            return None
        match declared:
            case {"tool": {"dagbook": {"scope": str(scope)}}}:
                return scope
        return None
    return None
