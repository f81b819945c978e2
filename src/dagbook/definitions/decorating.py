"""What a decorator gives: a definition of the function below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from dagbook.definitions.origin import placed
from dagbook.errors.base import did_you_mean, nearest
from dagbook.errors.definitions import InvalidDefinition

Body = Callable[..., Any]
T = TypeVar("T")
NO_OPTIONS: Mapping[str, Any] = {}


def decorating(make: Callable[..., Any], fn: Body | None, options: Mapping[str, Any]) -> Any:
    """What `make` makes of the function; where there is none yet, what does so for the next one."""
    made = making(make, options)
    return made if fn is None else made(fn)


def making(make: Callable[..., T], options: Mapping[str, Any] = NO_OPTIONS) -> Callable[[Body], T]:
    """What makes a definition of a function, with these options.

    `make` takes each option by name and has a default for it. Raises InvalidDefinition for an
    option that it does not take.
    """
    known = make.__kwdefaults__ or {}
    for name in options:
        if name not in known:
            raise InvalidDefinition(
                name=f"@{make.__name__[1:]}",
                problem=f"it has no argument `{name}`",
                remedy=did_you_mean(nearest(name, known)).strip() or "Leave it out.",
            )

    def made(body: Body) -> T:
        with placed(body):
            return make(body, **options)

    return made


def name_of(fn: Body) -> str:
    """The function's own name; raises InvalidDefinition for what has none."""
    own = getattr(fn, "__name__", None)
    if own is None:
        raise InvalidDefinition(
            name=type(fn).__name__,
            problem="what is decorated has no name of its own",
            remedy="Give one, as in name='orders'.",
        )
    return str(own)
