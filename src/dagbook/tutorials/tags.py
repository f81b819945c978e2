"""Tags of components as MDX has them: a name, attributes as text or as expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dagbook.records import dataclass

_OPEN = re.compile(r"<(/?)\s*([A-Z][\w.]*|details|summary)(?=[\s/>])")
_NAME = re.compile(r"[A-Za-z_][\w:.-]*")
_SPACE = re.compile(r"\s*")
_LITERAL = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|`([^`$]*)`|([\w.+-]+))\s*\Z""")
# A tag longer than this is none: it was never closed.
LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag and where it stands in the text; `kind` is open, close or alone."""

    name: str
    kind: str
    attributes: Mapping[str, str]
    start: int
    end: int


class UnclosedTag(Exception):
    """A tag that begins and has no end; the argument is where what stays open begins."""


def parse_tag(text: str, start: int) -> Tag | None:
    """The component's tag that begins here; None where none begins.

    Raises UnclosedTag for a tag without its `>`.

    >>> parse_tag('<Code path="a.py" lines={[1, 2]} />', 0).attributes
    {'path': 'a.py', 'lines': '[1, 2]'}
    """
    found = _OPEN.match(text, start)
    if found is None:
        return None
    attributes: dict[str, str] = {}
    limit = min(len(text), start + LONGEST)
    position = found.end()
    while True:
        position = _after_space(text, position)
        if position >= limit:
            raise UnclosedTag(start)
        if text[position] == ">" or text.startswith("/>", position):
            break
        position = _attribute(text, position, attributes, limit)
    alone = text[position] == "/"
    kind = "close" if found.group(1) else "alone" if alone else "open"
    end = position + 1 + alone
    return Tag(name=found.group(2), kind=kind, attributes=attributes, start=start, end=end)


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _attribute(text: str, position: int, into: dict[str, str], limit: int) -> int:
    """Read one attribute; gives the position after it."""
    if text[position] == "{":
        return _expression_end(text, position, limit)  # `{...more}`: nothing to be known of it
    found = _NAME.match(text, position)
    if found is None:
        raise UnclosedTag(position)
    name = found.group()
    position = _after_space(text, found.end())
    if not text.startswith("=", position):
        into[name] = "true"
        return position
    position = _after_space(text, position + 1)
    sign = text[position : position + 1]
    if sign == "{":
        end = _expression_end(text, position, limit)
        into[name] = literal(text[position + 1 : end - 1])
        return end
    if sign and sign in "\"'":
        end = text.find(sign, position + 1, limit)
        if end < 0:
            raise UnclosedTag(position)
        into[name] = text[position + 1 : end]
        return end + 1
    raise UnclosedTag(position)


def literal(expression: str) -> str:
    """What an expression says where it is a text or a number; else the expression.

    >>> literal("'a.py'"), literal("[1]")
    ('a.py', '[1]')
    """
    found = _LITERAL.match(expression)
    if found is None:
        return expression.strip()
    return next(part for part in found.groups() if part is not None)


def _expression_end(text: str, start: int, limit: int) -> int:
    """The position after the brace that closes the one at `start`; texts within are skipped."""
    depth, position = 0, start
    while position < limit:
        sign = text[position]
        if sign in "\"'`":
            position = text.find(sign, position + 1, limit)
            if position < 0:
                break
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    raise UnclosedTag(start)
