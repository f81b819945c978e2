"""From a page's text to its tree and what its front matter says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from dagbook.errors.base import Place
from dagbook.errors.render import PageSyntaxError
from dagbook.records import dataclass
from dagbook.tutorials.growing import Growing
from dagbook.tutorials.nodes import Node
from dagbook.tutorials.rules import DEEPEST, Broken, page_parser
from dagbook.tutorials.spreading import spread

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_SITES = re.compile(r"^\s*(?:<[A-Z]|:::)", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was read; `references` are the link definitions, lower case, without sign."""

    name: str
    nodes: tuple[Node, ...]
    front: Mapping[str, Any] = field(default_factory=dict)
    references: Mapping[str, Any] = field(default_factory=dict)
    imports: tuple[str, ...] = ()


def read_page(text: str, name: str, *, first: int = 1) -> Page:
    """Parse a page; `name` is what messages call it, `first` the number of its first line.

    Raises PageSyntaxError, with line and column.

    >>> read_page("# Flights", "page.md").nodes[0].text
    'Flights'
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front, skipped = _front_matter(text, name)
    if skipped:
        text = "\n" * text.count("\n", 0, skipped) + text[skipped:]
    lines = text.split("\n")
    spread_out = spread(text)
    indented = not name.endswith(".mdx") and not _SITES.search(text)
    references: dict[str, Any] = {}
    try:
        tokens = page_parser(indented_code=indented).parse("\n".join(spread_out.lines), references)
        _refuse_deep(tokens)
        numbers = [number + first - 1 for number in spread_out.numbers]
        growing = Growing(numbers)
        nodes = growing.tree(tokens)
    except Broken as fault:
        number = spread_out.numbers[min(fault.line, len(spread_out.numbers) - 1)]
        text = lines[number - 1][:300]
        place = Place(where=name, line=number + first - 1, column=fault.column, text=text)
        raise PageSyntaxError(place=place, problem=fault.problem) from None
    return Page(
        name=name,
        nodes=nodes,
        front=front,
        references=references.get("references", {}),
        imports=tuple(growing.imports),
    )


def _refuse_deep(tokens: Sequence[Token]) -> None:
    """The parser leaves out, without a word, what is nested deeper than it goes."""
    for token in tokens:
        if token.level >= DEEPEST - 1 and token.map:
            raise Broken(token.map[0], 0, f"This is nested deeper than {DEEPEST} levels")


def _front_matter(text: str, name: str) -> tuple[Mapping[str, Any], int]:
    """What stands between the first two lines of three hyphens, and where it ends."""
    found = _FRONT.match(text)
    if found is None:
        return {}, 0
    import yaml

    try:
        loaded = yaml.safe_load(found[1] or "")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        at = Place(
            where=name,
            line=line,
            column=mark.column if mark else 0,
            text=text.split("\n")[line - 1][:300],
        )
        problem = getattr(error, "problem", None) or "it can't be read"
        raise PageSyntaxError(place=at, problem=f"The front matter is no YAML: {problem}") from None
    return (loaded if isinstance(loaded, dict) else {}), found.end()
