"""A notebook's file as its code cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dagbook.errors.base import Place
from dagbook.errors.headless import OtherLanguage, UnreadableNotebook
from dagbook.records import dataclass

# The tag of a cell that sets the parameters given from outside, as papermill has it too.
INJECTED = "injected-parameters"
MAJOR = 4


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
    """A notebook as it was read; the path is absolute."""

    path: Path
    cells: tuple[Cell, ...]


def read_notebook(path: Path) -> NotebookFile:
    """Read a notebook's code cells.

    Raises UnreadableNotebook where there is no such file or it is no notebook, and OtherLanguage
    where its kernel is not Python's.
    """

    def unreadable(problem: str) -> UnreadableNotebook:
        return UnreadableNotebook(path=str(path), problem=problem)

    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise unreadable(error.strerror or type(error).__name__) from None
    except ValueError:
        raise unreadable("it is not UTF-8 text") from None
    try:
        document = json.loads(text)
    except RecursionError:
        raise unreadable("it is too deeply nested") from None
    except ValueError:
        raise unreadable("it is not JSON") from None
    try:
        notebook = _of_this_format(document, text)
        cells = tuple(_code_cells(notebook))
    except _OtherStructure as error:
        raise unreadable(f"its structure is not a notebook's: {error}") from None
    language = _language(notebook.get("metadata"))
    if language is not None and "python" not in language.casefold():
        raise OtherLanguage(path=str(path), language=language)
    return NotebookFile(path=path.absolute(), cells=cells)


class _OtherStructure(Exception):
    """The JSON is not that of a notebook; the message says where."""


def _of_this_format(document: Any, text: str) -> Mapping[str, Any]:
    """The notebook in the format that we read; older ones are converted by nbformat."""
    major = document.get("nbformat") if isinstance(document, dict) else None
    if not isinstance(major, int):
        raise _OtherStructure("it names no nbformat")
    if major > MAJOR:
        raise _OtherStructure(f"nbformat {major} is newer than the {MAJOR} that is known")
    if major == MAJOR:
        return dict(document)
    # Its schema library takes a second to load, which notebooks of today need not wait for.
    import nbformat

    try:
        converted: Mapping[str, Any] = nbformat.reads(text, as_version=MAJOR)
    except Exception as error:
        # Foreign content makes the converter raise whatever its parts raise.
        raise _OtherStructure(str(error).strip().partition("\n")[0][:200]) from None
    return converted


def _language(metadata: Any) -> str | None:
    """The language of the notebook's kernel, as far as the notebook says it."""
    for part, name in (("kernelspec", "language"), ("language_info", "name")):
        found = metadata.get(part) if isinstance(metadata, dict) else None
        language = found.get(name) if isinstance(found, dict) else None
        if language and isinstance(language, str):
            return language
    return None


def _code_cells(document: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells with code; one that only sets given parameters takes the number before it."""
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise _OtherStructure("it has no list of cells")
    number = 0
    for place, cell in enumerate(cells):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise _OtherStructure(f"cell {place + 1} of all has no type")
        text = _text(cell.get("source"), place)
        # Jupyter gives a cell without code no number.
        if cell["cell_type"] == "code" and text.strip():
            tags = _tags(cell.get("metadata"))
            number += INJECTED not in tags
            name = str(cell.get("id") or f"cell-{place}")
            yield Cell(number=number, id=name, text=text, tags=tags)


def _text(source: Any, place: int) -> str:
    """The text of a cell, which files hold as one string or as its lines."""
    lines = [source] if isinstance(source, str) else source
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise _OtherStructure(f"cell {place + 1} of all has no text")
    return "".join(lines)


def _tags(metadata: Any) -> frozenset[str]:
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return frozenset(map(str, tags)) if isinstance(tags, list) else frozenset()
