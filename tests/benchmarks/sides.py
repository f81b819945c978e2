"""What a benchmark's fresh process measures of a workspace: seconds by name."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import dagbook.engine.machinery  # noqa: F401  # so that its loading is not measured
from dagbook.definitions.decorators import asset
from dagbook.engine.settings import Settings
from dagbook.engine.workspace import Workspace
from tests.benchmarks import floor
from tests.benchmarks.layered import functions


def timed(work: Callable[[], object]) -> float:
    """The seconds that a piece of work takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def defining(assets: int) -> dict[str, float]:
    """Decorating and defining all assets, and then another body for one of them."""
    made = functions(assets)
    (again,) = [functions(assets, frozenset({assets // 2}))[assets // 2]]
    with TemporaryDirectory() as folder, Workspace(folder) as workspace:
        whole = timed(lambda: workspace.define(*[asset(one) for one in made]))
        once = timed(lambda: workspace.define(asset(again)))
    return {"define": whole, "redefine": once}


def running(assets: int, durability: Literal["kill", "power"]) -> dict[str, float]:
    """Materializing all assets of an empty store, then again when there is nothing to do."""
    definitions = [asset(one) for one in functions(assets)]
    settings = Settings(durability=durability)
    with TemporaryDirectory() as folder, Workspace(folder, settings=settings) as workspace:
        workspace.define(*definitions)
        first = timed(workspace.materialize)
        assert len(workspace.history_of.current) == assets
        again = timed(workspace.materialize)
    return {"materialize": first, "again": again}


def standing(assets: int) -> dict[str, float]:
    """Reading the log and asking for all statuses in a new session, and once more after one change."""
    made = functions(assets)
    with TemporaryDirectory() as folder:
        with Workspace(folder) as before:
            before.define(*[asset(one) for one in made])
            before.materialize()
        with Workspace(folder) as workspace:
            workspace.define(*[asset(one) for one in made])
            # A session reads the log when it begins; here once more, to count it.
            cold = timed(workspace.history_of.reload) + timed(workspace.statuses)
            again = functions(assets, frozenset({assets // 2}))[assets // 2]
            workspace.define(asset(again))
            changed = timed(workspace.statuses)
            assert sum(not one.is_fresh for one in workspace.statuses().values()) > 0
    return {"cold": cold, "changed": changed}


def least(assets: int, level: floor.Level) -> dict[str, float]:
    """The work that cannot be avoided: keeping so many results, and their fingerprints alone."""
    with TemporaryDirectory() as folder:
        seconds = floor.floor(Path(folder, "floor.sqlite"), level, assets)
    return {"floor": seconds, "fingerprints": floor.fingerprints(assets)}
