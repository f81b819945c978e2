"""The user's classes in a value as part of its data version: who reads it reads their code too."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.versions.origin import home_of_module

# No digest holds it, and no one types it into a declared version.
BESIDE = "\t"


def carrying(version: str, classes: Iterable[str]) -> str:
    """A data version that names the user's own classes whose instances are in the value.

    `classes` are written `module:qualified name`; those of installed packages are left out.

    >>> carrying("1f", ["__main__:Order", "builtins:list"]).split()
    ['1f', '__main__:Order']
    """
    own = [one for one in sorted(classes) if home_of_module(one.partition(":")[0]) == "own"]
    return BESIDE.join((version, *own))


def classes_in(version: str) -> tuple[str, ...]:
    """The classes that a data version names."""
    return tuple(version.split(BESIDE)[1:]) if BESIDE in version else ()


def content_of(version: str) -> str:
    """The version of the content alone.

    >>> content_of(carrying("1f", ["__main__:Order"]))
    '1f'
    """
    return version.partition(BESIDE)[0]


def with_code(version: str, code: str) -> str:
    """A data version as its readers see it: together with the code of the classes that it names."""
    return f"{version}{BESIDE}{code}"
