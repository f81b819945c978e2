"""Code that a page includes by a line of text rather than by a component."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from dagbook.tutorials.snippets import Wanted

_SCISSORS = re.compile(
    r"^[ \t;]*-+8<-+[ \t]+[\"']([^\"':]+)(?::([\w-]+))?(?::([\w-]+))?[\"'][ \t]*$", re.M
)
_MACRO = re.compile(
    r"\s*\{\{\s*code_block\(\s*['\"]([^'\"]+)['\"]\s*(?:,\s*['\"]([^'\"]+)['\"])?.*?\)\s*\}\}\s*\Z",
    re.S,
)


def included_in(text: str) -> tuple[tuple[int, int, Wanted], ...]:
    """The lines of a block that stand for code elsewhere: from, to, what.

    >>> included_in('--8<-- "a.py:setup"')[0][2].section
    'setup'
    """
    found = []
    for line in _SCISSORS.finditer(text):
        path, first, last = line.groups()
        by_line = (first or "").isdecimal()
        asked = Wanted(
            path=path,
            section=None if by_line else first,
            first=int(first) if by_line and first else None,
            last=int(last) if last and last.isdecimal() else None,
        )
        found.append((line.start(), line.end(), asked))
    return tuple(found)


def macro(text: str) -> Wanted | None:
    """The code that a paragraph with nothing but `{{code_block(…)}}` stands for."""
    found = _MACRO.match(text)
    if found is None:
        return None
    path = found[1] if PurePosixPath(found[1]).suffix else f"{found[1]}.py"
    return Wanted(path=path, section=found[2])
