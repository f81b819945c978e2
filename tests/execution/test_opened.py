"""What counts as opened by a step."""

from __future__ import annotations

import importlib.metadata
import os
import pkgutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dagbook.execution.opened import recording_opens


@pytest.mark.parametrize(
    "search",
    [
        pytest.param(importlib.metadata.entry_points, id="entry points"),
        pytest.param(lambda: importlib.metadata.version("pytest"), id="version"),
        pytest.param(lambda: list(pkgutil.iter_modules()), id="modules"),
        pytest.param(lambda: _setuptools().WorkingSet(), id="setuptools"),
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


def test_what_setuptools_lists_of_a_package_is_an_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is data of the package, no search for others."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "with_data").mkdir()
    (tmp_path / "with_data" / "__init__.py").write_text("")
    with recording_opens() as recorder:
        _setuptools().resource_listdir("with_data", "")
    assert str(tmp_path / "with_data") in [one.path for one in recorder.opened]


def test_data_that_a_loader_is_asked_for_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it loads as modules is followed as code."""
    package = tmp_path / "with_words"
    package.mkdir()
    for name in ("__init__.py", "words.txt"):
        (package / name).write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with recording_opens() as recorder:
        pkgutil.get_data("with_words", "words.txt")
    assert [Path(one.path).name for one in recorder.opened] == ["words.txt"]


def _setuptools() -> Any:
    """What older packages find their data by."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pkg_resources")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_a_list_of_processes_is_no_input() -> None:
    """What runs on the machine differs at each moment."""
    with recording_opens() as recorder:
        os.listdir("/proc")
        os.listdir("/proc/self")
    assert [one for one in recorder.opened if one.path.startswith("/proc")] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("os.environ['DAG' + 'BOOK_T']", ["DAGBOOK_T"]),
        ("from os import environ as e; e.get('DAGBOOK_T')", ["DAGBOOK_T"]),
        ("os.getenv('DAGBOOK_NONE')", ["DAGBOOK_NONE"]),
        ("'DAGBOOK_NONE' in os.environ", ["DAGBOOK_NONE"]),
        ("dict(os.environ)", ["*"]),
        ("os.environ['DAGBOOK_T'] = 'b'; os.environ['DAGBOOK_T']", []),
        ("os.path.expanduser('~')", []),
        ("os.path.expandvars('$DAGBOOK_T')", ["DAGBOOK_T"]),
        ("os.path.abspath('x')", ["working folder"]),
        ("__import__('pathlib').Path.cwd()", ["working folder"]),
    ],
)
def test_a_variable_of_the_environment_that_the_user_asks_for_counts(
    text: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever name it is put together, there or not; not what libraries ask for."""
    monkeypatch.setenv("DAGBOOK_T", "a")
    with recording_opens() as recorder:
        exec(text, {"os": os})
    found = [one.path for one in recorder.opened if one.kind == "environ"]
    assert found[:1] == names


def test_the_environment_is_left_as_it_was() -> None:
    """Nothing of ours stays in it."""
    before, methods = type(os.environ), dict(vars(type(os.environ)))
    with recording_opens():
        assert type(os.environ) is not before
    assert (type(os.environ), dict(vars(before))) == (before, methods)


def test_the_environment_is_still_watched_after_many_steps() -> None:
    """Python 3.13 stops to number the changes of a class after a thousand of them."""
    for _ in range(1_200):
        for _ in range(20):
            os.getenv("DAGBOOK_NONE")  # so that Python remembers the method that it found
        with recording_opens() as recorder:
            exec("os.getenv('DAGBOOK_NONE')", {"os": os})
        assert [one.path for one in recorder.opened if one.kind == "environ"] == ["DAGBOOK_NONE"]
