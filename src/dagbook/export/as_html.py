"""A notebook as one page of HTML that needs no network, its values as they stand in the store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from dagbook.export.as_markdown import GRAPH, RUNS
from dagbook.export.cells import ExportCell, joined
from dagbook.export.pictures import with_pictures
from dagbook.export.sanitized import sanitized
from dagbook.export.standing import Standing
from dagbook.views.dag import dag_line
from dagbook.views.html import html_of

_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PICTURES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*\Z")
_STYLE = """
:root { color-scheme: light dark; --quiet: #7d8794; --paper: rgba(127,127,127,0.08) }
body { font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif;
  max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem }
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 0.75rem }
pre, code { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: 0.86rem }
pre { overflow-x: auto; padding: 0.75rem 1rem; border-radius: 6px; background: var(--paper);
  margin: 0.75rem 0; line-height: 1.5 }
pre code { font-size: inherit }
img, svg { max-width: 100% }
blockquote { margin: 1rem 0; padding: 0.1rem 1rem; border-left: 4px solid var(--quiet) }
table { border-collapse: collapse; font-size: 0.9rem }
.prose th, .prose td { border: 1px solid rgba(127,127,127,0.3); padding: 0.3rem 0.7rem }
.out { overflow-x: auto; margin: 0.5rem 0 1.5rem; padding-left: 1rem;
  border-left: 3px solid rgba(127,127,127,0.25) }
.out table.dataframe { border: none; font-size: 13px }
.out table.dataframe th, .out table.dataframe td { padding: 3px 14px 3px 0; text-align: right;
  border: none; border-bottom: 1px solid rgba(127,127,127,0.28) }
.out .state { font-weight: 600; font-size: 0.9rem }
figure { margin: 1rem 0; overflow-x: auto }
figcaption { color: var(--quiet); font-size: 0.85rem }
"""

_CODE = """pre.code { background: var(--paper) }
pre.code .err { border: 0; color: inherit; background: none }
"""


def html_page(cells: Sequence[ExportCell], standing: Standing, title: str, folder: Path) -> str:
    """The page's text; a notebook without `%dag` has the graph at its end.

    Pictures of `folder`, the notebook's own, become part of the page.
    """
    from pygments.formatters.html import HtmlFormatter

    parts = [part for cell in cells for part in _cell(cell, standing)]
    if not any(GRAPH.search(cell.text) for cell in cells if cell.kind == "code"):
        parts.append(_graph(standing))
    light = HtmlFormatter(style="default").get_style_defs("pre.code")
    dark = HtmlFormatter(style="github-dark").get_style_defs("pre.code")
    # The page's own paper stands behind code, in both themes; `$name` of a query is no mistake,
    # although the lexer of SQL knows no such thing.
    colours = f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_heading(cells) or title)}</title>\n"
        f"<style>{colours}{_STYLE}{_CODE}</style>\n</head>\n<body>\n"
        + with_pictures("\n".join(parts), folder)
        + "\n</body>\n</html>\n"
    )


def _heading(cells: Sequence[ExportCell]) -> str:
    for cell in cells:
        found = re.search(r"^#\s+(.+)$", cell.text, re.M) if cell.kind == "markdown" else None
        if found:
            return found[1].strip()
    return ""


def _cell(cell: ExportCell, standing: Standing) -> Iterator[str]:
    if cell.kind == "markdown":
        yield f'<div class="prose">{_prose(cell.text)}</div>'
        return
    if cell.kind == "raw" or not cell.text.strip():
        return
    yield _code(cell.text)
    if GRAPH.search(cell.text):
        yield _graph(standing)
    elif cell.assets or cell.checks:
        yield f'<div class="out">{"".join(_kept(cell, standing))}</div>'
    elif not RUNS.match(cell.text):
        shown = "".join(map(_output, cell.outputs))
        if shown:
            yield f'<div class="out">{shown}</div>'


def _prose(text: str) -> str:
    """Markdown as HTML; what HTML it holds is cleaned together with it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrs["id"] = tokens[place + 1].content.replace(" ", "-")
    return sanitized(parser.renderer.render(tokens, parser.options, {}))


def _code(text: str) -> str:
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    language = "sql" if re.match(r"%%\w+[^\n]*\s--sql\b", text) else "python"
    header, body = "", text
    if text.startswith("%%"):
        header, _, body = text.partition("\n")
        header = f'<span class="k">{escape(header)}</span>\n'
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    coloured = highlight(body, lexer, HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{header}{coloured}</code></pre>'


def _graph(standing: Standing) -> str:
    caption = escape(dag_line(standing.graph))
    return f"<figure>{standing.picture}<figcaption>{caption}</figcaption></figure>"


def _kept(cell: ExportCell, standing: Standing) -> Iterator[str]:
    for key in cell.assets:
        yield f'<div class="state">{escape(standing.line(key))}</div>'
        found = standing.value(key)
        if found is not None:
            yield found.html or f"<pre>{escape(found.text)}</pre>"
    checks = standing.checks(cell.checks)
    if checks is not None:
        yield html_of(checks)


def _output(output: Any) -> str:
    """What the file holds of an output; HTML in it is cleaned, scripts and widgets are not shown."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind == "stream":
        return _text(joined(output.get("text", "")))
    if kind == "error":
        return _text("\n".join(map(str, output.get("traceback", ()))))
    data = output.get("data", {}) if kind else {}
    for picture in _PICTURES:
        encoded = joined(data.get(picture, ""))
        if encoded and _BASE64.match(encoded):
            return f'<img alt="" src="data:{picture};base64,{"".join(encoded.split())}">'
    if "text/html" in data:
        return sanitized(joined(data["text/html"]))
    if "text/markdown" in data:
        return _prose(joined(data["text/markdown"]))
    return _text(joined(data.get("text/plain", "")))


def _text(text: str) -> str:
    shown = _ESCAPES.sub("", text).rstrip()
    return f"<pre>{escape(shown)}</pre>" if shown else ""
