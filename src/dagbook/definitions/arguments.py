"""Arguments of a declaration that must be of some kind, looked at before they are used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from dagbook.definitions.keys import AssetKey
from dagbook.errors.definitions import InvalidDefinition

T = TypeVar("T")


def several(owner: object, what: str, given: Iterable[T], kind: type = object) -> tuple[T, ...]:
    """All that a list holds.

    Raises InvalidDefinition for a bare string, which would be read letter by letter, for another
    single thing, and for a part that is not of this kind.

    >>> several("orders", "reads", ["a.csv", "b.csv"], str)
    ('a.csv', 'b.csv')
    """
    if isinstance(given, str):
        raise InvalidDefinition(
            name=str(owner),
            problem=f"{what}={given!r} is a bare string",
            remedy=f"Write {what}=[{given!r}].",
        )
    if isinstance(given, AssetKey) or not isinstance(given, Iterable):
        raise InvalidDefinition(
            name=str(owner),
            problem=f"{what} is of type {type(given).__name__} and no list",
            remedy=f"Write {what}=[…], also for a single one.",
        )
    found = tuple(given)
    for part in found:
        of_kind(owner, f"a part of {what}", part, kind)
    return found


def by_name(
    owner: object, what: str, given: Mapping[str, T], kind: type = object
) -> Mapping[str, T]:
    """The dictionary that was given; raises InvalidDefinition for another thing in or for it.

    >>> by_name("orders", "tags", {"team": "north"}, str)
    {'team': 'north'}
    """
    if not isinstance(given, Mapping):
        raise InvalidDefinition(
            name=str(owner),
            problem=f"{what} is of type {type(given).__name__} and no dictionary",
            remedy=f"Write {what}={{name: …}}.",
        )
    for name, part in given.items():
        of_kind(owner, f"{what}[{name!r}]", part, kind)
    return given


def of_kind(owner: object, what: str, given: Any, kind: type) -> Any:
    """What was given; raises InvalidDefinition where it is of another kind."""
    if isinstance(given, kind):
        return given
    raise InvalidDefinition(
        name=str(owner),
        problem=f"{what} is of type {type(given).__name__}: {str(given)[:100]}",
        remedy=f"It must be of type {kind.__name__}.",
    )


def amount(owner: object, what: str, given: float) -> float:
    """A number that is not below zero; raises InvalidDefinition for anything else.

    >>> amount("orders", "max_age", 60)
    60
    """
    if isinstance(given, (int, float)) and given >= 0:
        return given
    raise InvalidDefinition(
        name=str(owner),
        problem=f"{what}={given!r} is no number from 0 on",
        remedy="Give one; durations are in seconds.",
    )
