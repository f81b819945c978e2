"""Recording what the body of a graph calls, while it is called once with handles."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import field
from typing import Any, Protocol

from dagbook.definitions.handles import CollectedHandle, DynamicHandle, InputHandle, InvokedOutput
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.results import NO_VALUE, RetryPolicy
from dagbook.definitions.wiring import By, FromInput, Item, Several, Source, leaves
from dagbook.errors.base import nearest
from dagbook.errors.definitions import DefinitionError, InvalidDefinition
from dagbook.records import dataclass


class Port(Protocol):
    """An input of a node."""

    @property
    def name(self) -> str: ...
    @property
    def default(self) -> Any: ...
    @property
    def annotation(self) -> Any: ...


class NodeDefinition(Protocol):
    """What can be called in the body of a graph: an op, or another graph."""

    @property
    def name(self) -> str: ...
    @property
    def ins(self) -> tuple[Any, ...]: ...
    @property
    def outs(self) -> tuple[Any, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One call of an op or a graph: under which name, with which sources for its inputs."""

    alias: str
    definition: Any
    inputs: Mapping[str, Source]
    by: By | None = None
    retry_policy: RetryPolicy | None = None


@dataclass(slots=True)
class Composition:
    """What the body of one graph has called so far, and what was wrong with it."""

    graph: str
    invocations: dict[str, Invocation] = field(default_factory=dict)
    faults: list[DefinitionError] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def fault(self, problem: str, remedy: str) -> None:
        """Note a fault; all of them are raised when the body has been called."""
        self.faults.append(InvalidDefinition(name=self.graph, problem=problem, remedy=remedy))

    def add(
        self,
        node: NodeDefinition,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        alias: str | None,
        retry_policy: RetryPolicy | None,
    ) -> Any:
        """Record a call; gives the handles of the outputs."""
        name = self._name(node, alias)
        inputs = self._inputs(node, name, args, kwargs)
        by = self._mapped_over(name, inputs)
        self.used.update(
            one.name
            for source in inputs.values()
            for one in leaves(source)
            if isinstance(one, FromInput)
        )
        self.invocations[name] = Invocation(
            alias=name, definition=node, inputs=inputs, by=by, retry_policy=retry_policy
        )
        return _handles(node, name, by, self)

    def _name(self, node: NodeDefinition, alias: str | None) -> str:
        wanted = alias or node.name
        if wanted not in self.invocations:
            return wanted
        if alias is not None:
            self.fault(f"two of its nodes are called `{alias}`", "Give each an alias of its own.")
        number = 2
        while f"{wanted}_{number}" in self.invocations:
            number += 1
        return f"{wanted}_{number}"

    def _inputs(
        self, node: NodeDefinition, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> dict[str, Source]:
        ports: dict[str, Port] = {port.name: port for port in node.ins}
        if len(args) > len(ports):
            self.fault(
                f"`{name}` is given {len(args)} inputs and has {len(ports)}",
                f"It has: {', '.join(ports) or 'none'}.",
            )
        given = dict(zip(ports, args, strict=False))
        for key, value in kwargs.items():
            if key not in ports:
                near = nearest(key, ports)
                hint = f" Did you mean `{near[0]}`?" if near else ""
                self.fault(
                    f"`{name}` has no input `{key}`",
                    f"It has: {', '.join(ports) or 'none'}.{hint}",
                )
            elif key in given:
                self.fault(f"the input `{key}` of `{name}` is given twice", "Give it once.")
            else:
                given[key] = value
        return self._connected(name, ports, given)

    def _connected(
        self, name: str, ports: Mapping[str, Port], given: Mapping[str, Any]
    ) -> dict[str, Source]:
        found: dict[str, Source] = {}
        for key, port in ports.items():
            if key in given:
                source = self._source(name, key, given[key])
                if source is not None:
                    found[key] = source
            elif port.default is NO_VALUE:
                what = "waits for" if port.annotation is Nothing else "reads"
                self.fault(
                    f"nothing is connected to the input `{key}` that `{name}` {what}",
                    "Hand it an output or an input of the graph, or give it a default.",
                )
        return found

    def _source(self, name: str, key: str, value: Any) -> Source | None:
        if isinstance(value, (InvokedOutput, InputHandle, CollectedHandle)):
            return value.source
        if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
            parts = [self._source(name, key, one) for one in value]
            return Several(tuple([part for part in parts if part is not None]))
        if isinstance(value, DynamicHandle):
            self.fault(
                f"{value} is handed to `{name}` as if it were one value",
                "Use `.map(function)` for each of them, or `.collect()` for the list.",
            )
        elif isinstance(value, tuple) and hasattr(value, "_fields"):
            self.fault(
                f"`{name}.{key}` is given all outputs of an op at once",
                f"Choose one of: {', '.join(value._fields)}.",
            )
        else:
            self.fault(
                f"`{name}.{key}` is given a value of type {type(value).__name__}",
                "Only outputs of ops and inputs of the graph can be connected: make the value the "
                f"parameter's default where the op is defined (`{key}=…`), or make it in an op.",
            )
        return None

    def _mapped_over(self, name: str, inputs: Mapping[str, Source]) -> By | None:
        over = {
            one.by for source in inputs.values() for one in leaves(source) if isinstance(one, Item)
        }
        if len(over) > 1:
            self.fault(f"`{name}` is mapped over two dynamic outputs", "Collect one of them first.")
        return min(over, default=None)


_open: ContextVar[Composition | None] = ContextVar("dagbook_composition", default=None)


def current() -> Composition | None:
    """The graph whose body is being called now; None outside of one."""
    return _open.get()


@contextmanager
def composing(graph: str) -> Iterator[Composition]:
    """Calls of ops and graphs within the block are recorded instead of carried out."""
    composition = Composition(graph)
    token = _open.set(composition)
    try:
        yield composition
    finally:
        _open.reset(token)


def _handles(node: NodeDefinition, name: str, by: By | None, composition: Composition) -> Any:
    handles: list[InvokedOutput | DynamicHandle] = []
    for out in node.outs:
        if not out.dynamic:
            handles.append(InvokedOutput(name, out.name, by))
            continue
        if by is not None:
            composition.fault(
                f"`{name}` has a dynamic output and is itself mapped over one",
                "Collect the first one before the second begins.",
            )
        handles.append(DynamicHandle(name, out.name, (name, out.name)))
    if len(handles) == 1:
        return handles[0]
    if not handles:
        return None
    names = [out.name for out in node.outs]
    return namedtuple(f"{node.name}_outputs", names, rename=True)(*handles)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingInvocation:
    """An op or graph that is to be called under another name or with another retry policy."""

    definition: Any
    name: str | None = None
    retry_policy: RetryPolicy | None = None

    def alias(self, name: str) -> PendingInvocation:
        """The same under this name."""
        return PendingInvocation(
            definition=self.definition, name=name, retry_policy=self.retry_policy
        )

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingInvocation:
        """The same, tried again as this policy says."""
        return PendingInvocation(
            definition=self.definition, name=self.name, retry_policy=retry_policy
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it: recorded in the body of a graph, carried out elsewhere."""
        composition = current()
        if composition is None:
            return self.definition(*args, **kwargs)
        return composition.add(self.definition, args, kwargs, self.name, self.retry_policy)
