"""Pages for tests: what a text becomes, and the construct of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dagbook.tutorials.options import PageCell, PageOptions
from dagbook.tutorials.rendering import render_text

GOLDEN = Path(__file__).parent / "golden"


def cells(text: str, *, name: str = "page.mdx", **options: Any) -> tuple[PageCell, ...]:
    """The cells of a page with this text."""
    return render_text(text, Path(name), PageOptions(**options)).cells


def markdown(text: str, **options: Any) -> str:
    """The Markdown of a page without code that runs."""
    found = cells(text, **options)
    assert {cell.kind for cell in found} <= {"markdown"}
    return "\n\n".join(cell.text for cell in found)


def code(text: str, **options: Any) -> list[str]:
    """The code cells of a page."""
    return [cell.text for cell in cells(text, **options) if cell.kind == "code"]


def python(text: str) -> str:
    """A fenced block of Python."""
    return f"```python\n{text}\n```\n"
