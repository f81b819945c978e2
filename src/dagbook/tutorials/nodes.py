"""A page as a tree: what its blocks are, whatever dialect of Markdown they were written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Literal

from dagbook.records import dataclass

CalloutKind = Literal["note", "tip", "info", "warning", "danger"]
Role = Literal["text", "python", "shell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """A position in the page: the line counts from 1, the column from 0."""

    line: int
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A paragraph as it was written, inline marks and all."""

    text: str
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading; `anchor` is the name that the page gives it."""

    level: int
    text: str
    at: At
    anchor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A block of code; `role` is what becomes of it, `title` what stands above it.

    `raises`: the page shows that it ends in an exception; `tags`: those that the page gives its cell."""

    text: str
    language: str
    at: At
    info: str = ""
    title: str | None = None
    role: Role = "text"
    raises: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Lines that stay as they are: HTML, rules."""

    text: str
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, its cells as they were written."""

    head: tuple[str, ...]
    aligned: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a list, with its mark (`-`, `2.`)."""

    mark: str
    children: tuple[Node, ...]
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list; a tight one has no blank lines between its items."""

    items: tuple[Item, ...]
    tight: bool
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A block quote."""

    children: tuple[Node, ...]
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """An admonition; the kind is one of a few, the title is what the page says."""

    kind: CalloutKind
    title: str
    children: tuple[Node, ...]
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a reader may unfold."""

    summary: str
    children: tuple[Node, ...]
    at: At


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of the page's site, not yet understood."""

    name: str
    children: tuple[Node, ...]
    at: At
    attributes: Mapping[str, str] = field(default_factory=dict)


Node = Prose | Heading | Code | Raw | Table | Listing | Quote | Callout | Details | Component | Item


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    if isinstance(node, Listing):
        return node.items
    if isinstance(node, Item | Quote | Callout | Details | Component):
        return node.children
    return ()


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """All nodes of a tree, a parent before its children."""
    todo = list(reversed(nodes))
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(children_of(node)))
