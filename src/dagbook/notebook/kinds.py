"""Tells what a value of the user is, without asking the value."""

from __future__ import annotations

from types import UnionType
from typing import Any


def is_a(value: Any, kind: type | tuple[type, ...] | UnionType) -> bool:
    """Whether a value is of a class, whatever its own `__class__` says or raises.

    >>> is_a([], list), is_a([], str | int)
    (True, False)
    """
    return issubclass(type(value), kind)
