"""The pages that Sphinx is given: notebooks with their outputs, texts of the repository, references."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from notebooks.site.areas import reference_pages

_HEADING = re.compile(r"^#\s+(.+?)\s*$", re.M)
_LINK = re.compile(r"(\]\()(?![a-z][a-z0-9+.-]*:|#)([^)#\s]*)")
_FENCE = re.compile(r"^(\s*`{3,})python[ \t]*$", re.M)
_NUMBERED = re.compile(r"\d\d_")
_WIDGET = "application/vnd.jupyter.widget-view+json"
# Texts of the repository that are pages of the site as well, and what these are called.
TEXTS = {"README.md": "index", "CHANGELOG.md": "changelog", "CONTRIBUTING.md": "contributing"}
COMMANDS = ("run", "render", "status", "lab", "gc", "check-store")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookPage:
    """A notebook as a page of the site."""

    name: str
    title: str
    says: str


def write_sources(folder: Path, books: Sequence[Path], texts: Path) -> None:
    """Fill `folder` with all pages; `books` have been run, `texts` holds README.md and the others."""
    pages = [_notebook(book, folder) for book in books]
    reference = folder / "api"
    reference.mkdir()
    for name, text in reference_pages().items():
        (reference / f"{name}.rst").write_text(text, encoding="utf-8")
    (folder / "command_line.md").write_text(_command_line(), encoding="utf-8")
    for file, name in TEXTS.items():
        text = _relinked((texts / file).read_text(encoding="utf-8"), "")
        if name == "index":
            text += _contents(pages)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def _notebook(file: Path, folder: Path) -> NotebookPage:
    """Write a notebook as the site shows it, and tell what it is called."""
    book = nbformat.read(file, as_version=4)
    texts = [cell for cell in book.cells if cell.cell_type == "markdown"]
    first = next((cell for cell in texts if _HEADING.search(cell.source)), None)
    heading = _HEADING.search(first.source) if first else None
    if first is None or heading is None:
        raise ValueError(f"{file.name} has no heading (# …) that could be its title.")
    says = first.source[heading.end() :].strip().partition("\n\n")[0]
    for cell in texts:
        cell.source = _relinked(cell.source, "notebooks/")
    original = folder / "_originals"
    original.mkdir(exist_ok=True)
    shutil.copyfile(file, original / file.name)
    download = f"\n\n{{download}}`Download this notebook <_originals/{file.name}>`\n\n"
    first.source = _HEADING.sub(lambda found: found[0] + download, first.source, count=1)
    for cell in book.cells:
        if cell.cell_type == "code":
            # The live graph is nothing without a kernel; its picture stands above it.
            cell.outputs = [each for each in cell.outputs if _WIDGET not in each.get("data", ())]
    book.metadata["language_info"] = {"name": "python", "pygments_lexer": "dagbook"}
    nbformat.write(book, folder / file.name)
    return NotebookPage(name=file.stem, title=heading[1], says=_first_sentence(says))


def _relinked(text: str, folder: str) -> str:
    """The text with its links to files of the repository led to the pages that these have become."""

    def led(found: Any) -> str:
        parts: list[str] = []
        for part in (folder + found[2]).split("/"):
            parts = parts[:-1] if part == ".." else [*parts, part] if part != "." else parts
        path = "/".join(parts)
        target = f"{TEXTS[path]}.md" if path in TEXTS else path.removeprefix("notebooks/")
        return f"{found[1]}{target}"

    # Python with magics, which have colours of their own here.
    return _FENCE.sub(r"\1dagbook", _LINK.sub(led, text))


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?:])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(":")


def _contents(pages: Sequence[NotebookPage]) -> str:
    """The list of pages at the end of the first one, and the tree of contents that it stands for."""
    tutorials = [page for page in pages if _NUMBERED.match(page.name)]
    others = [page for page in pages if page not in tutorials]
    return (
        "\n## The pages of this site\n\n"
        + "".join(f"- [{page.title}]({page.name}.ipynb): {page.says}\n" for page in pages)
        + "- [API reference](api/index.rst)\n- [Command line](command_line.md)\n"
        + _tree("Tutorials", [page.name for page in tutorials])
        + _tree("Reference", [*(page.name for page in others), "api/index", "command_line"])
        + _tree("Project", [name for name in TEXTS.values() if name != "index"])
    )


def _tree(caption: str, names: Iterable[str]) -> str:
    lines = "\n".join(names)
    return f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def _command_line() -> str:
    """What each command says of itself."""
    parts = ["# Command line", "What `dagbook COMMAND --help` says."]
    for command in COMMANDS:
        ran = subprocess.run(
            [sys.executable, "-m", "dagbook", command, "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "COLUMNS": "92", "NO_COLOR": "1"},
        )
        parts.append(f"## dagbook {command}\n\n```text\n{ran.stdout.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"
