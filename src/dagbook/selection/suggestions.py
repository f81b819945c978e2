"""The known names nearest to a mistyped one, also among very many."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.errors.base import nearest

# Comparing by similarity costs about 10 µs a name.
_COMPARED = 2_000
_MOST = 3


def closest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that `name` may have meant, best first; those that end in it before all."""
    known = list(known)
    folded = name.casefold()
    tail = "/" + folded
    ending = [other for other in known if other.casefold().endswith(tail)][:_MOST]
    if len(known) > _COMPARED:
        known = _shortlist(folded, known)
    return tuple(dict.fromkeys([*ending, *nearest(name, known, most=_MOST)]))[:_MOST]


def _shortlist(folded: str, known: list[str]) -> list[str]:
    """The names that share most letter pairs with the mistyped one."""
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1)}
    ranked = []
    for other in known:
        if abs(len(other) - len(folded)) <= max(3, len(folded) // 2):
            text = other.casefold()
            shared = sum(pair in text for pair in pairs)
            if shared * 3 >= len(pairs):
                ranked.append((-shared, other))
    ranked.sort()
    return [other for _, other in ranked[:_COMPARED]]
