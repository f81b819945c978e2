"""Starts the runs in the background that pages ask for, and tells their ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from dagbook.comm.messages import Reach
from dagbook.definitions.keys import AssetKey
from dagbook.engine.background import BackgroundRun
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.selection.fluent import AssetSelection
from dagbook.views.runs import ending_line, warning_lines

# Told at the end: a problem, if there is one, and the warnings, a line each.
Ended = Callable[[str | None, str], None]


def start(workspace: Workspace, keys: Sequence[AssetKey], reach: Reach, ended: Ended) -> None:
    """Begin a run, and tell its end; raises what keeps it from beginning."""
    run = workspace.start(_selection(keys, reach), command="materialize (JupyterLab)")
    threading.Thread(target=_await, args=(run, ended), name="dagbook-comm-run", daemon=True).start()


def _await(run: BackgroundRun, ended: Ended) -> None:
    problem: str | None = None
    told = ""
    try:
        result = run.result()
        told = "\n".join(warning_lines(result))
        if not result.success and result.outcome != "cancelled":
            problem = ending_line(result)
    except DagbookError as error:
        problem = str(error)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    ended(problem, told)


def _selection(keys: Sequence[AssetKey], reach: Reach) -> AssetSelection | None:
    """What is to be brought up to date; None for everything."""
    if reach == "stale":
        return None
    chosen = AssetSelection.assets(*keys)
    return chosen.upstream() if reach == "upstream" else chosen
