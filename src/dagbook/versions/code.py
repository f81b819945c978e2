"""Gives the code of an asset its version: its body and everything that the body reaches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from types import CodeType, FunctionType, MappingProxyType
from typing import Any

from xxhash import xxh3_128_hexdigest

from dagbook.records import dataclass
from dagbook.versions.content import text_bytes
from dagbook.versions.contents import Look
from dagbook.versions.follow import expander
from dagbook.versions.functions import (
    follow_root,
    holds_values,
    named_edges,
    own_of,
    shows_settings,
    takes,
)
from dagbook.versions.parts import Node, Note, Part, holders_of, parts_of
from dagbook.versions.reach import seal
from dagbook.versions.static import ReadCode, read_of
from dagbook.versions.web import Provenance, Web, World, unknown_origin

NOTHING: Mapping[str, Any] = MappingProxyType({})
_NO_NOTES: frozenset[str] = frozenset()
_FORM = b"dagbook code 1;"


@dataclass(frozen=True, slots=True)
class CodeVersion:
    """The version of the code of one asset, with what it rests on.

    Attributes:
        digest: 32 hexadecimal digits; equal where nothing that may change the result differs.
        notes: all that is to be said of what it reaches: equal digests may differ in these.
    """

    digest: str
    _root: Node = field(repr=False, compare=False)
    notes: frozenset[Note] = field(repr=False, compare=False)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The body, then all that it reaches, each with how it is tracked."""
        return parts_of(self._root)

    @property
    def reads_assets(self) -> frozenset[str]:
        """The names of assets that the body or its helper functions read without binding them."""
        return self._noted("asset")

    @property
    def asset_readers(self) -> dict[str, str]:
        """Which helper function reads each of these assets; "body" for the function itself."""
        return holders_of(self._root, "asset") if self.reads_assets else {}

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The large values that a short look took to be as they were; a full look finds none."""
        return tuple(sorted(self._noted("unchecked")))

    @property
    def tracked(self) -> bool:
        """False where something that is read cannot be told apart from its other states."""
        return not self._noted("untracked")

    @property
    def weak(self) -> tuple[str, ...]:
        """Sentences on what may change without being seen."""
        return tuple(sorted(self._noted("weak")))

    @property
    def untracked(self) -> tuple[str, ...]:
        """Sentences on why the asset must always run; empty where it is tracked."""
        return tuple(sorted(self._noted("untracked")))

    @property
    def unseen(self) -> tuple[str, ...]:
        """What it uses of packages that may read files without that being seen."""
        return tuple(sorted(self._noted("unseen")))

    @property
    def stale_modules(self) -> tuple[str, ...]:
        """Modules whose file is not what is loaded; nothing that uses them counts as fresh."""
        return tuple(sorted(self._noted("stale module")))

    def _noted(self, about: str) -> frozenset[str]:
        notes = self.notes
        return frozenset(note.text for note in notes if note.about == about) if notes else _NO_NOTES


class Evaluation:
    """One look at the world: each value that code reads is digested once.

    Args:
        is_asset: tells the names of assets; such a name, unbound, is an asset and no value.
        provenance: the source of the code that last bound a name to a value, or None; it stands
            in for values whose content cannot be read.
        salt: secret to the store; secrets are hashed with it.
        look: limits the time that is spent on large values.
        read_nothing: installed packages that, as the user says, read no files below Python.

    Example:
        >>> evaluation = Evaluation(lambda name: name == "orders")
        >>> evaluation.code_version(lambda: orders).reads_assets
        frozenset({'orders'})
    """

    def __init__(
        self,
        is_asset: Callable[[str], bool],
        *,
        provenance: Provenance = unknown_origin,
        salt: bytes = b"dagbook",
        look: Look | None = None,
        read_nothing: frozenset[str] = frozenset(),
    ) -> None:
        world = World(
            is_asset=is_asset, provenance=provenance, salt=salt, read_nothing=read_nothing
        )
        self.web = Web(world, expander, look=look)

    def code_version(
        self,
        function: Any,
        *,
        options: Mapping[str, str] = NOTHING,
        reads: Mapping[str, object] = NOTHING,
    ) -> CodeVersion:
        """The version of a function's code.

        Args:
            function: what the asset runs: a function, or an object with `__dagbook_code__`, which
                gives canonical texts, and perhaps `__dagbook_reads__`, which gives outside values.
            options: what was declared and affects the result, as texts.
            reads: more outside values, such as the classes of the instances that it is given.

        Returns:
            The version. Whatever a user's objects raise, it is a weak or untracked part.
        """
        plain = not (options or reads or self.web.patched)
        if plain and type(function) is FunctionType:
            code = function.__code__
            read = read_of(function, self.web.files, code)
            if self._is_alone(function, code, read):
                return alone(read)
        root = self._root(function)
        if self.web.changed and (root.edges or takes(function)):
            root.edges += self.web.settings("values")
        for name, value in reads.items():
            root.edges.append((f"reads {name}", self.web.node(value, name)))
        self.web.settle()
        pieces = [_FORM, seal(root)]
        for key, text in sorted(options.items()):
            pieces += (text_bytes(key), text_bytes(text))
        return CodeVersion(xxh3_128_hexdigest(b"".join(pieces)), root, root.notes)

    def _is_alone(self, function: FunctionType, code: CodeType, read: ReadCode) -> bool:
        """Whether nothing from outside counts: the builtins that it reads do not."""
        web, names = self.web, read.names
        if names is None or holds_values(function, code):
            return False
        if web.changed and shows_settings(web, function):
            return False
        known = web.names_of(function.__globals__)
        if names in known:
            return True
        try:
            edges = named_edges(web, read.static.reads.names, function.__globals__)
        except Exception:  # a user's object may raise anything
            return False
        if not edges and not any(name in function.__globals__ for name in names):
            # What Python itself binds to a name counts for nothing, in whichever way it is used.
            known[names] = edges
        return not edges

    def _root(self, function: Any) -> Node:
        node = Node("body", b"")
        if type(function) is not FunctionType:
            self.web.expand(node, function, "body")
            return node
        try:
            follow_root(self.web, node, function)
        except Exception as error:  # a user's object may raise anything
            self.web.by_provenance(node, function, "", error)
        return node


def alone(read: ReadCode) -> CodeVersion:
    """The version of a function that nothing from outside counts for: it never is another one."""
    version = read.version
    if not isinstance(version, CodeVersion):
        static = read.static
        node = Node("body", own_of(static), text=static.source.text, place=static.place)
        digest = xxh3_128_hexdigest(_FORM + seal(node))
        version = read.version = CodeVersion(digest, node, node.notes)
    return version
