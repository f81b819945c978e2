"""Tells which entries of two mappings are not the very same objects."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress, islice
from operator import is_not
from typing import TypeVar

K = TypeVar("K")


def differing(now: Mapping[K, object], then: Mapping[K, object]) -> list[K]:
    """The keys of either mapping behind which the other has another object, or none.

    >>> one, two = "one", "two"
    >>> differing({1: one, 2: two}, {1: one, 3: two})
    [2, 3]
    """
    if now is then:
        return []
    if not any(map(is_not, now, then)):
        # The same keys in the same order and perhaps more, as after most changes: no look-ups.
        others = compress(now, map(is_not, now.values(), then.values()))
        return [*others, *islice(now, len(then), None), *islice(then, len(now), None)]
    missing = object()
    found = [key for key, value in now.items() if then.get(key, missing) is not value]
    return [*found, *[key for key in then if key not in now]]
