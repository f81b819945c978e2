"""What the blocks and components of a page mean in a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePosixPath

from dagbook.errors.base import Place
from dagbook.errors.render import SnippetMissing, SnippetOutside
from dagbook.tutorials.awaiting import awaiting
from dagbook.tutorials.elsewhere import NOTE, sends_elsewhere
from dagbook.tutorials.includes import Included, comment, included_in, macro
from dagbook.tutorials.inline import InlineRewriter, html_rewritten
from dagbook.tutorials.links import Links
from dagbook.tutorials.needed import bound_by, needed_above, without_repeated
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
    Role,
    Table,
    walk,
)
from dagbook.tutorials.options import PageOptions
from dagbook.tutorials.parts import Parts
from dagbook.tutorials.python_text import parsed, sessions
from dagbook.tutorials.reading import Page, read_page
from dagbook.tutorials.snippets import Wanted, literal, snippet, wanted
from dagbook.tutorials.speaking import Speaking
from dagbook.tutorials.vocabulary import (
    BY_SUFFIX,
    CALLOUT_COMPONENTS,
    CALLOUTS,
    FOLDED,
    IMAGES,
    PYTHON,
    SHELL,
    SIGNS,
    TITLED,
    TRANSPARENT,
)

# A link to code, such as CodeReferenceLink, shows none of it.
_CODE = re.compile(r"(?:Code|Snippet|Example|Invocation)(?!\w*Link)")
_DIRECTIVE = re.compile(r"\{\.?([\w.:+-]+)[^}]*\}[ \t]*(.*)$")
_CELL = re.compile(r"\{(?:code-cell|jupyter-execute)\}")
# A block that the site runs for its result alone, to stand below the code that shows it.
_UNSEEN = re.compile(r"^(?=.*\bexec\s*=)(?!.*\bsource\s*=)")
# A block that the page itself declares to be none that runs.
_SKIPPED = re.compile(r"\btest=[\"']skip[\"']")
_COPIED = re.compile(r"\bfile=(/[^\s\"']+)")
_OPTION = re.compile(r"---\n(?:.*\n)*?---(?:\n|\Z)|(?::[\w-]+:.*(?:\n|\Z))*")
# Those of a MyST cell, `:tags: [parameters]` or in YAML between two rules.
_TAGS = re.compile(r"^:?tags:\s*(?:\[([^\]]*)\]|((?:\n\s*-\s*[\w-]+)+))", re.M)
_LITERAL = re.compile(r"^:([\w-]+):[ \t]*(.*?)[ \t]*$", re.M)
# What colours lines on a site.
_HIGHLIGHT = re.compile(
    r"^[ \t]*(?:#|//|--)[ \t]*highlight-(?:start|end|next-line)[ \t]*(?:\n|\Z)", re.M
)
_TITLE = re.compile(r"""\b(?:title|filename|file)\s*=\s*["']([^"']+)["']""")


class Meaning:
    """Understands the nodes of one page; gathers `notes` for whoever rendered it."""

    def __init__(self, page: Page, options: PageOptions, links: Links, parts: Parts) -> None:
        self.notes: list[str] = []
        self._page, self._options, self._links, self._parts = page, options, links, parts
        self._speaking = Speaking(links, self._left_out)
        self._inline = InlineRewriter(page.references, self._speaking)
        self._noted = False
        self._bound: frozenset[str] = frozenset()
        self._shown = ""
        self._seen: dict[str, str] = {}
        # A page that says which blocks are cells means the others to be read.
        self._has_cells = any(
            isinstance(node, Code) and _CELL.match(node.info) for node in walk(page.nodes)
        )

    def of(self, nodes: Iterable[Node]) -> tuple[Node, ...]:
        """The nodes in words that a notebook has."""
        return tuple([new for node in nodes for new in self._understood(node)])

    def _understood(self, node: Node) -> tuple[Node, ...]:
        match node:
            case Prose():
                return self._prose(node)
            case Heading():
                self._noted = False
                return (replace(node, text=self._inline.rewrite(node.text)),)
            case Code():
                return self._code(node)
            case Raw():
                asked = comment(node.text, self._page.name)
                if asked is not None:
                    return self._included((asked,), node.at)
                return (replace(node, text=html_rewritten(node.text, self._links)),)
            case Table():
                return (self._table(node),)
            case Listing():
                items = [replace(item, children=self.of(item.children)) for item in node.items]
                return (replace(node, items=tuple(items)),)
            case Quote() | Callout() | Details() | Item():
                return (replace(node, children=self.of(node.children)),)
            case Component():
                return self._component(node)

    def _table(self, node: Table) -> Table:
        rewrite = self._inline.rewrite
        return replace(
            node,
            head=tuple(map(rewrite, node.head)),
            rows=tuple([tuple(map(rewrite, row)) for row in node.rows]),
        )

    def _prose(self, node: Prose) -> tuple[Node, ...]:
        asked = macro(node.text)
        if asked:
            return self._included(asked, node.at)
        if between := included_in(node.text):
            return self._with_included(node, between)
        found = replace(node, text=self._inline.rewrite(node.text))
        if not found.text.strip():
            return ()
        return (found, *self._note(sends_elsewhere(node.text), node.at))

    def _with_included(self, node: Prose, between: Sequence[Included]) -> tuple[Node, ...]:
        """A paragraph some of whose lines stand for what is elsewhere."""
        made: list[Node] = []
        done = 0
        for start, end, asked in (*between, (len(node.text), len(node.text), ())):
            if said := node.text[done:start].strip():
                made += self._prose(replace(node, text=said))
            for paths in groupby(asked, key=lambda each: each.path):
                made += self._included(tuple(paths[1]), node.at)
            done = end
        return tuple(made)

    def _note(self, wanted: bool, at: At) -> tuple[Node, ...]:
        """What to do here, once below each heading."""
        if not wanted or self._noted:
            return ()
        self._noted = True
        return (Quote(children=(Prose(text=NOTE, at=at),), at=at),)

    # --- code

    def _code(self, node: Code) -> tuple[Node, ...]:
        directive = _DIRECTIVE.match(node.info) if node.info.startswith("{") else None
        if directive:
            return self._directive(node, directive[1], directive[2].strip())
        titled = _TITLE.search(node.info)
        if self._has_cells:
            return (node,)
        coded = self._coded(replace(node, title=node.title or (titled[1] if titled else None)))
        return (*self._needed_by_copy(node), *coded)

    def _directive(self, node: Code, name: str, argument: str) -> tuple[Node, ...]:
        options = _OPTION.match(node.text)
        body = node.text[options.end() if options else 0 :].lstrip("\n")
        if name in ("code-block", "code", "code-cell", "jupyter-execute", "sourcecode", "ipython"):
            language = argument.split(" ")[0] or "python"
            tags = _tags(options[0] if options else "")
            return self._coded(
                replace(node, text=body, language=language, info=language, tags=tags)
            )
        if name in PYTHON | SHELL | {"mermaid", "sql", "yaml", "toml", "json"}:
            return self._coded(replace(node, text=body, language=name, info=name))
        if name == "literalinclude":
            return self._literal(node, argument)
        if name in ("image", "figure"):
            picture = f"![]({self._links.image(argument)})"
            return (Prose(text=picture, at=node.at), *self._inner(body, node.at))
        if name in ("dropdown", "details"):
            inner = self._inner(body, node.at)
            return (Details(summary=argument or "Details", children=inner, at=node.at),)
        if name in CALLOUTS:
            kind = CALLOUTS[name]
            title = argument or SIGNS[kind]
            inner = self._inner(body, node.at)
            return (Callout(kind=kind, title=title, children=inner, at=node.at),)
        return (node,)

    def _literal(self, node: Code, path: str) -> tuple[Node, ...]:
        """Code that MyST includes, its options as `:start-after: text`."""
        given = dict(_LITERAL.findall(node.text))
        language = given.get("language", "")
        return self._included(literal(path, given), node.at, language, given.get("caption"))

    def _inner(self, text: str, at: At) -> tuple[Node, ...]:
        """Markdown within a directive."""
        return self.of(read_page(text, self._page.name, first=at.line + 1).nodes)

    def _coded(self, node: Code) -> tuple[Node, ...]:
        """A block of code with what it includes, and what becomes of it."""
        text = node.text
        for start, end, asked in reversed(included_in(text)):
            text = text[:start] + self._joined(asked, node.at) + text[end:]
        text = _HIGHLIGHT.sub("", text)
        language = node.language.lower().removeprefix(".")
        if language in PYTHON:
            return self._python(replace(node, text=text, language="python"))
        if language in SHELL:
            role: Role = "shell" if self._options.shell else "text"
            own = replace(node, text=text, role=role)
            return (own, *self._note(sends_elsewhere(text, command=True), node.at))
        return (replace(node, text=text, language=language),)

    def _python(self, node: Code) -> tuple[Node, ...]:
        shown, self._shown = self._shown, node.text.strip()
        if shown == self._shown and _UNSEEN.search(node.info):
            return ()
        if _SKIPPED.search(node.info):
            return (node,)
        pieces = [piece for piece in sessions(node.text) if piece[0].strip()]
        trees = [parsed(text) for text, _ in pieces]
        if None in trees:
            self.notes.append(
                f"{self._page.name}, line {node.at.line}: this block is called Python and is none; "
                "it stays text."
            )
            return (node,)
        pieces = [(awaiting(text), raises) for text, raises in pieces]
        self._bound |= frozenset().union(*map(bound_by, trees))
        return tuple(
            [
                replace(
                    node,
                    text=text,
                    role="python",
                    raises=raises,
                    title=None if place else node.title,
                )
                for place, (text, raises) in enumerate(pieces)
            ]
        )

    def _snippet(self, asked: Wanted, at: At, language: str, title: str | None) -> tuple[Node, ...]:
        found = self._text_of(asked, at)
        if found is None:
            said = f"# The snippet {asked.path} is missing."
            role: Role = "python" if language in PYTHON else "text"
            return (Code(text=said, language=language, at=at, role=role, title=title),)
        node = Code(text=found[0], language=language, at=at, title=title)
        return self._part(node, asked) if language in PYTHON else self._coded(node)

    def _part(self, node: Code, asked: Wanted) -> tuple[Node, ...]:
        """A file's part as code, with what it needs above; what the page has run is not run again."""
        whole = self._text_of(Wanted(path=asked.path), node.at)
        needed = needed_above(node.text, whole[0] if whole else "", self._bound)
        if needed.inside:
            self.notes.append(
                f"{self._page.name}, line {node.at.line}: this part of {asked.path} stands within "
                "a function and needs more of it; it stays text."
            )
            return (node,)
        before = without_repeated(needed.text, self._seen)
        new = without_repeated(node.text, self._seen)
        above = Code(text=before, language="python", at=node.at)
        rest = self._coded(replace(node, text=new)) if new else (node,)
        return (*(self._coded(above) if before else ()), *rest)

    def _included(
        self, asked: Sequence[Wanted], at: At, language: str = "", title: str | None = None
    ) -> tuple[Node, ...]:
        """What a paragraph stands for: code, or a page of Markdown."""
        path = asked[0].path
        language = language or BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), "")
        if len(asked) == 1 and language != "markdown":
            return self._snippet(asked[0], at, language, title)
        text = self._joined(asked, at)
        if language == "markdown":
            return self.of(read_page(text, PurePosixPath(path).name).nodes)
        node = Code(text=text, language=language, at=at, title=title)
        return self._part(node, asked[0]) if language in PYTHON else self._coded(node)

    def _joined(self, asked: Sequence[Wanted], at: At) -> str:
        """The parts of a file, one below the other."""
        found = [(each.path, self._text_of(each, at)) for each in asked]
        return "\n".join(text[0] if text else f"# {path} is missing" for path, text in found)

    def _needed_by_copy(self, node: Code) -> tuple[Node, ...]:
        """What a block needs that was copied from a file, as its `file=/a.py` tells."""
        copied = _COPIED.search(node.info)
        if copied is None or node.language not in PYTHON:
            return ()
        asked = Wanted(path=copied[1].lstrip("/"))
        try:
            whole = self._text_of(asked, node.at)
        except (SnippetMissing, SnippetOutside):
            return ()  # the block itself is there
        needed = needed_above(node.text, whole[0] if whole else "", self._bound).text
        return self._coded(Code(text=needed, language="python", at=node.at)) if needed else ()

    def _text_of(self, asked: Wanted, at: At) -> tuple[str] | None:
        """The text of a snippet; None for one that is missing and may be."""
        place = Place(where=self._page.name, line=at.line, column=at.column, text=asked.path)
        try:
            return (snippet(asked, self._options.snippets, place),)
        except SnippetMissing as fault:
            if not self._options.allow_missing:
                raise
            self.notes.append(f"{self._page.name}, line {at.line}: {asked.path}: {fault.problem}.")
            return None

    # --- components

    def _component(self, node: Component) -> tuple[Node, ...]:
        name, attributes = node.name, node.attributes
        title = attributes.get("title") or attributes.get("label") or attributes.get("value")
        asked = wanted(attributes) if _CODE.search(name) and not node.children else None
        if asked is not None:
            return self._snippet(
                asked, node.at, _language(node, asked.path), attributes.get("title")
            )
        if name in CALLOUT_COMPONENTS:
            kind = CALLOUTS.get((attributes.get("type") or name).lower(), "info")
            inner = self.of(node.children)
            return (Callout(kind=kind, title=title or SIGNS[kind], children=inner, at=node.at),)
        if name in FOLDED:
            return (self._details(node, title),)
        if name in TITLED:
            return self._titled(node, title)
        if name in IMAGES:
            text = self._speaking.picture(attributes)
            return (Prose(text=text, at=node.at),) if text else ()
        if name in TRANSPARENT:
            return self.of(node.children)
        return self._unknown(node)

    def _details(self, node: Component, title: str | None) -> Details:
        children = list(node.children)
        first = children[0] if children else None
        if isinstance(first, Component) and first.name == "summary":
            title = " ".join(each.text for each in first.children if isinstance(each, Prose))
            children.pop(0)
        return Details(summary=title or "Details", children=self.of(children), at=node.at)

    def _titled(self, node: Component, title: str | None) -> tuple[Node, ...]:
        address = node.attributes.get("href") or node.attributes.get("to")
        words = f"[{title}]({self._links.link(address)})" if title and address else title
        head = (Prose(text=f"**{words}**", at=node.at),) if words else ()
        return (*head, *self.of(node.children))

    def _unknown(self, node: Component) -> tuple[Node, ...]:
        part = self._parts.of(node.name)
        if part is not None:
            return self.of(part)
        if node.children:
            self._left_out(node.name)
            return self.of(node.children)
        words = self._speaking.words(node.name, node.attributes)
        return (Prose(text=words, at=node.at),) if words else ()

    def _left_out(self, name: str) -> None:
        said = f"{self._page.name}: the component {name} means nothing here; what stands in it is kept."
        if said not in self.notes:
            self.notes.append(said)


def _tags(options: str) -> tuple[str, ...]:
    """The tags that the options of a directive give to its cell."""
    found = _TAGS.search(options)
    return tuple(re.findall(r"\w[\w-]*", found[1] or found[2] or "")) if found else ()


def _language(node: Component, path: str) -> str:
    declared = node.attributes.get("language")
    if declared:
        return declared
    # What is shown of a terminal has both commands and what they printed, so it is text.
    return BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), "")


def folder_of(page: Path) -> Path:
    """The folder that a page's relative addresses begin in."""
    return page.absolute().parent
