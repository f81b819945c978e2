"""Shows the common part of Markdown as HTML in which nothing of the text is markup of its own."""

from __future__ import annotations

import re
from html import escape

from dagbook.views.html import MONO, code_of
from dagbook.views.lettering import clean_block, cut

LONGEST = 20_000
INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|(?<![\w*])[*_](?P<em>[^*_\n]+)[*_](?![\w*])"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<link>https?://[^\s()<>\"']+)\)"
)
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)


def markdown_of(text: str) -> str:
    """Paragraphs, headings, lists, code, emphasis and web links; any HTML in it shows as text.

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
    return f'<p style="margin:4px 0">{"<br>".join(map(_inline, lines))}</p>'


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
