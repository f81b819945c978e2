"""A real IPython shell that says nothing by itself."""

from __future__ import annotations

import ast
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagbook.headless.notebook_file import Cell

# The tag of a cell that is meant to fail, as nbclient has it too.
EXPECTED_TO_RAISE = "raises-exception"
INLINE = "module://matplotlib_inline.backend_inline"
_CONTINUED = re.compile(r"^[ \t]*(?:[^\n=!%#]+=[ \t]*)?[!%](?:[^\n]*\\\n)+[^\n]*", re.M)


@contextmanager
def quiet_shell(notebook: Path) -> Iterator[Any]:
    """A shell in the notebook's folder, with nothing of the user's own configuration.

    Its namespace is the module `__main__`; folder, environment and `__main__` of this process are
    put back at the end.
    """
    # 0.3 s that other commands than those about notebooks need not pay.
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.Dagbook.on_define = "register"
    with tempfile.TemporaryDirectory(prefix="dagbook-") as own, place_of(notebook):
        shell = InteractiveShell.instance(config=config, ipython_dir=own)
        try:
            _hush(shell)
            # What cells display has no place to be shown.
            with capture_output(stdout=False, stderr=False, display=True):
                yield shell
        finally:
            shell.restore_sys_module_state()
            InteractiveShell.clear_instance()


def _hush(shell: Any) -> None:
    """Results of cells are not shown, and errors are told by whoever runs the cells."""
    shell.ast_node_interactivity = "none"
    shell.set_custom_exc((BaseException,), _say_nothing)
    shell.showtraceback = shell.showsyntaxerror = shell.showindentationerror = _say_nothing
    # IPython leaves event loops of user interfaces to its faces; this one has none.
    shell.enable_gui = lambda _gui=None: None


def _say_nothing(*_told: Any, **_how: Any) -> None:
    pass


@contextmanager
def place_of(notebook: Path) -> Iterator[None]:
    """Be where the notebook's kernel would be."""
    folder, path = Path.cwd(), list(sys.path)
    names = ("JPY_SESSION_NAME", "MPLBACKEND")
    before = {name: os.environ.get(name) for name in names}
    os.chdir(notebook.parent)
    try:
        home = Path.cwd()
        os.environ["JPY_SESSION_NAME"] = str(home / notebook.name)
        os.environ.setdefault("MPLBACKEND", INLINE)
        # As in a kernel: the folder of the moment.
        sys.path.insert(0, "")
        yield
    finally:
        os.chdir(folder)
        sys.path[:] = path
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_cell(shell: Any, cell: Cell, dropped: frozenset[int] = frozenset()) -> Any:
    """Run a cell under its number, without the statements at these places.

    Gives IPython's result; an interrupt is raised.
    """
    shell.execution_count = cell.number
    shell.get_parent = lambda: {"metadata": {"cellId": cell.id}}
    without = _Without(dropped)
    shell.ast_transformers.append(without)
    try:
        result = shell.run_cell(cell.text, store_history=True, cell_id=cell.id)
    finally:
        if without in shell.ast_transformers:
            shell.ast_transformers.remove(without)
    if isinstance(result.error_in_exec, KeyboardInterrupt):
        raise result.error_in_exec
    return result


class _Without(ast.NodeTransformer):
    """Takes statements out of the next cell that is compiled, which is the outermost one.

    So the others keep their lines, and the cell is still known by its text to tracebacks.
    """

    def __init__(self, dropped: frozenset[int]) -> None:
        self._dropped = dropped

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Module) and self._dropped:
            kept = [part for place, part in enumerate(node.body) if place not in self._dropped]
            node.body, self._dropped = kept, frozenset()
        return node


def parse_cell(shell: Any, text: str) -> ast.Module:
    """The cell as Python, its magics turned into calls; raises SyntaxError at the cell's line."""
    blank = len(text) - len(text.lstrip("\n"))
    with warnings.catch_warnings():
        # Told once more when the cell runs.
        warnings.simplefilter("ignore")
        source: str = shell.transform_cell(text.lstrip("\n"))
        if len(source.splitlines()) < len(text.strip("\n").splitlines()):
            # IPython makes one line of a command on several; the lines below it keep their numbers.
            source = shell.transform_cell(_CONTINUED.sub(_with_blank_lines, text.lstrip("\n")))
        return ast.parse("\n" * blank + source)


def _with_blank_lines(command: re.Match[str]) -> str:
    return command[0] + "\n" * command[0].count("\n")
