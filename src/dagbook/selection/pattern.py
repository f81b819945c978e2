"""Names with `*` for any text, matched in time linear in the name."""

from __future__ import annotations

from collections.abc import Iterable

WILDCARD = "*"


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The names that `pattern` matches as a whole; case counts, and `*` also stands for slashes.

    >>> matching("raw/*", ["raw/orders", "orders"])
    ['raw/orders']
    """
    # Pieces are looked for one after the other and never again: a regular expression would try
    # every way to split the name, which grows exponentially with the stars.
    pieces = pattern.split(WILDCARD)
    if len(pieces) == 1:
        return [name for name in names if name == pattern]
    head, *inner, tail = pieces
    inner = [piece for piece in inner if piece]
    least = len(head) + len(tail)
    return [
        name
        for name in names
        if len(name) >= least
        and name.startswith(head)
        and name.endswith(tail)
        and (not inner or _in_turn(inner, name, len(head), len(name) - len(tail)))
    ]


def _in_turn(pieces: list[str], name: str, start: int, end: int) -> bool:
    for piece in pieces:
        found = name.find(piece, start, end)
        if found < 0:
            return False
        start = found + len(piece)
    return True
