"""Parameters of a run: which ones a notebook takes, and the cell that sets them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from dagbook.cells.reads import may_read_before_binding
from dagbook.errors.base import nearest
from dagbook.errors.headless import NoParametersCell, UnknownParameter
from dagbook.headless.notebook_file import INJECTED, Cell, NotebookFile

TAG = "parameters"


def with_parameters(notebook: NotebookFile, given: Mapping[str, Any]) -> tuple[Cell, ...]:
    """The cells of the notebook, after the tagged one a cell that sets these values.

    An earlier cell of that kind is replaced, so that a written notebook can be run again.
    Raises NoParametersCell or UnknownParameter for what the notebook does not take.
    """
    if not given:
        return notebook.cells
    cells = [cell for cell in notebook.cells if INJECTED not in cell.tags]
    tagged = next((place for place, cell in enumerate(cells) if TAG in cell.tags), None)
    if tagged is None:
        raise NoParametersCell(path=str(notebook.path))
    cell = cells[tagged]
    _check(cell.text, given)
    cells.insert(tagged + 1, Cell(number=cell.number, id=INJECTED, text=source_of(given)))
    return tuple(cells)


def source_of(given: Mapping[str, Any]) -> str:
    """The text of a cell that sets these values.

    >>> source_of({"year": 2013})
    'year = 2013'
    """
    return "\n".join(f"{name} = {value!r}" for name, value in given.items())


def inject(document: Any, given: Mapping[str, Any]) -> None:
    """Put such a cell into a notebook as nbformat has it, which is known to take these values."""
    import nbformat.v4

    if given:
        cells = [cell for cell in document.cells if INJECTED not in _tags(cell)]
        tagged = next(place for place, cell in enumerate(cells) if TAG in _tags(cell))
        setting = nbformat.v4.new_code_cell(source_of(given), metadata={"tags": [INJECTED]})
        cells.insert(tagged + 1, setting)
        document.cells = cells


def _tags(cell: Any) -> Any:
    return cell.metadata.get("tags", ())


def _check(text: str, given: Mapping[str, Any]) -> None:
    try:
        known = may_read_before_binding(ast.parse(text)).assigned
    except SyntaxError:
        return  # told as the fault of that cell, when all cells are parsed
    for name in given:
        if name not in known:
            raise UnknownParameter(
                name=name, known=tuple(sorted(known)), suggestions=nearest(name, known)
            )
