"""What pages of sites have beyond Markdown, as rules of markdown-it: each gives one kind of token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dagbook.tutorials.tags import Tag, UnclosedTag, parse_tag
from dagbook.tutorials.vocabulary import CALLOUTS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

# A container this deep is taken for an attack, or for a mistake.
DEEPEST = 40
_ENDS = ["paragraph", "reference", "blockquote", "list"]
_FENCE = re.compile(
    r"(:{3,})[ \t]*(?:\{\.?([\w-]+)([^}]*)\}|([A-Za-z][\w-]*))?(?:\[([^\]]*)\])?(?:\{([^}]*)\})?[ \t]*(.*)$"
)
_REFERENCE = re.compile(r":::[ \t]+(\w+(?:\.\w+)*)[ \t]*$")
_SLASHED = re.compile(r"(/{3,})[ \t]*(?:([A-Za-z][\w-]*)[ \t]*(?:\|[ \t]*(.*?))?)?[ \t]*$")
_SLASHED_OPTION = re.compile(r" {4,}[A-Za-z][\w-]*:")
_INDENTED = re.compile(
    r"(!!!|\?\?\?\+?|===\+?!?)[ \t]+(?:([\w-]+)(?:[ \t]+[\w-]+)*)?[ \t]*(?:[\"']([^\"']*)[\"'])?[ \t]*$"
)
_ESM = re.compile(
    r"(?:import\s.*?\sfrom\s+['\"]|import\s+['\"]|export\s+(?:const|let|default|function)\b)", re.S
)
_TAG = re.compile(r"</?\s*(?:[A-Z]|details\b|summary\b)")
_TITLE = re.compile(r"""title\s*=\s*["']([^"']*)["']""")


class Broken(Exception):
    """What is wrong with the page, at a line of what was parsed (from 0) and a column."""

    def __init__(self, line: int, column: int, problem: str) -> None:
        super().__init__(line, column, problem)
        self.line, self.column, self.problem = line, column, problem


def page_parser(*, indented_code: bool) -> MarkdownIt:
    """A parser of blocks; the text within them stays as it was written."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST})
    parser.enable("table")
    parser.disable(["inline", "text_join"] + ([] if indented_code else ["code"]))
    rules: tuple[tuple[str, Any], ...] = (
        ("component", _component),
        ("callout", _callout),
        ("slashed_callout", _slashed),
        ("indented_callout", _indented),
        ("esm", _esm),
        ("hidden", _hidden),
    )
    for name, rule in rules:
        parser.block.ruler.before("table", name, rule, {"alt": [] if name == "esm" else _ENDS})
    parser.block.ruler.at("html_block", _html, {"alt": ["paragraph", "reference", "blockquote"]})
    if not indented_code:
        parser.block.ruler.at("paragraph", _paragraph)
    return parser


def _paragraph(state: StateBlock, first: int, last: int, _silent: bool) -> bool:
    """paragraph: as in Markdown, but what is indented may end it, since it is never code."""
    last, ends = state.lineMax, state.md.block.ruler.getRules("paragraph")
    before, state.parentType = state.parentType, "paragraph"
    line = first + 1
    while line < last and not state.isEmpty(line):
        if state.sCount[line] >= 0 and any(rule(state, line, last, True) for rule in ends):
            break
        line += 1
    content = state.getLines(first, line, state.blkIndent, False).strip()
    state.line = line
    for type, nesting in (("paragraph_open", 1), ("inline", 0), ("paragraph_close", -1)):
        token = state.push(type, "p" if nesting else "", nesting)  # type: ignore[arg-type]
        token.map = [first, line]
        token.content = content if type == "inline" else ""
        token.children = []
    state.parentType = before
    return True


