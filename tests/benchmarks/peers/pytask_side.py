"""Runs the table of edits with pytask; each edit is one task file with its helpers in it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from importlib import import_module
from pathlib import Path


def main(folder: Path) -> None:
    """Print for each edit whether its body ran in this process."""
    pytask = import_module("pytask")

    os.chdir(folder)
    for log in folder.glob("ran_*"):
        log.unlink()
    with contextlib.redirect_stdout(io.StringIO()):
        session = pytask.build(paths=[folder])
    failed = {
        report.task.path.stem.partition("_")[2]: repr(report.exc_info[1])[:200]
        for report in session.execution_reports
        if report.exc_info and report.outcome.name == "FAIL"
    }
    numbers = [path.stem.partition("_")[2] for path in sorted(folder.glob("task_*.py"))]
    print(json.dumps({one: failed.get(one) or (folder / f"ran_{one}").exists() for one in numbers}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
