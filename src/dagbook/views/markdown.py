"""Shows the common part of Markdown as HTML in which nothing of the text is markup of its own."""

from __future__ import annotations

import re
from html import escape

from dagbook.views.html import LINE, MONO, code_of
from dagbook.views.lettering import clean_block, cut

LONGEST = 20_000
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?<![\w*])[*_](?P<em>[^*_\n]+)[*_](?![\w*])"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<link>https?://[^\s()<>\"']+)\)"
)
RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
CELL = "border:none;padding:3px 14px 3px 0;vertical-align:top"
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)


def markdown_of(text: str) -> str:
    """Paragraphs, headings, lists, tables, code, emphasis and web links; HTML in it shows as text.

    >>> markdown_of("**42** <b>rows</b>")
    '<p style="margin:4px 0"><strong>42</strong> &lt;b&gt;rows&lt;/b&gt;</p>'
    """
    parts = FENCE.split(cut(clean_block(text), LONGEST))
    shown = []
    for place, part in enumerate(parts):
        if place % 2:
            shown.append(code_of(part.rstrip("\n")))
        else:
            shown += [_block(block) for block in re.split(r"\n\s*\n", part) if block.strip()]
    return "".join(shown)


def link_of(address: str) -> str:
    """A web address as a link; any other text as text, so that no script can be clicked."""
    shown = escape(address, quote=True)
    if re.match(r"https?://", address) is None:
        return shown
    return f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _block(block: str) -> str:
    lines = [line.rstrip() for line in block.strip("\n").splitlines()]
    if all(re.match(r"\s*[-*+]\s+", line) for line in lines):
        return _list("ul", [re.sub(r"^\s*[-*+]\s+", "", line) for line in lines])
    if all(re.match(r"\s*\d+[.)]\s+", line) for line in lines):
        return _list("ol", [re.sub(r"^\s*\d+[.)]\s+", "", line) for line in lines])
    heading = re.match(r"#{1,6}\s+(.*)", lines[0])
    if heading:
        rest = _block("\n".join(lines[1:])) if lines[1:] else ""
        return f'<div style="font-weight:600;margin:6px 0 2px">{_inline(heading[1])}</div>{rest}'
    rule = next((at for at in range(1, len(lines)) if _is_rule(lines[at - 1], lines[at])), None)
    if rule is not None:
        above = _block("\n".join(lines[: rule - 1])) if rule > 1 else ""
        return above + _table(lines[rule - 1], lines[rule], lines[rule + 1 :])
    return f'<p style="margin:4px 0">{"<br>".join(map(_inline, lines))}</p>'


def _is_rule(head: str, line: str) -> bool:
    """Whether the line is what parts a table's head, the line above it, from its rows."""
    found = "|" in head and "|" in line and RULE.fullmatch(line.strip()) is not None
    return found and len(_cells(head)) == len(_cells(line))


def _cells(line: str) -> list[str]:
    inner = re.sub(r"^\||(?<!\\)\|$", "", line.strip())
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def _table(head: str, rule: str, rows: list[str]) -> str:
    """A table; its numbers stand on the side that the rule says."""
    right = [cell.endswith(":") and not cell.startswith(":") for cell in _cells(rule)]
    lines = [_row("th", head, right), *[_row("td", row, right) for row in rows]]
    style = "border-collapse:collapse;border:none;margin:4px 0;color:inherit"
    return f'<table style="{style}">{"".join(lines)}</table>'


def _row(kind: str, line: str, right: list[bool]) -> str:
    # As many as the head has: what is missing is empty, and what is too much is left out.
    cells = [*_cells(line), *[""] * len(right)][: len(right)]
    shown = "".join(
        f'<{kind} style="{CELL};text-align:{"right" if at else "left"}">{_inline(cell)}</{kind}>'
        for cell, at in zip(cells, right, strict=True)
    )
    return f'<tr style="background:none;border-bottom:{LINE}">{shown}</tr>'


def _list(kind: str, items: list[str]) -> str:
    body = "".join(f"<li>{_inline(item)}</li>" for item in items)
    return f'<{kind} style="margin:4px 0 4px 20px;padding:0">{body}</{kind}>'


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
    return f'<a href="{link}" target="_blank" rel="noopener noreferrer">{label}</a>'
