"""What other tools take for the same assets, each in a fresh process: seconds by name."""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.layered import functions
from tests.benchmarks.sides import timed


def is_installed(peer: str) -> bool:
    """Whether this Python has the tool; those that it lacks are left out of the table."""
    return find_spec(peer) is not None


def _reads(function: Callable[..., Any]) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _twice(run: Callable[[], object]) -> dict[str, float]:
    with contextlib.redirect_stdout(io.StringIO()):
        return {"materialize": timed(run), "again": timed(run)}


def joblib(assets: int) -> dict[str, float]:
    """Each function behind `Memory.cache`: one folder for each value."""
    from joblib import Memory

    made = functions(assets)
    with TemporaryDirectory() as folder:
        memory = Memory(folder, verbose=0)
        cached = [(one.__name__, _reads(one), memory.cache(one)) for one in made]

        def run() -> None:
            values: dict[str, Any] = {}
            for name, reads, call in cached:
                values[name] = call(*[values[read] for read in reads])

        return _twice(run)


def doit(assets: int) -> dict[str, float]:
    """Each function a task that is up to date while its code and its inputs are the same."""
    from doit.cmd_base import ModuleTaskLoader
    from doit.doit_cmd import DoitMain
    from doit.tools import config_changed

    made = functions(assets)

    def task(function: Callable[..., Any]) -> dict[str, Any]:
        reads = _reads(function)

        def action(**values: Any) -> dict[str, Any]:
            return {"value": function(**values)}

        return {
            "basename": function.__name__,
            "actions": [action],
            "getargs": {read: (read, "value") for read in reads},
            "uptodate": [config_changed(function.__code__.co_code.hex())],
        }

    with TemporaryDirectory() as folder:
        space: dict[str, Any] = {
            "DOIT_CONFIG": {"dep_file": str(Path(folder, "doit.db")), "reporter": "zero"},
            "task_all": lambda: (task(one) for one in made),
        }
        return _twice(lambda: DoitMain(ModuleTaskLoader(space)).run(["run"]))


def hamilton(assets: int) -> dict[str, float]:
    """Each function a node of a driver with its cache on."""
    os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"
    from hamilton import ad_hoc_utils, driver

    made = functions(assets)
    for one in made:
        one.__annotations__ = dict.fromkeys((*_reads(one), "return"), int)
    wanted = [one.__name__ for one in made]
    module = ad_hoc_utils.create_temporary_module(*made, module_name="layered")
    logging.disable(logging.WARNING)
    with TemporaryDirectory() as folder:

        def run() -> None:
            built = driver.Builder().with_modules(module).with_cache(path=folder).build()
            built.execute(wanted)

        return _twice(run)


def dagster(assets: int) -> dict[str, float]:
    """Each function an asset, materialized in this process with nothing kept."""
    import dagster as dg

    logging.disable(logging.CRITICAL)
    defined = [dg.asset(one) for one in functions(assets)]
    with dg.DagsterInstance.ephemeral() as instance:
        return {"materialize": timed(lambda: dg.materialize(defined, instance=instance))}
