"""The runs in the background that pages have asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dagbook.comm.messages import Reach
from dagbook.definitions.keys import AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.later import later

if TYPE_CHECKING:
    from dagbook.engine.background import BackgroundRun
    from dagbook.selection import fluent
    from dagbook.views import runs as views
else:
    fluent = later("dagbook.selection.fluent")
    views = later("dagbook.views.runs")

# Told at the end: a problem, if there is one, and the outcome in one line.
Ended = Callable[[str | None, str], None]


class Runs:
    """Starts runs, tells their ends, and stops them; safe from any thread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._going: dict[str, BackgroundRun] = {}

    @property
    def going(self) -> tuple[str, ...]:
        """The ids of the runs that have not ended."""
        with self._lock:
            return tuple(self._going)

    def start(self, keys: Sequence[AssetKey], reach: Reach, ended: Ended) -> None:
        """Begin a run, and tell its end; raises what keeps it from beginning."""
        run = self._workspace.start(_selection(keys, reach), command="materialize (JupyterLab)")
        with self._lock:
            self._going[run.run_id] = run
        threading.Thread(
            target=self._await, args=(run, ended), name="dagbook-comm-run", daemon=True
        ).start()

    def cancel(self) -> None:
        """Stop all of them; what has finished is kept."""
        with self._lock:
            going = list(self._going.values())
        for run in going:
            run.cancel()

    def _await(self, run: BackgroundRun, ended: Ended) -> None:
        problem: str | None = None
        told = ""
        try:
            result = run.result()
            told = views.ending_line(result)
            problem = None if result.success or result.outcome == "cancelled" else told
        except DagbookError as error:
            problem = str(error)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        with self._lock:
            del self._going[run.run_id]
        ended(problem, told)


def _selection(keys: Sequence[AssetKey], reach: Reach) -> fluent.AssetSelection | None:
    """What is to be brought up to date; None for everything."""
    if reach == "stale":
        return None
    chosen = fluent.AssetSelection.assets(*keys)
    return chosen.upstream() if reach == "upstream" else chosen
