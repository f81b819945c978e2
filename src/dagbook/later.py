"""Modules of ours that are loaded with their first use, because what loads first does not need them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class later(ModuleType):
    """A module in whose place this stands until something of it is asked for.

    For type checkers the name is the module itself:

        if TYPE_CHECKING:
            from dagbook.engine import machinery
        else:
            machinery = later("dagbook.engine.machinery")
    """

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)
        return found
