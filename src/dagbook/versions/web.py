"""Holds the nodes of one evaluation, so that each value is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from operator import itemgetter
from time import thread_time
from types import FunctionType, MethodType, ModuleType
from typing import Any

from xxhash import xxh3_128_digest

from dagbook.records import dataclass
from dagbook.versions.content import Writer, is_plain, text_bytes
from dagbook.versions.contents import Look
from dagbook.versions.database import DATABASE
from dagbook.versions.described import describe
from dagbook.versions.libraries import Changed, Shown
from dagbook.versions.origin import home_of_class
from dagbook.versions.parts import Edge, Node, Note, PartKind
from dagbook.versions.patched import patched, put_into
from dagbook.versions.reach import seal
from dagbook.versions.redaction import is_secret_name, salted
from dagbook.versions.settings import SEEN, changed_in, changed_settings
from dagbook.versions.source import Files
from dagbook.versions.told import told_to
from dagbook.versions.unseen import draws, of_reader

_CODE = frozenset({FunctionType, ModuleType, MethodType, type})
# What is used of these may ask for local times.
_OF_TIMES = frozenset({"arrow", "dateparser", "datetime", "dateutil", "pendulum", "time"})
SCALARS = frozenset({int, str, float, bool, type(None), bytes, complex})
Expand = Callable[["Web", Node, Any, str], None]
# Gives the source of the code that last bound a name to this very value, or None.
Provenance = Callable[[str, object], str | None]

_plain = Writer()


def unknown_origin(name: str, value: object) -> None:
    """Nothing is known of where values come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What an evaluation knows from outside.

    `is_asset` tells the names of assets; `provenance` gives the source that last bound a name to a value;
    `salt` is what secrets are hashed with; `read_nothing` are packages that, as the user says, read no
    files below Python.
    """

    is_asset: Callable[[str], bool]
    provenance: Provenance
    salt: bytes
    read_nothing: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Web:
    """The values that were met and what is still to be followed.

    `expander` chooses how a value is followed; edges are found later than nodes are made, so that
    rings of functions end and long chains do not nest. `look` limits the time that is spent on
    large values; `patched` is what the user has put into the classes of frames, `changed` what is set
    otherwise than libraries came.
    """

    world: World
    expander: Callable[[Any], Expand]
    files: Files = field(default_factory=Files)
    look: Look | None = None
    patched: Mapping[str, tuple[Any, ...]] = field(default_factory=patched)
    changed: list[Changed] = field(default_factory=changed_settings)
    memo: dict[int, tuple[object, Node]] = field(default_factory=dict)
    _named: dict[tuple[str, str], Node] = field(default_factory=dict)
    _names: dict[int, tuple[dict[str, Any], dict[Any, list[Edge]]]] = field(default_factory=dict)
    _waiting: list[tuple[Node, Any, str]] = field(default_factory=list)
    _settings: list[tuple[Shown, Edge]] = field(default_factory=list)
    _database: list[Edge] | None = None

    def node(self, value: Any, label: str) -> Node:
        """The node of a value that is reached by a name."""
        kind = type(value)
        if is_secret_name(label) and (kind in SCALARS or is_plain(kind)):
            return self._secret(value)
        if kind in SCALARS:
            digest = xxh3_128_digest(b"value" + _plain.write(value))
            return Node("content", digest, text=lambda: describe(value))
        known = self.memo.get(id(value))
        if known is None:
            node = Node("content", b"")
            self.memo[id(value)] = (value, node)
            self._waiting.append((node, value, label))
            return node
        return known[1]

    def names_of(self, namespace: dict[str, Any]) -> dict[Any, list[Edge]]:
        """What the names of a namespace were found to be, for each way to use them."""
        known = self._names.get(id(namespace))
        if known is None:
            known = self._names[id(namespace)] = (namespace, {})
        return known[1]

    def settle(self) -> None:
        """Follow everything that waits."""
        while self._waiting:
            self.expand(*self._waiting.pop())

    def expand(self, node: Node, value: Any, label: str) -> None:
        """Fill in a node; whatever the value's own code raises, the node tells."""
        look = None if type(value) in _CODE else self.look
        if look is not None and look.skips(node, value, label):
            return
        began = thread_time()
        try:
            self.expander(value)(self, node, value, label)
            if look is not None:
                look.took(node, value, thread_time() - began)
        except Exception as error:  # a user's class may raise anything
            node.edges = []
            self.by_provenance(node, value, label, error)

    def once(
        self,
        kind: PartKind,
        name: str,
        *,
        mark: Note | None = None,
        text: str = "",
        module: str = "",
    ) -> Node:
        """The node of a thing that is known by its name only."""
        known = self._named.get((kind, name))
        if known is None:
            own = xxh3_128_digest(text_bytes(kind) + text_bytes(name))
            known = Node(kind, own, mark=mark, text=text or name, module=module)
            self._named[kind, name] = known
        return known

    def module(self, name: str, follow: Callable[[Web, Node, str], None]) -> Node:
        """The node of a module that is imported by name."""
        known = self._named.get(("module", name))
        if known is None:
            known = self._named["module", name] = Node("content", b"")
            follow(self, known, name)
        return known

    def settings(self, shown: Shown) -> list[Edge]:
        """The settings of libraries that were changed and show here."""
        if self.changed and not self._settings:
            self._settings.extend(
                (one.shown, (one.label, self._setting(one))) for one in self.changed
            )
        return [edge for where, edge in self._settings if where == shown]

    def database(self) -> list[Edge]:
        """The settings of DuckDB's default connection that were changed."""
        if self._database is None:
            self._database = [(o.label, self._setting(o)) for o in changed_in(DATABASE)]
        return self._database

    def _setting(self, changed: Changed) -> Node:
        known = {name: v for name, v in changed.values.items() if type(v) in SCALARS}
        others = [
            (f".{name}", self.node(_told(value), name))
            for name, value in changed.values.items()
            if name not in known
        ]
        text = ", ".join([f"{name} = {value!r}" for name, value in known.items()])
        own = xxh3_128_digest(text_bytes(f"{changed.label}: {text}"))
        return Node("content", own, edges=others, text=text or "changed")

    def surroundings(self) -> bytes:
        """What any version may rest on besides code; empty where nothing is special."""
        said = " ".join(sorted(self.world.read_nothing)).encode()
        if not self.changed:
            return said
        self.settings("values")
        self.settle()
        return b"".join([said, *(seal(node) for _, (_, node) in self._settings)])

    def reader(self, name: str) -> Note | None:
        """The note on what of an installed package reads unseen."""
        return of_reader(name, self.world.read_nothing)

    def around(self, root: str) -> list[Edge]:
        """What a package rests on besides its own code: settings for what it draws, what cells put there."""
        edges = self.settings("figures") if self.changed and draws(root) else []
        if self.changed and root in _OF_TIMES:
            edges = edges + self.settings("times")
        for shown in {one.shown for one in self.changed}:
            if root.lstrip("_") in SEEN.get(shown, ()):
                edges = edges + self.settings(shown)
        if root.lstrip("_") == "duckdb":
            edges = edges + self.database()
        left = [*put_into(root), *told_to(root.lstrip("_"))]
        return edges + [(name, self.node(value, name)) for name, value in left]

    def writer(self, whole: Any) -> tuple[Writer, list[Edge]]:
        """A writer that leaves the code and the objects inside a value to edges."""
        edges: list[Edge] = []

        def stands_for(value: object) -> bytes | None:
            if value is whole or not _has_node(value):
                return None
            edges.append((f"[{len(edges)}]", self.node(value, "")))
            return b"#%d;" % (len(edges) - 1)

        return Writer(stands_for), edges

    def by_provenance(self, node: Node, value: Any, label: str, error: Exception) -> None:
        """A value without content: the code that made it stands in, or nothing does."""
        kind = type(value).__qualname__
        # What it does for a body may rest on these, such as a query that is not yet run.
        node.edges = self.around(type(value).__module__.partition(".")[0])
        text = self.world.provenance(label, value) if label else None
        node.text = f"an instance of {kind}"
        if text is None:
            node.kind, node.own = "untracked", b"untracked"
            reason = (
                f"`{label or kind}` is an instance of {kind} whose content cannot be read"
                f" ({type(error).__name__}); what uses it runs every time"
            )
            node.mark = Note("untracked", reason)
        else:
            node.kind, node.own = "weak", xxh3_128_digest(b"provenance" + text_bytes(text))
            reason = f"`{label}` ({kind}) is known by the code that made it, not by its content"
            node.mark = Note("weak", reason)

    def _secret(self, value: Any) -> Node:
        writer, edges = self.writer(value)
        try:
            digest = salted(writer.write(value), self.world.salt)
        except Exception:
            reason = "a secret has no content that can be read; what uses it runs every time"
            return self.once("untracked", "a secret", mark=Note("untracked", reason))
        return Node("content", digest, edges=edges, text="a secret")


def in_order(edges: Iterable[Edge]) -> list[Edge]:
    """Edges by label, so that the order in which things were found does not show."""
    return sorted(edges, key=itemgetter(0))


def _told(value: Any) -> Any:
    """A setting as it counts: by its text, unless that says where it is or says too little."""
    return value if is_plain(type(value)) or " at 0x" in repr(value) else repr(value)


def _has_node(value: Any) -> bool:
    from_type = type(value)
    if issubclass(from_type, type):
        return home_of_class(value) == "own"
    return not is_plain(from_type)
