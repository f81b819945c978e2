"""Runs a script that uses dagbook in a process of its own, to be killed, interrupted or waited for."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

START = """
import os, sys, time
from pathlib import Path
from tests.engine.typed import define
from dagbook.engine.workspace import Workspace
from dagbook.engine.settings import Settings
folder = Path({folder!r})
workspace = Workspace(folder, settings=Settings(durability={durability!r}))
"""
ROOT = Path(__file__).parents[2]


def script(folder: Path, text: str, *, durability: str = "kill") -> subprocess.Popen[str]:
    """Start a script in which `workspace` is open on the store of `folder`."""
    whole = START.format(folder=str(folder), durability=durability) + text
    return subprocess.Popen(
        [sys.executable, "-c", whole],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(file: Path, process: subprocess.Popen[str]) -> None:
    """Wait until the script has made a file."""
    end = time.monotonic() + 60
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise AssertionError(process.communicate()[1])
        time.sleep(0.005)
