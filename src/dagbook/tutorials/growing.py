"""From the parser's tokens to the tree: what opens must close, in the same place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from dagbook.records import dataclass
from dagbook.tutorials.nodes import (
    At,
    Callout,
    Code,
    Component,
    Details,
    Heading,
    Item,
    Listing,
    Node,
    Prose,
    Quote,
    Raw,
    Table,
)
from dagbook.tutorials.rules import DEEPEST, Broken
from dagbook.tutorials.vocabulary import CALLOUTS, SIGNS

if TYPE_CHECKING:
    from markdown_it.token import Token

    from dagbook.tutorials.tags import Tag

_ANCHOR = re.compile(r"\s*\\?\{#([\w:.-]+)[^}]*\}\s*$|\s*\{/\*\s*#([\w:.-]+)\s*\*/\}\s*$")
_ALERT = re.compile(r"\[!(\w+)\][ \t]*(.*?)(?:\n|\Z)")


@dataclass(slots=True)
class _Open:
    """What is open: what it is, where it began, and what stands in it so far."""

    kind: str
    line: int
    column: int = 0
    name: str = ""
    title: str = ""
    colons: int = 0
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    mark: str = ""
    tight: bool = True


class Growing:
    """Makes the tree of a page's tokens; `numbers` are the page's line numbers of parsed lines."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self._stack: list[_Open] = []
        self.imports: list[str] = []

    def tree(self, tokens: Sequence[Token]) -> tuple[Node, ...]:
        """The nodes; raises Broken for what is not closed, or closed and not open."""
        self._stack = [_Open(kind="page", line=0)]
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "table_open":
                place = self._table(tokens, place)
            elif token.type == "heading_open":
                self._heading(token, tokens[place + 1])
                place += 2
            else:
                self._take(token)
            place += 1
            if len(self._stack) > DEEPEST:
                raise Broken(
                    self._stack[-1].line, 0, f"This is nested deeper than {DEEPEST} levels"
                )
        self._close_for("page")
        return tuple(self._stack[0].children)

    def _at(self, line: int, column: int = 0) -> At:
        return At(line=self._numbers[min(line, len(self._numbers) - 1)], column=column)

    def _add(self, node: Node) -> None:
        self._stack[-1].children.append(node)

    def _take(self, token: Token) -> None:
        line = token.map[0] if token.map else 0
        match token.type:
            case "inline":
                self._add(Prose(text=token.content, at=self._at(line)))
            case "paragraph_open":
                if self._stack[-1].kind == "item" and not token.hidden:
                    self._loose()
            case "fence":
                self._add(self._code(token, line))
            case "code_block":
                text = token.content.rstrip("\n")
                self._add(Code(text=text, language="", at=self._at(line)))
            case "hr":
                self._add(Raw(text="---", at=self._at(line)))
            case "html_block":
                self._add(Raw(text=token.content.rstrip("\n"), at=self._at(line)))
            case "api_reference":
                self._add(Prose(text=f"`{token.content}`", at=self._at(line)))
            case "esm":
                self.imports.append(token.content)
            case "component":
                self._component(token.meta["tag"], line, token.meta["column"])
            case "callout":
                self._fence_callout(token, line)
            case "indented_open":
                self._open(
                    _Open(
                        kind=token.type,
                        line=line,
                        name=token.info,
                        title=token.content,
                        mark=token.markup,
                    )
                )
            case "blockquote_open" | "bullet_list_open" | "ordered_list_open":
                self._open(_Open(kind=token.type, line=line))
            case "list_item_open":
                self._open(_Open(kind="item", line=line, mark=f"{token.info}{token.markup}"))
            case _ if token.nesting < 0 and token.type != "paragraph_close":
                self._close(token.type)

    def _open(self, opened: _Open) -> None:
        self._stack.append(opened)

    def _loose(self) -> None:
        for opened in reversed(self._stack):
            if opened.kind.endswith("_list_open"):
                opened.tight = False
                return

    def _code(self, token: Token, line: int) -> Code:
        info = token.info.strip()
        language = info.split(None, 1)[0] if info else ""
        return Code(
            text=token.content.rstrip("\n"),
            language=language.partition("{")[0] or language,
            info=info,
            at=self._at(line),
        )

    def _heading(self, token: Token, inline: Token) -> None:
        text, anchor = inline.content, None
        if found := _ANCHOR.search(text):
            text, anchor = text[: found.start()], found[1] or found[2]
        at = self._at(token.map[0] if token.map else 0)
        self._add(Heading(level=int(token.tag[1:]), text=text, anchor=anchor, at=at))

    def _table(self, tokens: Sequence[Token], place: int) -> int:
        """Read a table; gives the place of its last token."""
        first = tokens[place]
        rows: list[list[str]] = []
        aligned: list[str] = []
        while tokens[place].type != "table_close":
            token = tokens[place]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    aligned.append(str(token.attrs.get("style", "")).rpartition(":")[2].strip())
                rows[-1].append(tokens[place + 1].content)
            place += 1
        self._add(
            Table(
                head=tuple(rows[0]),
                aligned=tuple(aligned),
                rows=tuple(map(tuple, rows[1:])),
                at=self._at(first.map[0] if first.map else 0),
            )
        )
        return place

    # --- what opens and closes by marks of its own

    def _component(self, tag: Tag, line: int, column: int) -> None:
        if tag.kind == "alone":
            self._add(
                Component(
                    name=tag.name,
                    attributes=tag.attributes,
                    children=(),
                    at=self._at(line, column),
                )
            )
        elif tag.kind == "open":
            self._open(
                _Open(
                    kind="component",
                    line=line,
                    column=column,
                    name=tag.name,
                    attributes=dict(tag.attributes),
                )
            )
        else:
            self._close_component(tag.name, line, column)

    def _close_component(self, name: str, line: int, column: int) -> None:
        opened = self._stack[-1]
        if opened.kind != "component" or opened.name != name:
            if any(each.kind == "component" and each.name == name for each in self._stack):
                raise self._unclosed(opened)
            raise Broken(line, column, f"</{name}> closes what is not open")
        self._stack.pop()
        self._add(
            Component(
                name=name,
                attributes=opened.attributes,
                children=tuple(opened.children),
                at=self._at(opened.line, opened.column),
            )
        )

    def _fence_callout(self, token: Token, line: int) -> None:
        signs, sign = token.meta["colons"], token.meta["sign"]
        if token.info:
            self._open(
                _Open(
                    kind="callout",
                    line=line,
                    column=token.meta["column"],
                    name=token.info,
                    title=token.content,
                    colons=signs,
                    mark=sign,
                )
            )
            return
        opened = self._stack[-1]
        if not _closes(opened, sign, signs):
            if any(_closes(each, sign, signs) for each in self._stack):
                raise self._unclosed(opened)
            named = "colons close" if sign == ":" else "slashes close"
            raise Broken(line, token.meta["column"], f"These {named} what is not open")
        self._stack.pop()
        self._add(self._callout(opened))

    def _callout(self, opened: _Open) -> Node:
        at, children = self._at(opened.line, opened.column), tuple(opened.children)
        name = opened.name.lower()
        if name in ("details", "dropdown") or opened.mark.startswith("???"):
            summary = opened.title or opened.name.capitalize()
            return Details(summary=summary, children=children, at=at)
        if opened.mark.startswith("===") or (opened.mark == "/" and name == "tab"):
            return Component(
                name="TabItem", attributes={"label": opened.title}, children=children, at=at
            )
        if name in CALLOUTS:
            kind = CALLOUTS[name]
            title = opened.title or (SIGNS[kind] if name == kind else opened.name.capitalize())
            return Callout(kind=kind, title=title, children=children, at=at)
        attributes = {"title": opened.title} if opened.title else {}
        return Component(name=opened.name, attributes=attributes, children=children, at=at)

    # --- what the parser itself nests

    def _close(self, type: str) -> None:
        wanted = "item" if type == "list_item_close" else type.replace("_close", "_open")
        if wanted not in (each.kind for each in self._stack):
            return
        self._close_for(wanted)
        opened = self._stack.pop()
        at, children = self._at(opened.line, opened.column), tuple(opened.children)
        if wanted == "item":
            self._add(Item(mark=opened.mark or "-", children=children, at=at))
        elif wanted == "blockquote_open":
            self._add(_quote(children, at))
        elif wanted == "indented_open":
            self._add(self._callout(opened))
        else:
            items = tuple(child for child in children if isinstance(child, Item))
            self._add(Listing(items=items, tight=opened.tight, at=at))

    def _close_for(self, kind: str) -> None:
        """What is innermost must be of this kind: the rest was left open."""
        if self._stack[-1].kind != kind:
            raise self._unclosed(self._stack[-1])

    def _unclosed(self, opened: _Open) -> Broken:
        what = (
            f"<{opened.name}>"
            if opened.kind == "component"
            else f"{opened.mark * opened.colons}{opened.name}"
        )
        return Broken(opened.line, opened.column, f"{what} is not closed where it was opened")


def _closes(opened: _Open, sign: str, signs: int) -> bool:
    """Whether these signs close it: as many slashes as opened it, as many colons or more."""
    if opened.kind != "callout" or opened.mark != sign:
        return False
    return opened.colons == signs or (sign == ":" and opened.colons < signs)


def _quote(children: tuple[Node, ...], at: At) -> Node:
    """A quote, or the admonition that a quote beginning with `[!NOTE]` is."""
    first: Any = children[0] if children else None
    found = _ALERT.match(first.text) if isinstance(first, Prose) else None
    if found is None or found[1].lower() not in CALLOUTS:
        return Quote(children=children, at=at)
    rest = first.text[found.end() :]
    body = ((Prose(text=rest, at=first.at),) if rest.strip() else ()) + children[1:]
    kind = CALLOUTS[found[1].lower()]
    return Callout(kind=kind, title=found[2] or found[1].capitalize(), children=body, at=at)
