"""What a code version consists of: its parts, each with what is known about it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Literal

from xxhash import xxh3_128_hexdigest

from dagbook.records import dataclass
from dagbook.versions.canonical import normalised_text
from dagbook.versions.origin import OURS, home_of_module, package_label

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
        text: the source, or a short description; never a secret.
        place: the file or cell and the line, where they are known.
        reason: for weak and untracked parts, and packages that may read files unseen, why, in a
            sentence.
    """

    name: str
    kind: PartKind
    digest: str
    text: str = ""
    place: str = ""
    reason: str = ""


@dataclass(slots=True, eq=False)
class Standing:
    """Where a body stands: the one thing of it that is another when its cell runs again."""

    place: str


@dataclass(frozen=True, slots=True)
class Note:
    """A mark that every version carries that reaches the marked part."""

    about: Literal["asset", "weak", "untracked", "stale module", "unchecked", "unseen"]
    text: str


Edge = tuple[str, "Node"]
NO_NOTES: frozenset[Note] = frozenset()


@dataclass(slots=True, eq=False)
class Node:
    """One value in the web of what a function reaches, while that web is being followed.

    `own` is the digest of the value without what it refers to; `edges` say what it refers to, and
    by which name; `deep` is the digest of both, once it is sealed. `mark` is a note on the value
    itself, `notes` are the marks of all that it reaches, once it is sealed. `ring` holds those that
    reach each other, where it is one of them or says the same as one of them.
    """

    kind: PartKind
    own: bytes
    edges: list[Edge] = field(default_factory=list)
    deep: bytes | None = None
    mark: Note | None = None
    notes: frozenset[Note] = NO_NOTES
    text: str | ast.AST | Callable[[], str] = ""
    place: str | Standing = ""
    module: str = ""
    ring: Sequence[Node] = ()

    def described(self) -> str:
        """The text of the part: source, or what the value is."""
        if isinstance(self.text, str):
            return self.text
        if isinstance(self.text, ast.AST):
            return _normalised(self.text)
        return self.text()


def place_of(place: str | Standing) -> str:
    return place if isinstance(place, str) else place.place


@lru_cache(maxsize=1024)
def _normalised(node: ast.AST) -> str:
    return normalised_text(node)


def parts_of(root: Node) -> tuple[Part, ...]:
    """All parts in reach of a node, the body first, then by name."""
    found = {_part("body", root): None}
    met = {id(root)}
    waiting = [("", root)]
    while waiting:
        above, node = waiting.pop()
        for label, child in node.edges:
            if id(child) in met:
                continue
            met.add(id(child))
            name = _name(above, label, node, root)
            waiting.append((name, child))
            if child.kind == "package":
                name = _of_package(child)
            if child.kind != "package" or _is_listed(child):
                found[_part(name, child)] = None
    body, *others = found
    return (body, *sorted(others, key=lambda part: (part.name, part.digest)))


def holders_of(root: Node, kind: PartKind) -> dict[str, str]:
    """Through which function each part of a kind is reached, "body" where it is the root itself."""
    found: dict[str, str] = {}
    met = {id(root)}
    waiting = [("", root)]
    for above, node in waiting:
        for label, child in node.edges:
            if child.kind == kind:
                found.setdefault(label, above or "body")
            if id(child) not in met and child.notes:
                met.add(id(child))
                waiting.append((_name(above, label, node, root), child))
    return found


def _name(above: str, label: str, holder: Node, root: Node) -> str:
    """How the user would say it: globals by name, with their module; the rest by its holder."""
    if label[:1] in ".[":
        return f"{above or 'body'}{label}"
    far = holder.module not in ("", "__main__", root.module) and holder.kind in ("body", "code")
    return f"{holder.module}.{label}" if far else label


def said_of_readers(names: Iterable[str]) -> str:
    """What to say of packages that may read files unseen.

    >>> said_of_readers(["h5py"])
    "`--reads` names these, or `%config Dagbook.read_nothing = ['h5py']` says that there are none"
    """
    told = f"%config Dagbook.read_nothing = {[*names]}"
    return f"`--reads` names these, or `{told}` says that there are none"


def _reads_unseen(node: Node) -> bool:
    return node.mark is not None and node.mark.about == "unseen"


def _of_package(node: Node) -> str:
    """What a package is listed by: what of it reads unseen, or its name."""
    mark = node.mark
    return mark.text if mark is not None and mark.about == "unseen" else node.module


def _is_listed(node: Node) -> bool:
    installed = home_of_module(node.module) == "package" and node.module != OURS
    return installed or _reads_unseen(node)


def _part(name: str, node: Node) -> Part:
    if node.kind == "package":
        label = package_label(name.partition(".")[0])
        reason = said_of_readers([name]) if _reads_unseen(node) else ""
        return Part(name, "package", xxh3_128_hexdigest(label.encode()), label, reason=reason)
    reason = node.mark.text if node.mark and node.mark.about == node.kind else ""
    return Part(name, node.kind, node.own.hex(), node.described(), place_of(node.place), reason)
