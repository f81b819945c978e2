"""From the understood tree to the cells of a notebook: Markdown, cut where code runs."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    walk,
)
from dagbook.tutorials.options import PageCell
from dagbook.tutorials.shell_text import shell_cell

_TICKS = re.compile(r"`{3,}")


@dataclass(slots=True)
class _Prefix:
    """What lines begin with within a list item or a quote; `first` only the first of them."""

    rest: str
    first: str
    begun: bool = False
    cut: bool = False


class Writer:
    """Writes nodes one after the other into cells."""

    def __init__(self) -> None:
        self.cells: list[PageCell] = []
        self._lines: list[str] = []
        self._begin: At | None = None
        self._prefixes: list[_Prefix] = []
        self._tight = False

    def write(self, nodes: Iterable[Node]) -> None:
        """Write nodes below each other."""
        for node in nodes:
            self._write(node)

    def finish(self) -> list[PageCell]:
        """The cells, the last one ended."""
        self._end_markdown()
        return self.cells

    def _write(self, node: Node) -> None:
        match node:
            case Prose():
                self._block(node.text, node.at)
            case Heading():
                if node.anchor:
                    self._block(f'<a id="{node.anchor}"></a>', node.at)
                self._block(f"{'#' * node.level} {' '.join(node.text.split())}", node.at)
            case Code():
                self._code(node)
            case Raw():
                self._block(node.text, node.at)
            case Table():
                self._block(_table(node), node.at)
            case Listing():
                self._listing(node)
            case Quote():
                self._within(_Prefix("> ", "> "), node.children)
            case Callout():
                self._callout(node)
            case Details():
                self._details(node)
            case Item() | Component():
                self.write(node.children)

    def _listing(self, node: Listing) -> None:
        for place, item in enumerate(node.items):
            if place:
                self._tight = node.tight
            mark = f"{item.mark} "
            self._within(_Prefix(" " * len(mark), mark), item.children, tight=node.tight)
        self._tight = False  # what follows a list is not part of its last item

    def _within(self, prefix: _Prefix, nodes: Iterable[Node], *, tight: bool = False) -> None:
        self._prefixes.append(prefix)
        for place, node in enumerate(nodes):
            if place:
                self._tight = tight
            self._write(node)
        self._prefixes.pop()

    def _callout(self, node: Callout) -> None:
        kind = node.kind.capitalize()
        title = (
            node.title if node.title.lower().startswith(kind.lower()) else f"{kind}: {node.title}"
        )
        self._within(_Prefix("> ", "> "), (Prose(text=f"**{title}**", at=node.at), *node.children))

    def _details(self, node: Details) -> None:
        """Folded where it is text; code that runs can't be folded, so it gets a line of its own."""
        if any(isinstance(each, Code) and each.role != "text" for each in walk(node.children)):
            self._block(f"**{node.summary}**", node.at)
            self.write(node.children)
            return
        self._block(f"<details>\n<summary>{node.summary}</summary>", node.at)
        self.write(node.children)
        self._tight = False
        self._block("</details>", node.at)

    def _code(self, node: Code) -> None:
        if node.title:
            self._tight = False
            self._block(f"**`{node.title}`**", node.at)
        if node.role == "text":
            longest = max(map(len, _TICKS.findall(node.text)), default=2)
            ticks = "`" * (longest + 1)
            self._block(f"{ticks}{node.language}\n{node.text}\n{ticks}", node.at)
            return
        text = shell_cell(node.text) if node.role == "shell" else node.text
        self._end_markdown()
        tags = (*node.tags, *(("raises-exception",) if node.raises else ()))
        self.cells.append(PageCell(kind="code", text=text, at=node.at, tags=tags))

    def _block(self, text: str, at: At) -> None:
        """Write lines behind the prefixes of what is open, apart from what is above them."""
        if self._begin is None:
            self._begin = at
        elif not self._tight:
            self._lines.append(self._lead(blank=True).rstrip())
        self._tight = False
        for line in text.split("\n"):
            self._lines.append((self._lead(blank=False) + line).rstrip())

    def _lead(self, *, blank: bool) -> str:
        """What the next line begins with; a blank line above a quote or an item is none of its own."""
        parts = []
        for prefix in self._prefixes:
            if prefix.cut:
                continue
            if blank and not prefix.begun:
                break
            parts.append(prefix.rest if prefix.begun else prefix.first)
            prefix.begun = True
        return "".join(parts)

    def _end_markdown(self) -> None:
        """End the cell; what follows within a list item stands below the code and not in the list."""
        if self._begin is not None:
            text = "\n".join(self._lines).strip("\n")
            self.cells.append(PageCell(kind="markdown", text=text, at=self._begin))
        self._lines, self._begin = [], None
        for prefix in self._prefixes:
            if prefix.rest.isspace():
                prefix.cut = True


def _table(node: Table) -> str:
    marks = {"left": ":---", "center": ":---:", "right": "---:"}
    rule = [marks.get(side, "---") for side in node.aligned]
    return "\n".join(_row(row) for row in (node.head, rule, *node.rows))


def _row(cells: Iterable[str]) -> str:
    escaped = [re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells]
    return f"| {' | '.join(escaped)} |"
