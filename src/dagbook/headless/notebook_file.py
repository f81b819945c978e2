"""A notebook's file as its code cells."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagbook.errors.base import Place
from dagbook.errors.headless import UnreadableNotebook

# The tag of a cell that sets the parameters given from outside, as papermill has it too.
INJECTED = "injected-parameters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A code cell; `number` is the one that *Run All* on a fresh kernel shows beside it."""

    number: int
    id: str
    text: str
    tags: frozenset[str] = frozenset()

    @property
    def where(self) -> str:
        """The cell, in the words in which definitions name their place."""
        return f"cell [{self.number}]"

    def place(self, line: int | None = None) -> Place:
        """The cell as a place, or a line of it."""
        return Place(where=self.where, line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookFile:
    """A notebook as it was read; `document` is the whole of it, as nbformat has it."""

    path: Path
    cells: tuple[Cell, ...]
    document: Any = field(repr=False, compare=False)


def read_notebook(path: Path) -> NotebookFile:
    """Read a notebook of any nbformat.

    Raises UnreadableNotebook where there is no such file or it is no notebook.
    """
    # 0.2 s that other commands than those about notebooks need not pay.
    import nbformat
    from nbformat.reader import NotJSONError

    def unreadable(problem: str) -> UnreadableNotebook:
        return UnreadableNotebook(path=str(path), problem=problem)

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise unreadable(error.strerror or type(error).__name__) from None
    except ValueError:
        raise unreadable("it is not UTF-8 text") from None
    try:
        with warnings.catch_warnings():
            # Cells without ids and the like are no matter for whoever runs them.
            warnings.simplefilter("ignore")
            document = nbformat.reads(text, as_version=4)
        cells = cells_of(document)
    except NotJSONError:
        raise unreadable("it is not JSON") from None
    except RecursionError:
        raise unreadable("it is too deeply nested") from None
    except Exception as error:
        # Foreign JSON makes nbformat raise whatever its parts raise.
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        raise unreadable(f"its structure is not a notebook's ({first[:200]})") from None
    return NotebookFile(path=path.absolute(), cells=cells, document=document)


def cells_of(document: Any) -> tuple[Cell, ...]:
    """The cells with code; one that only sets given parameters takes the number before it."""
    found: list[Cell] = []
    number = 0
    for place, cell in enumerate(document.cells):
        # Jupyter gives a cell without code no number.
        if cell.cell_type == "code" and cell.source.strip():
            tags = frozenset(map(str, cell.metadata.get("tags", ())))
            number += INJECTED not in tags
            name = str(cell.get("id") or f"cell-{place}")
            found.append(Cell(number=number, id=name, text=cell.source, tags=tags))
    return tuple(found)
