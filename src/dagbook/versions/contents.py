"""Remembers what large values were when they were last digested, for looks that must be short."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from dagbook.records import dataclass
from dagbook.versions.described import describe
from dagbook.versions.parts import Node, Note, PartKind

# Seconds; what takes less is always digested anew.
_SHORT = 0.001


@dataclass(frozen=True, slots=True)
class _Kept:
    """A digest, whose value it is, and how many seconds it took."""

    value: Callable[[], Any]
    kind: PartKind
    own: bytes
    seconds: float


class Contents:
    """The digests of large values from look to look; each look begins with those of the last."""

    def __init__(self) -> None:
        self._known: dict[int, _Kept] = {}
        self._last: Look | None = None

    def look(self, budget: float | None) -> Look:
        """A new look, which may spend `budget` seconds on values that are known; any time with None."""
        if self._last is not None:
            self._known = self._last.met
        self._last = Look(self._known, budget)
        return self._last


class Look:
    """One look: what it has spent, and what the next one will know."""

    def __init__(self, known: dict[int, _Kept], budget: float | None) -> None:
        self._known = known
        self._left = budget
        self.met: dict[int, _Kept] = {}

    def skips(self, node: Node, value: Any, label: str) -> bool:
        """Whether a value is taken to be what it was; the node then says so."""
        kept = self._known.get(id(value))
        if self._left is None or kept is None or kept.value() is not value:
            return False
        if kept.seconds <= self._left:
            return False
        self.met[id(value)] = kept
        node.kind, node.own, node.text = kept.kind, kept.own, lambda: describe(value)
        node.mark = Note("unchecked", label or type(value).__name__)
        return True

    def took(self, node: Node, value: Any, seconds: float) -> None:
        """A value has been digested in so many seconds."""
        if seconds < _SHORT:
            return
        if self._left is not None:
            self._left -= seconds
        if not node.edges and node.mark is None:
            self.met[id(value)] = _Kept(_holder(value), node.kind, node.own, seconds)


def _holder(value: Any) -> Callable[[], Any]:
    """Gives the value, without keeping it alive where that can be."""
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: value
