"""Rendered cells as a notebook's file, its pictures beside it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagbook.tutorials.options import PageCell, PageOptions, RenderedPage
from dagbook.tutorials.rendering import render_page

# The folder of a notebook's pictures is called like the notebook, with this at the end.
BESIDE = "_files"


def write_notebook(page: Path, target: Path, options: PageOptions) -> RenderedPage:
    """Render a page to a notebook; nothing is written where it can't be rendered.

    Raises UnreadablePage, PageSyntaxError, SnippetMissing or SnippetOutside.
    """
    beside = f"{target.stem}{BESIDE}"
    rendered = render_page(page, options, beside=beside)
    target.parent.mkdir(parents=True, exist_ok=True)
    if rendered.pictures:
        folder = target.parent / beside
        folder.mkdir(exist_ok=True)
        for name, file in rendered.pictures.items():
            shutil.copyfile(file, folder / name)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    unfinished.write_text(notebook_text(rendered, page.name), encoding="utf-8")
    unfinished.replace(target)
    return rendered


def notebook_text(rendered: RenderedPage, page: str) -> str:
    """The notebook's file as text; equal pages give equal bytes."""
    document = {
        "cells": [_cell(cell, place) for place, cell in enumerate(rendered.cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "dagbook": {"rendered_from": page, **_plain(rendered.front)},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _cell(cell: PageCell, place: int) -> dict[str, Any]:
    metadata: dict[str, Any] = {"dagbook": {"line": cell.at.line}} if cell.at.line else {}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    # An id of the place and the text, so that rendering again changes only what has changed.
    digest = hashlib.sha256(f"{place}\0{cell.text}".encode()).hexdigest()[:8]
    own: dict[str, Any] = {"cell_type": cell.kind, "id": digest, "metadata": metadata}
    if cell.kind == "code":
        own |= {"execution_count": None, "outputs": []}
    return own | {"source": cell.text.splitlines(keepends=True)}


def _plain(front: Mapping[str, Any]) -> dict[str, Any]:
    """What the front matter says in one line each."""
    plain = {
        str(key): value for key, value in front.items() if isinstance(value, str | int | float)
    }
    return {"front_matter": plain} if plain else {}
