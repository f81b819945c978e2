"""Names in ordinary cells that stand for the kept values of assets."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

from dagbook.notebook.cell_text import CellText

_GIVEN = "__builtins__"


@dataclass(slots=True)
class AssetNames:
    """Gives the namespace builtins of its own, in which assets stand beside the real ones.

    A user's variable of the same name always wins, as it does over any builtin. `value_of` gives the
    kept value of a name that is an asset's; it raises LookupError where there is none. Before each
    cell the names that it mentions, itself or through the functions that it calls, are looked up
    anew, so that they never show an earlier value.
    """

    namespace: dict[str, Any]
    is_asset: Callable[[str], bool]
    value_of: Callable[[str], Any]
    _space: dict[str, Any] = field(default_factory=dict)
    _filled: set[str] = field(default_factory=set)
    _wanted: set[str] = field(default_factory=set)
    _before: Any = None

    def install(self) -> None:
        """Put the private builtins in place; functions defined from now on see them too."""
        self._before = self.namespace.get(_GIVEN, builtins)
        self._space.update(builtins.__dict__)
        self.namespace[_GIVEN] = self._space

    def remove(self) -> None:
        """Give the namespace back the builtins that it had."""
        self._clear()
        self.namespace[_GIVEN] = self._before

    def before_cell(self, cell: CellText) -> list[str]:
        """Make the mentioned assets readable; gives those that are read, in alphabetical order."""
        self._clear()
        # What libraries or IPython add to the builtins must be seen here too; 2 µs.
        self._space.update(builtins.__dict__)
        named = sorted(filter(self.is_asset, self.mentioned(cell.words)))
        # A variable hides an asset, unless the cell may delete it.
        hidden = {name for name in named if name in self.namespace}
        self._wanted = set(named) if cell.deletes else set(named) - hidden
        return [name for name in sorted(self._wanted) if self._fill(name) and name not in hidden]

    def gives(self, name: str) -> bool:
        """Whether this cell reads the asset by this name, and no variable of it."""
        return name in self._filled and name not in self.namespace

    def given(self, name: str) -> Any:
        """The value that this cell was given for a name."""
        return self._space[name]

    def renew(self, name: str) -> None:
        """Let a name that this cell mentions stand for the newest value."""
        if name in self._wanted:
            self._fill(name)

    def mentioned(self, words: Iterable[str]) -> set[str]:
        """These names, and those in the notebook's functions and classes that they name."""
        found = set(words)
        todo = list(found)
        while todo:
            for name in _names_in(self.namespace.get(todo.pop()), self.namespace):
                if name not in found:
                    found.add(name)
                    todo.append(name)
        return found

    def _fill(self, name: str) -> bool:
        try:
            self._space[name] = self.value_of(name)
        except LookupError:
            return False
        self._filled.add(name)
        return True

    def _clear(self) -> None:
        for name in self._filled:
            self._space.pop(name, None)
        self._filled.clear()


def _names_in(value: object, namespace: Mapping[str, Any]) -> Iterator[str]:
    """The names that a function or class of the notebook mentions."""
    if isinstance(value, FunctionType) and value.__globals__ is namespace:
        yield from _names_of_code(value.__code__)
    elif isinstance(value, type) and value.__module__ == namespace.get("__name__"):
        for member in vars(value).values():
            yield from _names_in(getattr(member, "__func__", member), namespace)


def _names_of_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of_code(constant)
