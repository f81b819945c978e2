"""Runs the table of edits with a workspace; head and body stand in one module."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Print for each edit whether its body ran in this process."""
    from dagbook import Workspace, asset

    os.chdir(folder)
    sys.path.insert(0, str(folder))
    numbers = [path.stem.partition("_")[2] for path in sorted(folder.glob("whole_*.py"))]
    bodies = {}
    for number in numbers:
        (folder / f"ran_{number}").unlink(missing_ok=True)
        bodies[number] = importlib.import_module(f"whole_{number}").result
    with Workspace(folder) as workspace:
        made = [asset(name=f"result_{number}")(body) for number, body in bodies.items()]
        workspace.define(asset(name="raw")(_three), *made)
        result = workspace.materialize(raise_on_error=False)
    ran = {one: (folder / f"ran_{one}").exists() for one in numbers}
    failed = {str(key).partition("_")[2]: repr(error)[:200] for key, error in result.errors.items()}
    print(json.dumps(ran | failed))


def _three() -> int:
    return 3


if __name__ == "__main__":
    main(Path(sys.argv[1]))
