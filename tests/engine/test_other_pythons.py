"""What one Python has made is used by another where it can be, and made again where it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CELLS = """
import sys
from dataclasses import dataclass
from dagbook import Workspace, asset

@dataclass
class Point:
    x: int = 1

@asset
def point():
    return Point(3)

@asset
def plain(point):
    return [point.x, "a"]

@asset
def rule():
    return lambda x: x + 1

@asset
def ruled(rule, point):
    return rule(point.x)

with Workspace(sys.argv[1]) as workspace:
    workspace.define(point, plain, rule, ruled)
    ran = [str(key) for key in workspace.materialize().materialized]
    print(ran, workspace.value("ruled"), {one.state for one in workspace.statuses().values()})
"""


def session(folder: Path, python: str) -> str:
    """What a process prints that takes itself for this Python and brings all up to date."""
    tag = f"import sys; sys.implementation.cache_tag = {python!r}\n"
    script = folder / "cells.py"
    script.write_text(tag + CELLS)
    command = [sys.executable, str(script), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_only_what_holds_code_is_made_again_by_another_python(tmp_path: Path) -> None:
    """A function cannot run there, and has no content; an instance is given the notebook's class."""
    assert session(tmp_path, "one") == "['point', 'rule', 'plain', 'ruled'] 4 {'fresh'}"
    assert session(tmp_path, "other") == "['rule', 'ruled'] 4 {'fresh'}"
    assert session(tmp_path, "other") == "[] 4 {'fresh'}"
