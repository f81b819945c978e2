"""The pytest plugin: `pytest_plugins = ["dagbook.testing.plugin"]` in a conftest.py gives the fixture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dagbook.testing.notebooks import NotebookUnderTest, open_notebook

Opens = Callable[..., NotebookUnderTest]


@pytest.fixture
def asset_notebook(request: pytest.FixtureRequest) -> Iterator[Opens]:
    """Opens a notebook for this test: `asset_notebook("flights.ipynb", year=2013)`.

    A relative path begins at the test's own folder. The notebook, and the store that it has for
    itself, are closed when the test ends. One notebook is open at a time: another one closes it.
    """
    stack = ExitStack()

    def opens(path: str | Path, **parameters: object) -> NotebookUnderTest:
        stack.close()
        return stack.enter_context(open_notebook(request.path.parent / path, **parameters))

    with stack:
        yield opens
