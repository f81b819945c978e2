"""What a code version consists of: its parts, each with what is known about it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from dagbook.versions.canonical import normalised_text

PartKind = Literal["body", "code", "content", "weak", "untracked", "package", "missing", "asset"]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a code version rests on.

    Attributes:
        name: "body" for the function itself, else how the code reaches it: `clean`, `config.RATE`.
        kind: "body" (by its syntax tree), "code" (by its code object), "content" (by value),
            "weak" (by something that may miss a change), "untracked" (by nothing), "package"
            (recorded only), "missing" (not bound), "asset" (a name that an asset will fill).
        digest: hexadecimal; equal digests say that this part did not change.
        text: the normalised source, or a short description; never a secret.
        place: the file or cell and the line, where they are known.
        reason: for weak and untracked parts, why, in a sentence.
    """

    name: str
    kind: PartKind
    digest: str
    text: str = ""
    place: str = ""
    reason: str = ""


@dataclass(slots=True, eq=False)
class Node:
    """One value in the web of what a function reaches, while that web is being followed.

    `own` is the digest of the value without what it refers to; `edges` say what it refers to, and
    by which name; `deep` is the digest of both, once it is sealed. `notes` are the marks of all
    that is reached: assets, weak and untracked parts, modules that were not reloaded.
    """

    kind: PartKind
    own: bytes
    edges: list[tuple[str, Node]] = field(default_factory=list)
    deep: bytes | None = None
    notes: frozenset[Note] = frozenset()
    mark: Note | None = None
    text: str | ast.AST | Callable[[], str] = ""
    place: str = ""
    module: str = ""
    shown: bool = True

    def described(self) -> str:
        """The text of the part: source, or what the value is."""
        if isinstance(self.text, str):
            return self.text
        if isinstance(self.text, ast.AST):
            return _normalised(self.text)
        return self.text()


@dataclass(frozen=True, slots=True)
class Note:
    """A mark that every version carries that reaches the marked part."""

    about: Literal["asset", "weak", "untracked", "stale module", "unchecked"]
    text: str


@lru_cache(maxsize=1024)
def _normalised(node: ast.AST) -> str:
    return normalised_text(node)


def parts_of(root: Node) -> tuple[Part, ...]:
    """All parts in reach of a node, the body first, then by name."""
    found: dict[int, Part] = {id(root): _part("body", root)}
    waiting = [("", root)]
    while waiting:
        above, node = waiting.pop()
        for label, child in node.edges:
            if id(child) in found:
                continue
            name = _name(above, label, child)
            found[id(child)] = _part(name, child)
            waiting.append((name, child))
    body, *others = found.values()
    shown = (part for part in others if part.kind != "body" or part.name)
    return (body, *sorted(shown, key=lambda part: (part.name, part.digest)))


def _name(above: str, label: str, node: Node) -> str:
    """How the user would say it: names stand alone, the rest belongs to what it was found in."""
    if label[:1] in ".[":
        return f"{above or 'body'}{label}"
    return label


def _part(name: str, node: Node) -> Part:
    reasons = [note.text for note in node.notes if note.about == node.kind]
    reason = min(reasons) if node.kind in ("weak", "untracked") and reasons else ""
    return Part(name, node.kind, node.own.hex(), node.described(), node.place, reason)
