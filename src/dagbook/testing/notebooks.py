"""A notebook opened for a test: what it materializes is gone with the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, KeyLike
from dagbook.engine.workspace import Workspace
from dagbook.execution.result import RunResult
from dagbook.headless.preparing import open_notebook as prepared
from dagbook.staleness.status import CheckStatus
from dagbook.views.checks import verdict_says

HOME = "DAGBOOK_HOME"


class NotebookUnderTest:
    """What a test asks of a notebook; `workspace` is there for all else."""

    def __init__(self, path: Path, workspace: Workspace) -> None:
        self.path = path
        self.workspace = workspace

    def materialize(self, selection: str | None = None) -> RunResult:
        """Bring a selection up to date, everything by default; raises what the notebook's code raised.

        A failing check fails nothing here: `assert_checks_pass` and `failing_checks` tell.
        Raises SelectionError or InvalidGraph before anything runs.
        """
        return self.workspace.materialize(selection, command="dagbook.testing")

    def value(self, key: KeyLike) -> Any:
        """The value of an asset; raises UnknownAsset, or ValueMissing where it was not materialized."""
        return self.workspace.value(key)

    def failing_rows(self, asset: KeyLike, check: str) -> Any:
        """The rows that a check found wrong, as the frame that it gave; None where it kept none."""
        return self.workspace.failing_rows(asset, check)

    def failing_checks(self, selection: str | None = None) -> list[str]:
        """A line for each check of the selection that does not pass, or was not judged."""
        keys = set(self.workspace.select(selection))
        return [
            _line(key, status)
            for key, status in self.workspace.check_statuses().items()
            if key.asset_key in keys and status.judgement != "passed"
        ]

    def assert_checks_pass(self, selection: str | None = None) -> None:
        """Raise AssertionError that tells all checks of the selection that do not pass."""
        failing = self.failing_checks(selection)
        if failing:
            told = "\n".join(f"  {line}" for line in failing)
            raise AssertionError(f"{len(failing)} checks of {self.path.name} do not pass:\n{told}")


def _line(key: AssetCheckKey, status: CheckStatus) -> str:
    says = verdict_says(status.verdict)
    return f"{key} {status.judgement}" + (f": {says}" if says else "")


@contextmanager
def open_notebook(path: str | Path, **parameters: Any) -> Iterator[NotebookUnderTest]:
    """A notebook's definitions, with a store of their own that is gone at the end of the block.

    `path`: the notebook; `parameters`: values for the cell tagged `parameters`. Nothing runs yet
    but definitions and the ordinary cells that they need.
    Raises UnreadableNotebook, and whatever is wrong with the notebook's cells.

    >>> import json
    >>> cell = {"cell_type": "code", "id": "a", "source": "%%asset orders\\n[1, 2]"}
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "orders.ipynb")
    ...     _ = file.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    ...     with open_notebook(file) as notebook:
    ...         _ = notebook.materialize("orders")
    ...         notebook.assert_checks_pass()
    ...         print(notebook.value("orders"))
    [1, 2]
    """
    before = os.environ.get(HOME)
    with TemporaryDirectory(prefix="dagbook-") as folder:
        os.environ[HOME] = str(Path(folder) / ".dagbook")
        try:
            with prepared(Path(path), parameters) as opened:
                yield NotebookUnderTest(opened.path, opened.workspace)
        finally:
            if before is None:
                os.environ.pop(HOME, None)
            else:
                os.environ[HOME] = before
