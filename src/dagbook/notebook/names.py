"""Names in ordinary cells that stand for the kept values of assets."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any

# Finds names wherever a cell may mention them: in code, in magics, in text that is evaluated.
_WORD = re.compile(r"[^\W\d]\w*")
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

    def before_cell(self, text: str) -> list[str]:
        """Make the mentioned assets readable; gives their names, in the order of the alphabet."""
        self._clear()
        # What libraries or IPython add to the builtins must be seen here too; 2 µs.
        self._space.update(builtins.__dict__)
        found = sorted(
            n for n in self.mentioned(text) if n not in self.namespace and self.is_asset(n)
        )
        return [name for name in found if self._fill(name)]

    def renew(self, names: Iterable[str]) -> None:
        """Let names that were already given stand for the newest value."""
        for name in names:
            if name in self._filled:
                self._fill(name)

    def mentioned(self, text: str) -> set[str]:
        """The names in a cell's text, and those in the notebook functions that it names."""
        found = set(_WORD.findall(text))
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
