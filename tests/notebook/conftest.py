"""What the tests of the notebook get: a shell with dagbook loaded, and a second one after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dagbook.versions import told
from tests.notebook.shells import Notebook, opened_shell


@pytest.fixture
def restart(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Notebook]]:
    """Gives a new shell on the same store each time, as a restarted kernel would be."""
    monkeypatch.chdir(tmp_path)
    with ExitStack() as running:

        def start() -> Notebook:
            running.close()
            told._kept.clear()
            notebook = Notebook(running.enter_context(opened_shell()))
            running.callback(notebook.shell.run_line_magic, "unload_ext", "dagbook")
            notebook("%load_ext dagbook")
            return notebook

        yield start


@pytest.fixture
def notebook(restart: Callable[[], Notebook]) -> Notebook:
    """A shell with dagbook loaded, on an empty store."""
    return restart()
