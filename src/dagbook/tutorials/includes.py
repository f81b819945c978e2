"""Code that a page includes by a line of text rather than by a component."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from dagbook.tutorials.snippets import Wanted, line_number

_SCISSORS = re.compile(
    r"^[ \t;]*-+8<-+[ \t]+[\"']([^\"':]+)(?::([\w-]+))?(?::([\w-]+))?[\"'][ \t]*$", re.M
)
# As Markdown-Include and the pages of FastAPI and its relatives write it, with the lines wanted.
_BRACED = re.compile(
    r"^[ \t]*\{(?:!\s*([^\s!\[\]]+)((?:\[[^\]\n]*\])?)\s*!|\*\s*([^\s*]+)((?:[ \t]+\w+\[[^\]\n]*\])*)[ \t]*\*)\}"
    r"[ \t]*$",
    re.M,
)
# Several files, a line each, between two lines of scissors.
_CUT_OUT = re.compile(r"^[ \t]*-+8<-+[ \t]*\n((?:.*\n)*?)[ \t]*-+8<-+[ \t]*$", re.M)
# As the pages of dlt name a part of a file, which such marks enclose there.
_COMMENT = re.compile(r"\s*<!--\s*@@@DLT_SNIPPET\s+(\S+?)(?:::([\w-]+))?\s*-->\s*")
_LINES = re.compile(r"\bln(?:\[|:)([\d,:\s-]*)")
_RANGE = re.compile(r"(\d{1,9})\s*(?:[-:]\s*(\d{1,9}))?")
_MACRO = re.compile(
    r"\s*\{\{\s*code_block\(\s*['\"]([^'\"]+)['\"]\s*(?:,\s*['\"]([^'\"]+)['\"])?.*?\)\s*\}\}\s*\Z",
    re.S,
)


Included = tuple[int, int, tuple[Wanted, ...]]


def included_in(text: str) -> tuple[Included, ...]:
    """The lines of a block that stand for code elsewhere: from, to, what.

    >>> included_in('--8<-- "a.py:setup"')[0][2][0].section
    'setup'
    >>> [(part.first, part.last) for part in included_in("{!a.py[ln:1-3,7]!}")[0][2]]
    [(1, 3), (7, 7)]
    """
    found: list[Included] = []
    for line in _SCISSORS.finditer(text):
        path, first, last = line.groups()
        by_line = (first or "").isdecimal()
        asked = Wanted(
            path=path,
            section=None if by_line else first,
            first=line_number(first) if by_line else None,
            last=line_number(last),
        )
        found.append((line.start(), line.end(), (asked,)))
    for block in _CUT_OUT.finditer(text):
        paths = [line.strip() for line in block[1].splitlines() if line.strip()]
        parts = [Wanted(path=path) for path in paths if not path.startswith(";")]
        found.append((block.start(), block.end(), tuple(parts)))
    found += [(line.start(), line.end(), _braced(line)) for line in _BRACED.finditer(text)]
    return tuple(sorted(found, key=lambda each: each[0]))


def _braced(found: re.Match[str]) -> tuple[Wanted, ...]:
    path = found[1] or found[3]
    lines = _LINES.search(found[2] or found[4] or "")
    ranges = _RANGE.findall(lines[1]) if lines else []
    parts = [Wanted(path=path, first=int(a), last=int(b or a)) for a, b in ranges]
    return tuple(parts) or (Wanted(path=path),)


def macro(text: str) -> tuple[Wanted, ...]:
    """The code that a paragraph with nothing but `{{code_block(…)}}` stands for."""
    found = _MACRO.match(text)
    if found is None:
        return ()
    path = found[1] if PurePosixPath(found[1]).suffix else f"{found[1]}.py"
    return (Wanted(path=path, section=found[2]),)


def comment(text: str, page: str) -> Wanted | None:
    """The code that a comment of a page stands for; of a name alone, that in the page's own file.

    >>> comment("<!--@@@DLT_SNIPPET ./a.py::load-->", "page.md").section
    'load'
    >>> comment("<!--@@@DLT_SNIPPET load-->", "page.md").path
    'page-snippets.py'
    """
    found = _COMMENT.fullmatch(text)
    if found is None or found[2] or PurePosixPath(found[1]).suffix:
        return Wanted(path=found[1], section=found[2]) if found is not None else None
    return Wanted(path=f"{PurePosixPath(page).stem}-snippets.py", section=found[1])
