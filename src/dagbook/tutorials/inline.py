"""Rewrites the links, images and components of a paragraph where they stand, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

from dagbook.records import dataclass
from dagbook.tutorials.tags import Tag, UnclosedTag, literal, parse_tag

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

# A paragraph longer than this is data rather than prose, and stays as it is.
LONGEST = 100_000
_WORTH = re.compile(r"[\[<{]")
_EXPRESSION = re.compile(r"\{(/\*.*?\*/|\s*(?:\"[^\"]*\"|'[^']*'|`[^`$]*`)\s*)\}", re.S)
_ADDRESS = re.compile(r"""\b(href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


class Addresses(Protocol):
    """Where links and images are to lead."""

    def link(self, address: str) -> str:
        """The address that a link is to have."""

    def image(self, address: str) -> str:
        """The address that an image is to have."""


class Changes(Addresses, Protocol):
    """What becomes of the parts of a paragraph."""

    def alone(self, tag: Tag) -> str:
        """What stands in place of a component without children."""

    def around(self, tag: Tag) -> tuple[str, str]:
        """What stands before and after the children of a component."""


@dataclass(slots=True)
class _Edits:
    """What is to be replaced in the text: from, to, by what; and the tags on the way."""

    text: str
    changes: Changes
    found: list[tuple[int, int, str]] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)

    def put(self, start: int, end: int, text: str) -> None:
        if self.text[start:end] != text:
            self.found.append((start, end, text))

    def applied(self) -> str:
        parts, position = [], 0
        for start, end, text in sorted(self.found):
            if start >= position:
                parts += [self.text[position:start], text]
                position = end
        return "".join([*parts, self.text[position:]])


class InlineRewriter:
    """Rewrites paragraphs of one page, whose link definitions are `references`."""

    def __init__(self, references: Mapping[str, Any], changes: Changes) -> None:
        self._references = dict(references)
        self._changes = changes
        self._parser: MarkdownIt | None = None

    def rewrite(self, text: str) -> str:
        """The paragraph with its parts changed."""
        if len(text) > LONGEST or not _WORTH.search(text):
            return text
        self._parser = self._parser or _parser()
        edits = _Edits(text, self._changes)
        env: dict[str, Any] = {"references": self._references, "edits": edits}
        self._parser.inline.parse(text, self._parser, env, [])
        _pair(edits)
        return edits.applied()


def html_rewritten(text: str, changes: Addresses) -> str:
    """HTML with the addresses in its tags changed.

    The tags themselves stay as they are.
    """

    def changed(found: re.Match[str]) -> str:
        address = found[2] if found[2] is not None else found[3]
        new = changes.image(address) if found[1] == "src" else changes.link(address)
        return f'{found[1]}="{new}"'

    return _ADDRESS.sub(changed, text)


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.inline.ruler.at("link", _link)
    parser.inline.ruler.at("image", _image)
    parser.inline.ruler.at("html_inline", _html)
    parser.inline.ruler.before("html_inline", "component", _component)
    parser.inline.ruler.before("html_inline", "expression", _expression)
    # What is only text need not be taken apart.
    parser.inline.ruler.disable(["entity", "newline"])
    return parser


def _edits(state: StateInline) -> _Edits | None:
    """The edits, where it is the paragraph itself that is parsed, and no text within it."""
    edits = state.env["edits"]
    return edits if isinstance(edits, _Edits) and edits.text is state.src else None


def _link(state: StateInline, silent: bool) -> bool:
    from markdown_it.rules_inline import link

    return _addressed(state, silent, link, "link_open", "href")


def _image(state: StateInline, silent: bool) -> bool:
    from markdown_it.rules_inline import image

    return _addressed(state, silent, image, "image", "src")


def _addressed(state: StateInline, silent: bool, rule: Any, type: str, attribute: str) -> bool:
    """Let the parser's own rule read it, and note what became of the part after its label."""
    edits = None if silent else _edits(state)
    sign = "![" if type == "image" else "["
    if edits is None or not state.src.startswith(sign, state.pos):
        return bool(rule(state, silent))
    begin = state.pos + len(sign) - 1
    closing = state.md.helpers.parseLinkLabel(state, begin, type != "image")
    before = len(state.tokens)
    if not rule(state, silent):
        return False
    token = next(each for each in state.tokens[before:] if each.type == type)
    address, title = str(token.attrs[attribute]), str(token.attrs.get("title", ""))
    change = edits.changes.image if type == "image" else edits.changes.link
    new = change(address)
    is_reference = not state.src.startswith("(", closing + 1)
    if new != address or is_reference:
        quoted = title.replace('"', "&quot;")
        edits.put(closing, state.pos, f"]({new}" + (f' "{quoted}")' if title else ")"))
    return True


def _html(state: StateInline, silent: bool) -> bool:
    from markdown_it.rules_inline import html_inline

    start = state.pos
    if not html_inline(state, silent):
        return False
    edits = None if silent else _edits(state)
    if edits is not None:
        edits.put(start, state.pos, html_rewritten(state.src[start : state.pos], edits.changes))
    return True


def _component(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    try:
        tag = parse_tag(state.src, state.pos)
    except UnclosedTag:
        return False
    if tag is None or tag.end > state.posMax:
        return False
    edits = None if silent else _edits(state)
    if edits is not None:
        edits.tags.append(tag)
    state.pos = tag.end
    return True


def _expression(state: StateInline, silent: bool) -> bool:
    """A comment of MDX says nothing; a text in braces is that text."""
    if state.src[state.pos] != "{":
        return False
    found = _EXPRESSION.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    edits = None if silent else _edits(state)
    if edits is not None:
        said = "" if found[1].startswith("/*") else literal(found[1])
        edits.put(state.pos, found.end(), said)
    state.pos = found.end()
    return True


def _pair(edits: _Edits) -> None:
    """Put words in place of tags; one that opens and does not close is left as text."""
    opened: list[Tag] = []
    for tag in edits.tags:
        if tag.kind == "alone":
            edits.put(tag.start, tag.end, edits.changes.alone(tag))
        elif tag.kind == "open":
            opened.append(tag)
        elif any(each.name == tag.name for each in opened):
            while opened and (first := opened.pop()).name != tag.name:
                pass
            before, after = edits.changes.around(first)
            edits.put(first.start, first.end, before)
            edits.put(tag.start, tag.end, after)
