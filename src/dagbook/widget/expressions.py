"""Writes what was clicked as a selection, so that a button can say which magic it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dagbook.definitions.keys import AssetKey

# A bare word names a key, unless it is a word of the language.
BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_/]*\Z")
WORDS = frozenset({"and", "or", "not", "AND", "OR", "NOT", "sinks", "roots"})


def key_expression(key: AssetKey) -> str:
    """The selection that names just this key.

    >>> key_expression(AssetKey(["raw", "flights"]))
    'raw/flights'
    >>> key_expression(AssetKey("and"))
    'key:"and"'
    """
    text = str(key)
    return text if BARE.match(text) and text not in WORDS else f'key:"{text}"'


def any_of(keys: Iterable[AssetKey]) -> str:
    """The selection of these keys together.

    >>> any_of([AssetKey("a"), AssetKey("b")])
    'a or b'
    """
    return " or ".join(map(key_expression, keys))


def group_expression(group: str) -> str:
    """The selection that names the assets of a group.

    >>> group_expression("raw")
    'group:"raw"'
    """
    return f'group:"{group}"'


def above(expression: str) -> str:
    """The selection and everything upstream of it."""
    return f"+{_whole(expression)}"


def below(expression: str) -> str:
    """The selection and everything downstream of it."""
    return f"{_whole(expression)}+"


def _whole(expression: str) -> str:
    simple = BARE.match(expression) or re.match(r'(key|group):"[^"]*"\Z', expression)
    return expression if simple else f"({expression})"
