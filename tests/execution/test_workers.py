"""What a step hands to worker processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from loky import get_reusable_executor

from dagbook.execution.opened import recording_opens

NAME = "data.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file in the folder in which bodies run."""
    monkeypatch.chdir(tmp_path)
    Path(NAME).write_text("1")
    yield
    get_reusable_executor().shutdown(kill_workers=True)


def reads(number: int) -> int:
    """Reads a file."""
    return through(number)


def through(number: int) -> int:
    """The same by a helper."""
    return len(open("data." + "csv").read()) + number


def computes(number: int) -> int:
    """Reads nothing."""
    return doubled(number) + 1


def doubled(number: int) -> int:
    """The same by a helper."""
    return number * 2


@pytest.mark.parametrize(
    ("function", "given", "kinds"),
    [
        (reads, 1, ["unseen"]),
        (computes, 1, []),
        (os.path.getsize, NAME, ["opened"]),
        (lambda path: open(path).close(), NAME, ["opened", "unseen"]),
    ],
)
def test_work_counts_by_what_it_may_read(
    function: Callable[..., Any], given: object, kinds: list[str]
) -> None:
    """Itself or by what it calls; a file that it is given by name is seen."""
    get_reusable_executor(max_workers=1)
    with recording_opens() as recorder:
        get_reusable_executor(max_workers=1).submit(function, given).result()
        named = [one for one in recorder.opened if one.kind == "unseen" or NAME in one.path]
    assert [one.kind for one in named] == kinds
