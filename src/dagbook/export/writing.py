"""`dagbook render NOTEBOOK`: writes the notebook in the form that the target's name asks for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dagbook.engine.workspace import Workspace
from dagbook.errors.render import UnknownForm
from dagbook.export.as_html import html_page
from dagbook.export.as_markdown import markdown_page
from dagbook.export.as_python import python_module
from dagbook.export.cells import Use, read_cells
from dagbook.export.standing import Standing

FORMS = (".html", ".md", ".py")


def export_notebook(path: Path, target: Path, workspace: Workspace, uses: Sequence[Use]) -> None:
    """Write a notebook whose definitions are in `workspace`; `uses`: what its cells define.

    Raises UnknownForm, UnreadablePage, or NotPlainPython for the `.py` form; nothing is written then.
    """
    if target.suffix not in FORMS:
        raise UnknownForm(path=str(target), known=FORMS)
    cells = read_cells(path, uses)
    if target.suffix == ".py":
        # What is read through functions is found where statuses are asked for.
        workspace.standing()
        text = python_module(cells, workspace.graph, path.name)
    elif target.suffix == ".md":
        text = markdown_page(cells, Standing(workspace))
    else:
        text = html_page(cells, Standing(workspace), path.stem, path.parent)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(target)
