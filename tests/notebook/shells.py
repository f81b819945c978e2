"""A real IPython shell with dagbook loaded, and what its cells show."""

from __future__ import annotations

import atexit
import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from traitlets.config import Config

from dagbook.engine.current import workspace as current_workspace
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class CellShell(InteractiveShell):
    """A shell that knows of the cells it runs what a Jupyter front end tells a kernel."""

    cell_id: str | None = None

    def get_parent(self) -> dict[str, Any]:
        """The request that is being answered."""
        return {"metadata": {} if self.cell_id is None else {"cellId": self.cell_id}}


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a cell: its value (and that as data), its error, what it displayed and printed."""

    value: Any
    data: dict[str, Any] = field(repr=False)
    error: BaseException | None
    shown: list[dict[str, Any]] = field(repr=False)
    printed: str

    @property
    def text(self) -> str:
        """All that a terminal would show, top to bottom."""
        shown = [str(data.get("text/plain", "")) for data in self.shown]
        return "\n".join([*shown, self.printed]).strip()

    @property
    def html(self) -> str:
        """All that a notebook would show as HTML."""
        return "\n".join(str(data.get("text/html", "")) for data in [*self.shown, self.data])


class Notebook:
    """Cells run one after the other in a shell."""

    def __init__(self, shell: CellShell) -> None:
        self.shell = shell

    def __call__(self, text: str, *, cell: str | None = None, fails: bool = False) -> Ran:
        """Run a cell (`cell` is its id); one that raises fails the test, unless it `fails`."""
        ran = self.attempt(text, cell=cell)
        if ran.error is not None and not fails:
            raise AssertionError(f"{text}\n{ran.text}") from ran.error
        assert ran.error is not None or not fails, f"did not fail:\n{text}\n{ran.text}"
        return ran

    def attempt(self, text: str, *, cell: str | None = None) -> Ran:
        """Run a cell that may raise."""
        self.shell.cell_id = cell
        before, publisher = self.shell.display_pub, CapturingDisplayPublisher()
        out = io.StringIO()
        self.shell.display_pub = publisher
        try:
            with redirect_stdout(out), redirect_stderr(out):
                result: ExecutionResult = self.shell.run_cell(text, store_history=True)
        finally:
            self.shell.display_pub = before
        shown = [one["data"] for one in publisher.outputs]
        data: dict[str, Any] = {}
        if result.result is not None:
            data = self.shell.display_formatter.format(result.result)[0]
        error = result.error_before_exec or result.error_in_exec
        printed = _as_said(error, _COLOURS.sub("", out.getvalue()))
        return Ran(result.result, data, error, shown, printed)

    def message(self, text: str, *, cell: str | None = None) -> str:
        """What a cell that fails prints of its error."""
        return self(text, cell=cell, fails=True).printed.strip()

    @property
    def workspace(self) -> Workspace:
        """The workspace that the notebook works with."""
        return current_workspace()

    def state(self, key: str) -> str:
        """The state of an asset."""
        return self.workspace.status(key).state


def _as_said(error: BaseException | None, printed: str) -> str:
    """What is printed, with an error of ours as it was before its lines were made to fit a page."""
    if not isinstance(error, DagbookError):
        return printed
    said = re.compile(r"\s+".join(map(re.escape, str(error).split())))
    return said.sub(lambda _: str(error), printed)


@contextmanager
def opened_shell() -> Iterator[CellShell]:
    """A new shell in a main module of its own; the process's own comes back afterwards."""
    main = sys.modules["__main__"]
    InteractiveShell.clear_instance()
    config = Config(HistoryManager={"enabled": False})
    module = ModuleType("__main__")
    shell = CellShell.instance(config=config, user_module=module, colors="nocolor")
    try:
        yield shell
    finally:
        # Else each of hundreds of shells is kept, and taken down once more when the process ends.
        scripts: Any = shell.magics_manager.registry["ScriptMagics"]
        for waiting in (shell.atexit_operations, scripts.kill_bg_processes):
            atexit.unregister(waiting)
        shell.restore_sys_module_state()
        CellShell.clear_instance()
        sys.modules["__main__"] = main