def _html(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """html_block: as in Markdown, but a component's tag ends it as a blank line does."""
    from markdown_it.rules_block import html_block

    if not html_block(state, first, last, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        for line in range(first + 1, state.line):
            if _TAG.match(state.src, _begin(state, line)):
                token.map, state.line = [first, line], line
                token.content = state.getLines(first, line, state.blkIndent, True)
                break
    return True


def _begin(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _text(state: StateBlock, line: int) -> str:
    return state.src[_begin(state, line) : state.eMarks[line]]


def _component(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """component: tags that have their lines to themselves."""
    begin = _begin(state, first)
    if not state.src.startswith("<", begin):
        return False
    tags: list[Tag] = []
    end, line = begin, first
    while True:
        try:
            tag = parse_tag(state.src, end)
        except UnclosedTag as fault:
            raise _unclosed(state, first, fault.args[0]) from None
        if tag is None:
            return False
        tags.append(tag)
        while line + 1 < len(state.eMarks) and state.eMarks[line] < tag.end:
            line += 1
        rest = state.src[tag.end : state.eMarks[line]]
        if not rest.strip():
            break
        end = tag.end + len(rest) - len(rest.lstrip())
    if not silent:
        for tag in tags:
            token = state.push("component", "", 0)
            token.meta = {"tag": tag, "column": tag.start - state.bMarks[first]}
            token.map = [first, line + 1]
        state.line = line + 1
    return True


def _unclosed(state: StateBlock, first: int, position: int) -> Broken:
    line = first
    while line + 1 < len(state.eMarks) and state.eMarks[line] < position:
        line += 1
    return Broken(line, max(0, position - state.bMarks[line]), "This tag is not closed")


def _reference(state: StateBlock, first: int, last: int, name: str) -> bool:
    """reference: `::: package.name`, where MkDocs puts what a package says of itself."""
    end = first + 1
    while end < last and not state.isEmpty(end) and state.sCount[end] >= state.sCount[first] + 4:
        end += 1
    token = state.push("api_reference", "", 0)
    token.content, token.map = name, [first, end]
    state.line = end
    return True


def _callout(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """callout: `:::kind title` opens, `:::` closes."""
    if not state.src.startswith(":::", _begin(state, first)):
        return False
    named = _REFERENCE.match(_text(state, first))
    if named is not None and named[1].lower() not in CALLOUTS:
        return silent or _reference(state, first, last, named[1])
    found = _FENCE.match(_text(state, first))
    if found is None:
        return False
    if not silent:
        colons, braced, within, plain, bracketed, options, title = found.groups()
        titled = _TITLE.search(f"{within or ''} {options or ''}")
        token = state.push("callout", "", 0)
        token.info = (braced or plain or "").removeprefix("callout-")
        token.content = bracketed or (titled[1] if titled else "") or title.strip()
        token.meta = {"colons": len(colons), "column": state.tShift[first], "sign": ":"}
        token.map = [first, first + 1]
        state.line = first + 1
    return True


def _slashed(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """slashed_callout: `/// kind | title` opens, its options indented by 4 below it, `///` closes."""
    if not state.src.startswith("///", _begin(state, first)):
        return False
    found = _SLASHED.match(_text(state, first))
    if found is None:
        return False
    end, options = first + 1, ""
    while found[2] and end < last and _SLASHED_OPTION.match(state.getLines(end, end + 1, 0, False)):
        options += _text(state, end) + "\n"
        end += 1
    if not silent:
        slashes, kind, title = found.groups()
        typed = re.search(r"^type:[ \t]*([\w-]+)", options, re.M)
        token = state.push("callout", "", 0)
        token.info, token.content = typed[1] if typed else kind or "", title or ""
        token.meta = {"colons": len(slashes), "column": state.tShift[first], "sign": "/"}
        token.map = [first, end]
        state.line = end
    return True


def _indented(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """indented_callout: `!!! kind "title"`, `??? kind "title"`, `=== "tab"`, the body indented by 4."""
    if state.src[_begin(state, first) : _begin(state, first) + 3] not in ("!!!", "???", "==="):
        return False
    found = _INDENTED.match(_text(state, first))
    if found is None or not (found[2] or found[3]):
        return False
    if silent:
        return True
    inner = state.sCount[first] + 4
    end = first + 1
    while end < last and (state.isEmpty(end) or state.sCount[end] >= inner):
        end += 1
    token = state.push("indented_open", "", 1)
    token.info, token.content = found[2] or "", found[3] or ""
    token.markup, token.map = found[1], [first, end]
    token.meta = {"column": state.tShift[first]}
    _nested(state, first + 1, end, inner)
    state.push("indented_close", "", -1)
    state.line = end
    return True


def _nested(state: StateBlock, first: int, end: int, indent: int) -> None:
    before = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax = indent, end
    state.md.block.tokenize(state, first, end)
    state.blkIndent, state.lineMax, state.parentType = before


def _esm(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """esm: imports and exports of the site, to the next blank line."""
    if state.tShift[first] or not state.src.startswith(("import", "export"), _begin(state, first)):
        return False
    end = first
    while end < last and not state.isEmpty(end):
        end += 1
    if not _ESM.match(state.src[_begin(state, first) : state.eMarks[end - 1]]):
        return False
    if not silent:
        token = state.push("esm", "", 0)
        token.content = state.src[_begin(state, first) : state.eMarks[end - 1]]
        token.map = [first, end]
        state.line = end
    return True


def _hidden(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """hidden: a comment of MDX, which stands in braces."""
    begin = _begin(state, first)
    if not state.src.startswith("{/*", begin):
        return False
    close = state.src.find("*/}", begin, state.eMarks[last - 1])
    if close < 0:
        raise Broken(first, state.tShift[first], "This comment is not closed")
    end = first
    while state.eMarks[end] < close + 3:
        end += 1
    if state.src[close + 3 : state.eMarks[end]].strip():
        return False
    if not silent:
        state.line = end + 1
    return True
