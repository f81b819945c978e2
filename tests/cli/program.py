"""The program `dagbook` run as people run it, on notebooks made for a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ORDERS = "%%asset orders\n[1, 2, 3]"
TOTAL = "%%asset total\nsum(orders)"


def write(path: Path, *cells: str, tags: dict[int, str] | None = None) -> Path:
    """A notebook of these code cells; `tags` by the cell's place."""
    made = [new_code_cell(text, id=f"c{place}") for place, text in enumerate(cells)]
    for place, tag in (tags or {}).items():
        made[place].metadata["tags"] = [tag]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=made), path)
    return path


def dagbook(
    *words: object, cwd: Path | None = None, code: int | None = None, env: Iterable[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the program; where `code` is given, that must be the exit code."""
    command = [sys.executable, "-m", "dagbook", *map(str, words)]
    surroundings = os.environ | dict(pair.split("=", 1) for pair in env)
    ran = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=surroundings)
    if code is not None:
        assert ran.returncode == code, ran.stdout + ran.stderr
    return ran


def document(*words: object, cwd: Path | None = None, code: int = 0) -> dict[str, Any]:
    """The JSON document of a command; nothing else may stand on standard output."""
    found: dict[str, Any] = json.loads(dagbook(*words, "--json", cwd=cwd, code=code).stdout)
    return found
