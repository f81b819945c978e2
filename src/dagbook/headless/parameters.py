"""Parameters of a run: which ones a notebook takes, and the cell that sets them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import nearest
from dagbook.errors.headless import NoParametersCell, UnknownParameter
from dagbook.headless.notebook_file import INJECTED, Cell, NotebookFile

TAG = "parameters"


def parameters_cell(notebook: NotebookFile) -> Cell | None:
    """The first cell tagged `parameters`."""
    return next((cell for cell in notebook.cells if TAG in cell.tags), None)


def check_parameters(notebook: NotebookFile, given: Mapping[str, Any]) -> None:
    """Raise NoParametersCell or UnknownParameter for what the notebook does not take."""
    if not given:
        return
    cell = parameters_cell(notebook)
    if cell is None:
        raise NoParametersCell(path=str(notebook.path))
    known = _names_set(cell.text)
    for name in given:
        if name not in known:
            raise UnknownParameter(
                name=name, known=tuple(sorted(known)), suggestions=nearest(name, known)
            )


def _names_set(text: str) -> frozenset[str]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return frozenset()  # told as the fault of that cell, when all cells are parsed
    return may_read_before_binding(tree).assigned


def with_parameters(document: Any, given: Mapping[str, Any]) -> Any:
    """A copy of the notebook with a cell that sets these values after the tagged one.

    An earlier cell of that kind is replaced, so that a written notebook can be run again.
    """
    import nbformat.v4

    copied = deepcopy(document)
    if not given:
        return copied
    cells = [cell for cell in copied.cells if INJECTED not in cell.metadata.get("tags", ())]
    tagged = next(i for i, cell in enumerate(cells) if TAG in cell.metadata.get("tags", ()))
    source = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    cells.insert(tagged + 1, nbformat.v4.new_code_cell(source, metadata={"tags": [INJECTED]}))
    copied.cells = cells
    return copied
