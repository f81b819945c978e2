"""Gives block components lines of their own, so that what stands within them is parsed as blocks."""

from __future__ import annotations

import re

from dagbook.records import dataclass
from dagbook.tutorials.vocabulary import BLOCKS

_TAG = re.compile(
    rf"</?\s*(?:{'|'.join(sorted(BLOCKS))})(?=[\s/>])(?:\"[^\"]*\"|'[^']*'|\{{[^{{}}]*\}}|[^>\"'{{}}])*>"
)
_FENCE = re.compile(r"\s*(?:(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})")
_LEAD = re.compile(r"\s*(?:>\s?)*\s*(?:(?:[-*+]|\d+[.)])\s+)*")
_MARK = re.compile(r"[^\s>]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The page's lines, and for each the number that it has in the page, from 1."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]


def spread(text: str) -> Spread:
    """Put each tag of a block component on a line of its own, outside fenced code.

    >>> spread("<Note>Mind this.</Note>").lines
    ('<Note>', 'Mind this.', '</Note>')
    """
    lines: list[str] = []
    numbers: list[int] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
            parts = [line]
        elif mark:
            fence, parts = mark[1], [line]
        else:
            parts = _parts(line) if "<" in line else [line]
        lines += parts
        numbers += [number] * len(parts)
    return Spread(lines=tuple(lines), numbers=tuple(numbers))


def _parts(line: str) -> list[str]:
    """The line cut at its block tags; a tag within `code` is none."""
    found = [tag for tag in _TAG.finditer(line) if line.count("`", 0, tag.start()) % 2 == 0]
    if not found or line.strip() == found[0].group():
        return [line]
    leading = _LEAD.match(line)
    lead = leading.group() if leading else ""
    parts, position = [], len(lead)
    for tag in found:
        parts += [line[position : tag.start()], tag.group()]
        position = tag.end()
    parts.append(line[position:])
    said = [part.strip() for part in parts if part.strip()]
    # The mark of an item stands once; the other parts belong to the item.
    return [lead + said[0], *[_MARK.sub(" ", lead) + part for part in said[1:]]]
