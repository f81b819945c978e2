"""A notebook as Markdown, with the values of its assets as they stand in the store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dagbook.export.cells import ExportCell, joined
from dagbook.export.mermaid import mermaid_of
from dagbook.export.standing import Standing
from dagbook.views.text import text_of

GRAPH = re.compile(r"^\s*%dag\b", re.M)
RUNS = re.compile(r"^\s*%(?:materialize|load_ext)\b")
_TICKS = re.compile(r"`{3,}")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def markdown_page(cells: Sequence[ExportCell], standing: Standing) -> str:
    """The page's text; a notebook without `%dag` has the graph at its end."""
    parts = [part for cell in cells for part in _cell(cell, standing)]
    if not any(GRAPH.search(cell.text) for cell in cells if cell.kind == "code"):
        parts.append(_graph(standing))
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _cell(cell: ExportCell, standing: Standing) -> Iterator[str]:
    if cell.kind != "code":
        yield cell.text
        return
    language = "sql" if re.match(r"%%\w+[^\n]*\s--sql\b", cell.text) else "python"
    yield fenced(cell.text, language)
    if GRAPH.search(cell.text):
        yield _graph(standing)
    elif cell.assets or cell.checks:
        yield from _kept(cell, standing)
    elif not RUNS.match(cell.text):
        yield from map(_output, cell.outputs)


def _graph(standing: Standing) -> str:
    return fenced(mermaid_of(standing.graph), "mermaid")


def _kept(cell: ExportCell, standing: Standing) -> Iterator[str]:
    for key in cell.assets:
        found = standing.value(key)
        said = standing.line(key)
        yield fenced(f"{said}\n\n{found.text}" if found else said, "text")
    checks = standing.checks(cell.checks)
    if checks is not None:
        yield fenced(text_of(checks), "text")


def _output(output: object) -> str:
    """What the file holds of an output as text."""
    if not isinstance(output, dict):
        return ""
    kind = output.get("output_type")
    if kind == "stream":
        text = joined(output.get("text", ""))
    elif kind == "error":
        text = "\n".join(map(str, output.get("traceback", ())))
    else:
        data = output.get("data", {})
        if "text/markdown" in data:
            return joined(data["text/markdown"])
        text = joined(data.get("text/plain", ""))
    text = _ESCAPES.sub("", text).rstrip()
    return fenced(text, "text") if text else ""


def fenced(text: str, language: str) -> str:
    """A block of code, whatever stands in it.

    >>> fenced("x", "sql")
    '```sql\\nx\\n```'
    """
    ticks = "`" * (max(map(len, _TICKS.findall(text)), default=2) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"
