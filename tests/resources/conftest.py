"""What the tests of resources, config and I/O managers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import dagbook as dg

# What was set up and cleared up, in order; emptied before each test.
HAPPENED: list[str] = []


class Logged(dg.ConfigurableResource):
    """Tells when it is set up and cleared up."""

    name: str = "logged"

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Tell it."""
        HAPPENED.append(f"{self.name} up")

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """Tell it."""
        HAPPENED.append(f"{self.name} down")


@pytest.fixture(autouse=True)
def happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The list of what happened, in an empty folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    HAPPENED.clear()
    return HAPPENED


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[dg.Workspace]:
    """A workspace on an empty store."""
    with dg.Workspace(tmp_path / "store") as opened:
        yield opened
