"""The user's code in a value as part of its data version: who reads the value reads that code too."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from dagbook.versions.origin import home_of_module

# No digest holds it, and no one types it into a declared version.
BESIDE = "\t"


def by_name(name: str) -> Any:
    """The class, function or module of the name `module:qualified name`; None where there is none."""
    module, _, path = name.partition(":")
    found: Any = sys.modules.get(module)
    for part in path.split(".") if path else ():
        found = vars(found).get(part) if isinstance(found, (type, ModuleType)) else None
    return found


def carrying(version: str, named: Iterable[str]) -> str:
    """A data version that names the user's own classes and functions that are in the value.

    They are written `module:qualified name`; those of installed packages are left out.

    >>> carrying("1f", ["__main__:Order", "builtins:list"]).split()
    ['1f', '__main__:Order']
    """
    own = [one for one in sorted(named) if home_of_module(one.partition(":")[0]) == "own"]
    return BESIDE.join((version, *own))


def named_in(version: str) -> tuple[str, ...]:
    """The classes and functions that a data version names."""
    return tuple(version.split(BESIDE)[1:]) if BESIDE in version else ()


def content_of(version: str) -> str:
    """The version of the content alone.

    >>> content_of(carrying("1f", ["__main__:Order"]))
    '1f'
    """
    return version.partition(BESIDE)[0]


def with_code(version: str, code: str) -> str:
    """A data version as its readers see it: together with the code of what it names."""
    return f"{version}{BESIDE}{code}"
