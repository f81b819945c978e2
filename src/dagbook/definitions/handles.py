"""Handles: what stands for a value while a graph of ops is put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from dagbook.definitions.wiring import By, Collected, FromInput, FromOp, Item, Source
from dagbook.errors.composition import HandleIsNoValue
from dagbook.records import dataclass

_USES = {
    "compared": ("__lt__", "__le__", "__gt__", "__ge__"),
    "used in a condition": ("__bool__",),
    "looped over": ("__iter__", "__next__", "__len__", "__contains__"),
    "called": ("__call__",),
    "indexed": ("__getitem__", "__setitem__", "__delitem__"),
    "calculated with": tuple(
        f"__{side}{name}__"
        for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and")
        + ("or", "xor", "lshift", "rshift")
        for side in ("", "r", "i")
    )
    + ("__neg__", "__pos__", "__abs__", "__invert__", "__round__"),
    "turned into a number": ("__int__", "__float__", "__index__", "__complex__"),
    "entered": ("__enter__", "__exit__"),
}


class Handle:
    """An output or input of a graph that is being put together; using it as a value raises."""

    def __str__(self) -> str:
        return "a handle"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise HandleIsNoValue(handle=str(self), use=f"asked for `.{name}`")


def _refusing(use: str) -> Callable[..., NoReturn]:
    def refuse(self: Handle, *_: object) -> NoReturn:
        raise HandleIsNoValue(handle=str(self), use=use)

    return refuse


for _use, _names in _USES.items():
    for _name in _names:
        setattr(Handle, _name, _refusing(_use))


@dataclass(frozen=True, eq=False, repr=False)
class InvokedOutput(Handle):
    """One output of an op or graph that was called in the body of a graph.

    `by` is the dynamic output over which a `map` goes, in whose function this handle lives.
    """

    node: str
    output: str
    by: By | None = None

    def __str__(self) -> str:
        return f"the output `{self.output}` of `{self.node}`"

    @property
    def source(self) -> Source:
        """Where an input that takes this handle gets its value."""
        if self.by is None:
            return FromOp(self.node, self.output)
        return Item(self.node, self.output, self.by)


@dataclass(frozen=True, eq=False, repr=False)
class DynamicHandle(Handle):
    """Outputs of which there will be as many as an op gives: to `map` over and to `collect`."""

    node: str
    output: str
    by: By

    def __str__(self) -> str:
        return f"the dynamic output `{self.output}` of `{self.node}`"

    def map(self, body: Callable[[InvokedOutput], Any]) -> Any:
        """Call `body` once, with a handle of any one of them; what it returns can be mapped again."""
        given = body(InvokedOutput(self.node, self.output, self.by))
        if isinstance(given, tuple):
            return tuple([_mapped(one) for one in given])
        return _mapped(given)

    def collect(self) -> CollectedHandle:
        """A handle of the list of all of them."""
        return CollectedHandle(Collected(self.node, self.output, self.by))


@dataclass(frozen=True, eq=False, repr=False)
class CollectedHandle(Handle):
    """The list of the values of a dynamic output."""

    source: Source

    def __str__(self) -> str:
        return "a collected list"


@dataclass(frozen=True, eq=False, repr=False)
class InputHandle(Handle):
    """An input of the graph that is being put together."""

    name: str

    def __str__(self) -> str:
        return f"the input `{self.name}`"

    @property
    def source(self) -> Source:
        """Where an input that takes this handle gets its value."""
        return FromInput(self.name)


def _mapped(given: Any) -> Any:
    if isinstance(given, InvokedOutput) and given.by is not None:
        return DynamicHandle(given.node, given.output, given.by)
    return given
