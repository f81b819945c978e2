"""A small project that the tests of the widget click through."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dagbook import Workspace, asset, asset_check
from dagbook.definitions.keys import AssetKey

RAW, CLEAN, REPORT = AssetKey("raw"), AssetKey("clean"), AssetKey("report")
BROKEN, SLOW = AssetKey("broken"), AssetKey("slow")


@asset(group_name="sources")
def raw() -> list[int]:
    """Three numbers."""
    return [1, 2, 3]


@asset
def clean(raw: list[int]) -> list[int]:
    """The numbers above one."""
    return [number for number in raw if number > 1]


@asset
def report(clean: list[int]) -> int:
    """How many there are."""
    return len(clean)


@asset
def broken(raw: list[int]) -> int:
    """Never works."""
    raise ValueError("no luck <b>")


@asset
def slow() -> int:
    """Takes so long that it must be cancelled; not in the project."""
    time.sleep(60)
    return 1


@asset_check(asset=clean)
def enough(clean: list[int]) -> bool:
    """Whether there are more than five."""
    return len(clean) > 5


@contextmanager
def project() -> Iterator[Workspace]:
    """A workspace of its own with the definitions above."""
    with Workspace(scope="test") as workspace:
        workspace.define(raw, clean, report, broken, enough)
        yield workspace


def eventually(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds, which a background thread brings about."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        threading.Event().wait(0.02)
