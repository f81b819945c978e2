"""What counts as opened by a step."""

from __future__ import annotations

import importlib.metadata
import os
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dagbook.execution.opened import recording_opens


@pytest.mark.parametrize(
    "search",
    [
        pytest.param(importlib.metadata.entry_points, id="entry points"),
        pytest.param(lambda: importlib.metadata.version("pytest"), id="version"),
        pytest.param(lambda: list(pkgutil.iter_modules()), id="modules"),
    ],
)
def test_a_search_for_installed_packages_lists_no_input(
    search: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks into every folder of the path, the notebook's own among them."""
    monkeypatch.syspath_prepend(tmp_path)
    with recording_opens() as recorder:
        search()
    assert str(tmp_path) not in [one.path for one in recorder.opened]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_a_list_of_processes_is_no_input() -> None:
    """What runs on the machine differs at each moment."""
    with recording_opens() as recorder:
        os.listdir("/proc")
        os.listdir("/proc/self")
    assert [one for one in recorder.opened if one.path.startswith("/proc")] == []
