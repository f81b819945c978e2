"""Tells which entries of two mappings are not the very same objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import compress, islice
from operator import is_not
from typing import TypeVar
from weakref import ref

K = TypeVar("K")
V = TypeVar("V")
_MISSING = object()


class Edition(dict[K, V]):
    """A dictionary that was made from another one and may say where it differs from that.

    >>> first = Edition({1: "one", 2: "two"})
    >>> second = Edition(first)
    >>> second[3] = "three"
    >>> second.made_from(first, [3])
    >>> differing(second, first)
    [3]
    """

    __slots__ = ("__weakref__", "_of", "_places")

    def __init__(self, entries: Mapping[K, V] | None = None) -> None:
        super().__init__(entries or {})
        self._of: ref[Edition[K, V]] | None = None
        self._places: tuple[K, ...] = ()

    def made_from(self, of: Edition[K, V], places: Iterable[K]) -> None:
        """It differs from `of` at these keys at most, and neither is changed from now on."""
        self._of, self._places = ref(of), tuple(places)

    def places(self, then: object) -> tuple[K, ...] | None:
        """The keys at which it may differ from `then`; None where that may be any."""
        return self._places if self._of is not None and self._of() is then else None


def differing(now: Mapping[K, object], then: Mapping[K, object]) -> list[K]:
    """The keys of either mapping behind which the other has another object, or none.

    >>> one, two = "one", "two"
    >>> differing({1: one, 2: two}, {1: one, 3: two})
    [2, 3]
    """
    if now is then:
        return []
    places = now.places(then) if isinstance(now, Edition) else None
    if places is not None:
        return [key for key in places if now.get(key, _MISSING) is not then.get(key, _MISSING)]
    if not any(map(is_not, now, then)):
        # The same keys in the same order and perhaps more, as after most changes: no look-ups.
        others = compress(now, map(is_not, now.values(), then.values()))
        return [*others, *islice(now, len(then), None), *islice(then, len(now), None)]
    found = [key for key, value in now.items() if then.get(key, _MISSING) is not value]
    return [*found, *[key for key in then if key not in now]]
