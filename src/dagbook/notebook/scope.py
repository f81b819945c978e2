"""Whose records a kernel's are: the notebook's path, relative to the store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def scope_of(store: Path, folder: Path, env: Mapping[str, str]) -> str:
    """The scope for a notebook kernel in `folder`.

    `DAGBOOK_SCOPE` decides, if set; else the notebook's path as Jupyter names the session; else the
    folder: a terminal has no notebook.
    """
    told = env.get("DAGBOOK_SCOPE")
    if told:
        return told
    session = env.get("JPY_SESSION_NAME")
    path = Path(session) if session else folder / "console"
    if not path.is_absolute():
        path = folder / path.name
    return os.path.relpath(path, store.parent).replace(os.sep, "/")
