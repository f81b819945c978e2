"""A workspace on an empty store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dagbook.engine.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Opened for one test, in a folder of its own."""
    with Workspace(tmp_path, base=tmp_path) as opened:
        yield opened
