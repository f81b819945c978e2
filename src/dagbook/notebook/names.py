"""Names in ordinary cells that stand for the kept values of assets."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from types import CodeType, FunctionType, MethodType
from typing import Any

from dagbook.notebook.callbacks import HandedOn
from dagbook.notebook.cell_text import CellText
from dagbook.records import dataclass

_GIVEN = "__builtins__"
_CACHED = type(functools.lru_cache(lambda: None))
_WRAPPERS = (MethodType, staticmethod, classmethod, property, functools.partial, _CACHED)
_CALLED = (FunctionType, *_WRAPPERS)
_WRAPPED = ("__func__", "__self__", "__wrapped__", "func", "fget", "fset")


@dataclass(slots=True)
class AssetNames:
    """Gives the namespace builtins of its own, in which assets stand beside the real ones.

    A user's variable of the same name always wins, as it does over any builtin. `value_of` gives the
    kept value of a name that is an asset's; it raises LookupError where there is none; `kept` names
    the newest value without a look at how it stands, and loads it. Before each
    cell the names that it mentions, itself or through the functions that it calls, are looked up
    anew, so that they never show an earlier value.
    """

    namespace: dict[str, Any]
    is_asset: Callable[[str], bool]
    value_of: Callable[[str], Any]
    kept: Callable[[str], tuple[str, Callable[[], Any]] | None]
    handed: HandedOn = field(default_factory=HandedOn)
    _lent: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _space: dict[str, Any] = field(default_factory=dict)
    _filled: set[str] = field(default_factory=set)
    _wanted: set[str] = field(default_factory=set)
    _before: Any = None

    def install(self) -> None:
        """Put the private builtins in place; functions defined from now on see them too."""
        self._before = self.namespace.get(_GIVEN, builtins)
        self._space.update(builtins.__dict__)
        self.put_back()

    def put_back(self) -> None:
        """Put the private builtins in place again: `%run` and `%reset` put the real ones there."""
        self.namespace[_GIVEN] = self._space

    def remove(self) -> None:
        """Give the namespace back the builtins that it had."""
        self._clear()
        self.namespace[_GIVEN] = self._before

    def before_cell(self, cell: CellText) -> list[str]:
        """Make the mentioned assets readable; gives those that are read, in alphabetical order."""
        self._clear()
        self.put_back()
        # What libraries or IPython add to the builtins must be seen here too; 2 µs.
        self._space.update(builtins.__dict__)
        named = sorted(filter(self.is_asset, self.mentioned(cell.words)))
        # A variable hides an asset, unless the cell may delete it.
        hidden = {name for name in named if name in self.namespace}
        self._wanted = set(named) if cell.deletes else set(named) - hidden
        for name in self._for_callbacks():
            self.lend(name)
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

    def _for_callbacks(self) -> set[str]:
        """The assets that functions read which earlier cells have handed on."""
        handed, space = self.handed, self.namespace
        functions = {n for n in handed.functions if _holds_code(space.get(n), space)}
        found = self.mentioned(functions | handed.words)
        return {name for name in found - self._wanted if name not in space and self.is_asset(name)}

    def lend(self, name: str) -> None:
        """Let a name stand for the newest kept value, for functions that no cell calls."""
        newest = self.kept(name)
        if newest is not None and name not in self.namespace:
            self._lend(name, *newest)

    def lent_anew(self, name: str, record: str, load: Callable[[], Any]) -> None:
        """There is a newer value while no cell runs: functions that are called now read that."""
        if name in self._filled:
            self._lend(name, record, load)

    def _lend(self, name: str, record: str, load: Callable[[], Any]) -> None:
        known = self._lent.get(name)
        try:
            value = known[1] if known is not None and known[0] == record else load()
        except LookupError:
            return
        self._lent[name] = record, value
        self._space[name] = value
        self._filled.add(name)

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


def kept_through_run(shell: Any, names: AssetNames) -> Callable[[], None]:
    """Have the functions that a cell defines below a `%run` read assets too; gives what undoes it."""
    run = shell.find_line_magic("run")

    @functools.wraps(run)
    def run_and_put_back(*args: Any, **options: Any) -> Any:
        try:
            return run(*args, **options)
        finally:
            names.put_back()

    magics: dict[str, Any] = shell.magics_manager.magics["line"]
    magics["run"] = run_and_put_back
    return lambda: magics.update(run=run)


def _names_in(value: object, namespace: Mapping[str, Any]) -> Iterator[str]:
    """The names that a function, class or instance of the notebook mentions."""
    todo: list[Any] = [value]
    met = set[int]()
    while todo:
        one = todo.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        # Never `isinstance`: the value's own class may say that it is another, or raise.
        kind = type(one)
        if kind is FunctionType:
            if one.__globals__ is namespace:
                yield from _names_of_code(one.__code__)
            todo += _held_by(one)
        elif issubclass(kind, type):
            if one.__module__ == namespace.get("__name__"):
                todo += [*vars(one).values(), *one.__bases__]
        elif issubclass(kind, _WRAPPERS):
            todo += [getattr(one, name, None) for name in _WRAPPED]
        elif kind.__module__ == namespace.get("__name__"):
            todo.append(kind)


def _held_by(function: FunctionType) -> list[object]:
    """The functions that a decorated one stands for."""
    found: list[object] = [vars(function).get("__wrapped__")]
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:
            continue
    return [one for one in found if issubclass(type(one), _CALLED)]


def _holds_code(value: object, namespace: Mapping[str, Any]) -> bool:
    """Whether a value is code of the notebook, or an instance of a class of it."""
    kind = type(value)
    if issubclass(kind, (*_CALLED, type)):
        return True
    return kind.__module__ == namespace.get("__name__")


def _names_of_code(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_of_code(constant)
