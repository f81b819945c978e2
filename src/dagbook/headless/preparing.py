"""From a notebook's file to the workspace that its definitions make."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagbook.definitions.current import surroundings
from dagbook.engine.current import workspace as current_workspace
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.errors.headless import CellNotPython
from dagbook.headless.cell_faults import not_python, raise_together
from dagbook.headless.cells_in_order import CellsInOrder, CellUse, LeftOut
from dagbook.headless.magics import defines, expanded
from dagbook.headless.notebook_file import Cell, read_notebook
from dagbook.headless.parameters import with_parameters
from dagbook.headless.shell import EXPECTED_TO_RAISE, parse_cell, quiet_shell
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A notebook whose definitions are in `workspace`; `notes` say what a reader should know.

    `cells` are its code cells with what each defines.
    """

    path: Path
    workspace: Workspace
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    cells: tuple[CellUse, ...] = ()


@contextmanager
def open_notebook(
    path: Path, parameters: Mapping[str, Any], *, forgiving: bool = False
) -> Iterator[Prepared]:
    """Run a notebook's definitions, and what they need, in a shell of their own.

    Cells that define run, and ordinary cells but for what runs, shows or reads assets. Nothing is
    materialized. `parameters` are set after the cell tagged `parameters`. `forgiving`: an ordinary
    cell that raises is left out, as one that only shows something may need what was not run.
    Raises UnreadableNotebook; UnknownParameter or NoParametersCell; CellNotPython, CellRefused or
    DuplicateKey (NotebookFaults for several of them); CellRaised for an ordinary cell's error;
    StoreError where the store can't be opened.
    """
    notebook = read_notebook(path)
    cells = with_parameters(notebook, parameters)
    with quiet_shell(notebook.path) as shell:
        trees = _parsed(shell, cells)
        shell.extension_manager.load_extension("dagbook")
        try:
            made: list[Any] = []
            running = CellsInOrder(shell, trees, cells, made, forgiving)
            with _heard(made):
                running.run()
            yield Prepared(
                path=notebook.path,
                workspace=current_workspace(),
                left_out=tuple(running.left_out),
                notes=tuple(running.missing_variables()),
                cells=tuple(running.uses()),
            )
        finally:
            shell.extension_manager.unload_extension("dagbook")


@contextmanager
def _heard(made: list[Any]) -> Iterator[None]:
    """Hear, beside the extension, of the definitions that decorators make."""
    before = surroundings.made

    def hear(definition: Any) -> None:
        made.append(definition)
        if before is not None:
            before(definition)

    surroundings.made = hear
    try:
        yield
    finally:
        surroundings.made = before


def _parsed(shell: Any, cells: tuple[Cell, ...]) -> dict[str, ast.Module]:
    """The trees of all ordinary cells by id; raises what is wrong with any of them."""
    trees: dict[str, ast.Module] = {}
    faults: list[DagbookError] = []
    for cell in cells:
        if defines(cell.text):
            continue
        try:
            trees[cell.id] = expanded(parse_cell(shell, cell.text), shell.transform_cell)
        except SyntaxError as error:
            if EXPECTED_TO_RAISE not in cell.tags:
                faults.append(not_python(cell, error))
        except (ValueError, RecursionError, MemoryError) as error:
            problem = str(error) or "it is too deeply nested"
            faults.append(CellNotPython(place=cell.place(), problem=problem))
    raise_together(faults)
    return trees
