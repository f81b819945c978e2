"""What every test gets: a store of its own, which no other test and no user has seen."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--seed N`: other random cases for the tests that compare with a reference."""
    parser.addoption("--seed", type=int, default=4, help="seed of the randomly generated cases")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the store of this test, named by `DAGBOOK_HOME`; also in its subprocesses."""
    folder = tmp_path / ".dagbook"
    monkeypatch.setenv("DAGBOOK_HOME", str(folder))
    return folder
