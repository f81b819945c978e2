"""Shows the common part of Markdown as HTML in which nothing of the text is markup of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from dagbook.views.html import LINE, MONO, QUIET, TABLE, code_of
from dagbook.views.lettering import clean_block, cut

LONGEST = 20_000
# Lists in lists and quotes in quotes beyond this depth are shown as text.
DEEPEST = 6
LINK = 'target="_blank" rel="noopener noreferrer" style="text-decoration:underline"'
# A picture that the text itself carries; one from elsewhere is never loaded.
PICTURE = re.compile(
    r"!\[(?P<alt>[^\]\n]*)\]\((?P<data>data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*)\)"
)
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?<![\w*])[*_](?P<em>[^*_\n]+)[*_](?![\w*])"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<link>https?://[^\s()<>\"']+)\)"
)
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"#{1,6}\s+(.*)")
RULE = re.compile(r"\s*([-*_])(?:[ ]*\1){2,}\s*\Z")
ITEM = re.compile(r"(?P<indent>[ ]*)(?:[-*+]|(?P<number>\d{1,9})[.)])[ ]+(?P<text>.*)")
QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
BELOW_HEAD = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*\Z")
BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


def markdown_of(text: str) -> str:
    """Paragraphs, headings, lists, tables, quotes, code, emphasis, web links and pictures in the text.

    Any HTML in it shows as text.

    >>> markdown_of("**42** <b>rows</b>")
    '<p style="margin:4px 0"><strong>42</strong> &lt;b&gt;rows&lt;/b&gt;</p>'
    """
    parts = PICTURE.split(text)
    shown, room = [], LONGEST
    for place in range(0, len(parts), 3):
        shown.append(_text(cut(clean_block(parts[place]), room)))
        room = max(0, room - len(parts[place]))
        if place + 2 < len(parts):
            shown.append(_picture(parts[place + 1], parts[place + 2]))
    return "".join(shown)


def link_of(address: str) -> str:
    """A web address as a link; any other text as text, so that no script can be clicked."""
    shown = escape(address, quote=True)
    if re.match(r"https?://", address) is None:
        return shown
    return f'<a href="{shown}" {LINK}>{shown}</a>'


def _picture(alt: str, data: str) -> str:
    name = escape(clean_block(alt), quote=True)
    style = "max-width:100%;height:auto;background:#fff;border-radius:3px"
    return f'<img alt="{name}" src="{escape(data, quote=True)}" style="{style}">'


def _text(text: str) -> str:
    shown = []
    for place, part in enumerate(FENCE.split(text)):
        shown.append(code_of(part.rstrip("\n")) if place % 2 else _lines(part.splitlines(), 0))
    return "".join(shown)


def _lines(lines: Sequence[str], depth: int) -> str:
    return "".join(_shown(block, depth) for block in _blocks(lines))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines that belong together: one paragraph, list, table, quote, heading or rule each."""
    block: list[str] = []
    kind = ""
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else ""
        now = _kind(line, below, kind)
        if block and (now != kind or now in ("heading", "rule")):
            yield block
            block = []
        if now:
            block.append(line)
        kind = now
    if block:
        yield block


def _kind(line: str, below: str, before: str) -> str:
    """What a line is, by itself, the one below it, and what the one before it was."""
    if not line.strip():
        return ""
    if HEADING.match(line):
        return "heading"
    if before == "table" and "|" in line:
        return "table"
    if RULE.match(line):
        return "rule"
    if ITEM.match(line) or (before == "list" and line.startswith("  ")):
        return "list"
    if QUOTE.match(line):
        return "quote"
    if "|" in line and "|" in below and BELOW_HEAD.match(below):
        return "table"
    return "text"


def _shown(block: Sequence[str], depth: int) -> str:
    first = block[0]
    heading = HEADING.match(first)
    if heading:
        return f'<div style="font-weight:600;margin:6px 0 2px">{_inline(heading[1])}</div>'
    if RULE.match(first):
        return f'<div style="border-top:{LINE};margin:8px 0"></div>'
    if depth < DEEPEST and ITEM.match(first):
        return _list(block, depth)
    if depth < DEEPEST and QUOTE.match(first):
        inner = _lines([QUOTE.sub("", line, count=1) for line in block], depth + 1)
        return f'<div style="border-left:3px solid rgba(127,127,127,0.4);padding-left:10px;{QUIET}">{inner}</div>'
    if len(block) > 1 and "|" in first and BELOW_HEAD.match(block[1]):
        return _table(block)
    return f'<p style="margin:4px 0">{"<br>".join(_inline(line.strip()) for line in block)}</p>'


def _list(block: Sequence[str], depth: int) -> str:
    """A list; lines that stand further in than its first item belong to the item above them."""
    first = ITEM.match(block[0])
    assert first is not None
    items: list[tuple[str, list[str]]] = []
    for line in block:
        item = ITEM.match(line)
        if item is not None and len(item["indent"]) <= len(first["indent"]) + 1:
            items.append((item["text"], []))
        else:
            items[-1][1].append(line)
    body = "".join(
        f"<li>{_inline(text)}{_lines(_outdented(rest), depth + 1)}</li>" for text, rest in items
    )
    kind = "ul" if first["number"] is None else "ol"
    return f'<{kind} style="margin:4px 0 4px 20px;padding:0">{body}</{kind}>'


def _outdented(lines: Sequence[str]) -> list[str]:
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    return [line[min(indents) :] for line in lines]


def _table(block: Sequence[str]) -> str:
    head, marks, *rows = [_cells(line) for line in block]
    sides = [
        "right" if mark.endswith(":") and not mark.startswith(":") else "left" for mark in marks
    ]
    sides = [*sides, *["left"] * len(head)][: len(head)]
    parts = [f'<table style="{TABLE}"><thead><tr style="background:none">']
    parts += [_cell("th", text, side) for text, side in zip(head, sides, strict=True)]
    parts.append("</tr></thead><tbody>")
    for row in rows:
        full = [*row, *[""] * len(head)][: len(head)]
        cells = [_cell("td", text, side) for text, side in zip(full, sides, strict=True)]
        parts.append(f'<tr style="background:none">{"".join(cells)}</tr>')
    return f'<div style="overflow-x:auto">{"".join(parts)}</tbody></table></div>'


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in BETWEEN_CELLS.split(inner)]


def _cell(tag: str, text: str, side: str) -> str:
    style = (
        f"padding:3px 14px 3px 0;border:none;border-bottom:{LINE};color:inherit;text-align:{side}"
    )
    return f'<{tag} style="{style}">{_inline(text)}</{tag}>'


def _inline(line: str) -> str:
    shown, end = [], 0
    for match in INLINE.finditer(line):
        shown.append(escape(line[end : match.start()], quote=True))
        shown.append(_styled(match))
        end = match.end()
    return "".join([*shown, escape(line[end:], quote=True)])


def _styled(match: re.Match[str]) -> str:
    if match["code"] is not None:
        return f'<code style="{MONO}">{escape(match["code"], quote=True)}</code>'
    if match["strong"] is not None:
        return f"<strong>{escape(match['strong'], quote=True)}</strong>"
    if match["em"] is not None:
        return f"<em>{escape(match['em'], quote=True)}</em>"
    label, link = escape(match["label"], quote=True), escape(match["link"], quote=True)
    return f'<a href="{link}" {LINK}>{label}</a>'
