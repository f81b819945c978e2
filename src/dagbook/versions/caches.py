"""Empties the caches of the user's own functions, so that no body rests on what ran before it.

What a cached function has remembered was computed with the constants of that time, and from files
that it does not open again, so that nobody sees that the body rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from dagbook.versions.carried import by_name
from dagbook.versions.origin import home_of_module

CACHED: type[Any] = type(lru_cache(lambda: None))
_met: WeakSet[Any] = WeakSet()
_forgotten = [0]


def meet_cache(function: Any) -> None:
    """Code reaches this cached function; from now on it is emptied unless it is of a package."""
    of_package = home_of_module(function.__module__) != "own"
    if not of_package or by_name(_name(function)) is not function:
        _met.add(function)


def named_caches() -> list[str]:
    """What other processes have of these by a name, as `module:qualified name`."""
    return [_name(one) for one in tuple(_met)]


def meet_named(names: Iterable[str]) -> None:
    """The same in another process, as far as it has loaded them."""
    for name in names:
        found = by_name(name)
        found = getattr(found, "__func__", found)
        if type(found) is CACHED:
            meet_cache(found)


def with_a_cache(function: Any, parameters: Mapping[str, Any]) -> Any:
    """A function with an empty cache of its own."""
    return lru_cache(**parameters)(function)


def empty_caches() -> None:
    """Have all cached functions forget what they know."""
    # Most notebooks have none, and to go through even an empty set of weak references takes its time.
    if _met and remembers():
        _forgotten[0] += 1
        for function in tuple(_met):
            function.cache_clear()


def forgotten() -> int:
    """How often something was forgotten: what was known before may have been used until then."""
    return _forgotten[0]


def remembers() -> bool:
    """Whether a cached function knows anything."""
    return any(function.cache_info().currsize for function in tuple(_met)) if _met else False


def _name(function: Any) -> str:
    # The cache of a partial function has no name.
    return f"{function.__module__}:{getattr(function, '__qualname__', '')}"
