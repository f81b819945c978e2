"""`dataclass` for dagbook's own classes, declared in a quarter of the time that the standard one takes.

A kernel, a command and a worker process each declare hundreds of records before they can do
anything. `dataclasses.dataclass` writes and compiles up to six methods for each; only `__init__` needs
that, so here the others are shared. To callers and type checkers it is the same: `fields`, `replace`,
`is_dataclass`, pickling and copying work.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError
from operator import attrgetter
from reprlib import recursive_repr
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, init=True, repr=True, eq=True, frozen=False, **how):
        """What `dataclasses.dataclass` of the same arguments makes."""

        def record(kind: type) -> type:
            made = dataclasses.dataclass(init=False, repr=False, eq=False, **how)(kind)
            own = dataclasses.fields(made)
            methods = {"__init__": _Later(made, frozen)} if init else {}
            methods |= {"__repr__": _shown} if repr else {}
            methods |= _comparing(own, frozen) if eq else {}
            methods |= _FROZEN if frozen else {}
            methods |= _PICKLED if frozen and how.get("slots") else {}
            for name, method in methods.items():
                # A method of the class itself stands; one that `__eq__` took away does not.
                if made.__dict__.get(name) is None:
                    setattr(made, name, method)
            return made

        return record


class _Factory:
    """Stands in a signature for a default that is made anew for every record."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


class _Later:
    """Stands for the `__init__` of a class until it is looked up; of most no record is ever made."""

    def __init__(self, made: Any, frozen: bool) -> None:
        self._made, self._frozen = made, frozen

    def __get__(self, record: object, kind: type | None = None) -> Any:
        method = _init(self._made, dataclasses.fields(self._made), self._frozen)
        self._made.__init__ = method
        return method.__get__(record, kind)


def _init(made: type, own: tuple[Field[Any], ...], frozen: bool) -> Any:
    """The `__init__` that takes and sets the fields; `__post_init__` sets those that it does not take."""
    taken = [field for field in own if field.init]
    given: dict[str, Any] = {"_FACTORY": _FACTORY, "_set": object.__setattr__}
    positional = [_parameter(field, given) for field in taken if not field.kw_only]
    named = [_parameter(field, given) for field in taken if field.kw_only]
    lines = [_assignment(made, field, frozen, given) for field in taken]
    if hasattr(made, "__post_init__"):
        lines.append("self.__post_init__()")
    head = ", ".join(["self", *positional, *(["*", *named] if named else [])])
    exec(f"def __init__({head}): " + ("; ".join(lines) or "pass"), given)
    method = given["__init__"]
    method.__module__, method.__qualname__ = made.__module__, f"{made.__qualname__}.__init__"
    method.__annotations__ = {**{field.name: field.type for field in taken}, "return": None}
    return method


def _parameter(field: Field[Any], given: dict[str, Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_FACTORY"
    if field.default is MISSING:
        return field.name
    given[f"_default_{field.name}"] = field.default
    return f"{field.name}=_default_{field.name}"


def _assignment(made: type, field: Field[Any], frozen: bool, given: dict[str, Any]) -> str:
    name = value = field.name
    if field.default_factory is not MISSING:
        given[f"_make_{name}"] = field.default_factory
        value = f"_make_{name}() if {name} is _FACTORY else {name}"
    if not frozen:
        return f"self.{name} = {value}"
    slot = getattr(made, name, None)
    if isinstance(slot, MemberDescriptorType):
        given[f"_set_{name}"] = slot.__set__
        return f"_set_{name}(self, {value})"
    return f"_set(self, {name!r}, {value})"


def _comparing(own: tuple[Field[Any], ...], frozen: bool) -> dict[str, Any]:
    """Equal are records of one class whose fields are; frozen ones have a hash of them."""
    names = [field.name for field in own if field.compare]
    # Of one name, it would give the bare value and no tuple.
    values = attrgetter(*names) if len(names) > 1 else _few(names)

    def __eq__(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def __hash__(self: Any) -> int:
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _few(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda record: tuple([getattr(record, name) for name in names])


@recursive_repr()
def _shown(self: Any) -> str:
    own = [field.name for field in dataclasses.fields(self) if field.repr]
    values = ", ".join([f"{name}={getattr(self, name)!r}" for name in own])
    return f"{type(self).__qualname__}({values})"


def _refused(self: Any, name: str, *_value: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_FROZEN = {"__setattr__": _refused, "__delattr__": _refused}
# What pickle does by itself for slots would set the attributes one by one.
_PICKLED = {"__getstate__": _state, "__setstate__": _set_state}
