"""Runs the sides of a benchmark in processes of their own, in turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from statistics import median

# A side: the module, the function of it that gives seconds, and its arguments.
Side = tuple[str, str, tuple[object, ...]]

_CALL = (
    "import importlib, json, sys;"
    "module, name, arguments = json.loads(sys.argv[1]);"
    "print(json.dumps(getattr(importlib.import_module(module), name)(*arguments)))"
)


def measure(side: Side) -> Mapping[str, float]:
    """What one side gives in a new process: seconds by name."""
    # Modules are compiled once and for all, as they are where dagbook is installed.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", _CALL, json.dumps(side)],
        capture_output=True,
        text=True,
        check=False,
        env=env,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{side}: {done.stderr}")
    found: Mapping[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def medians(sides: Sequence[Side], rounds: int) -> list[dict[str, float]]:
    """The medians of every side over so many rounds, taken in turns, after one to warm up."""
    taken = [[measure(side) for side in sides] for _ in range(rounds + 1)][1:]
    return [
        {name: median(one[name] for one in side) for name in side[0]}
        for side in zip(*taken, strict=True)
    ]
