"""Graphs of ops: which op feeds which, under one name, with inputs and outputs of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.composing import (
    Composition,
    Invocation,
    PendingInvocation,
    composing,
    current,
)
from dagbook.definitions.handles import (
    CollectedHandle,
    DynamicHandle,
    Handle,
    InputHandle,
    InvokedOutput,
)
from dagbook.definitions.keys import check_name
from dagbook.definitions.ops import OpOutput, Parameter, op_from_function
from dagbook.definitions.origin import Origin
from dagbook.definitions.results import NO_VALUE, RetryPolicy
from dagbook.definitions.wiring import FromOp
from dagbook.errors.composition import FaultyDefinition
from dagbook.records import dataclass

Body = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class GraphDefinition:
    """Ops that are called with each other's outputs; can be called in another graph like an op.

    `invocations` come in an order in which each uses only earlier ones; `mapping` says which output
    of which node is an output of the graph.
    """

    name: str
    ins: tuple[Parameter, ...]
    outs: tuple[OpOutput, ...]
    invocations: tuple[Invocation, ...]
    mapping: Mapping[str, FromOp]
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = field(default_factory=lambda: Origin(where="unknown"))
    body: Body | None = field(default=None, repr=False)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """In the body of another graph: record the call; elsewhere: run the ops as plain functions."""
        composition = current()
        if composition is not None:
            return composition.add(self, args, kwargs, None, None)
        assert self.body is not None
        return self.body(*args, **kwargs)

    def alias(self, name: str) -> PendingInvocation:
        """This graph under another name, to be called in the body of a graph."""
        return PendingInvocation(definition=self, name=name)

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingInvocation:
        """This graph with a retry policy for all of its ops, to be called in the body of a graph."""
        return PendingInvocation(definition=self, retry_policy=retry_policy)


def compose(
    fn: Body,
    *,
    name: str,
    out_names: tuple[str, ...] | None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    ins: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
) -> GraphDefinition:
    """The graph that a body puts together when it is called once with handles.

    `out_names`: the declared outputs; None for one called `result`, or those of a returned dict.
    `optional`: more outputs, which a returned dict may have or not. Raises InvalidDefinition, HandleIsNoValue, or FaultyDefinition with all the faults.
    """
    signature = op_from_function(fn, name=check_name(name, "graph"))
    with composing(name) as composition:
        given = fn(**{one.name: InputHandle(one.name) for one in signature.ins})
    _judge_inputs(composition, signature.ins, signature.takes_context, ins)
    outs, mapping = _outputs(composition, given, _present(given, out_names, optional))
    faults = tuple(composition.faults)
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise FaultyDefinition(name=name, faults=faults, place=signature.origin.place)
    return GraphDefinition(
        name=name,
        ins=signature.ins,
        outs=outs,
        invocations=tuple(composition.invocations.values()),
        mapping=mapping,
        description=description or fn.__doc__,
        tags=tags or {},
        origin=signature.origin,
        body=fn,
    )


def _judge_inputs(
    composition: Composition, ins: tuple[Parameter, ...], context: bool, declared: tuple[str, ...]
) -> None:
    names = [one.name for one in ins]
    if context:
        composition.fault("its body takes a context", "Only ops have one: let an op take it.")
    for one in ins:
        if one.name not in composition.used:
            composition.fault(
                f"its input `{one.name}` is not used", "Hand it to an op, or take it out."
            )
        if one.default is not NO_VALUE:
            composition.fault(
                f"its input `{one.name}` has a default", "Give the op's own input the default."
            )
    for extra in declared:
        if extra not in names:
            composition.fault(f"`{extra}` is declared and no parameter", "Take it out of `ins`.")


def _present(
    given: Any, out_names: tuple[str, ...] | None, optional: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The declared outputs, with those of the optional ones that the body returns."""
    if out_names is None or not isinstance(given, Mapping):
        return out_names
    return (*out_names, *[name for name in optional if name in given])


def _outputs(
    composition: Composition, given: Any, out_names: tuple[str, ...] | None
) -> tuple[tuple[OpOutput, ...], dict[str, FromOp]]:
    handles = _named_outputs(composition, given, out_names)
    outs, mapping = [], {}
    for name, handle in handles.items():
        source = _output_source(composition, name, handle)
        if source is None:
            continue
        mapping[name] = source
        inner = composition.invocations[source.node].definition
        below = next(out for out in inner.outs if out.name == source.output)
        outs.append(replace(below, name=name))
    return tuple(outs), mapping


def _named_outputs(
    composition: Composition, given: Any, out_names: tuple[str, ...] | None
) -> dict[str, Any]:
    """What the body returned, by the name of the output."""
    if isinstance(given, Mapping):
        return _by_name(composition, given, out_names)
    if given is None:
        if out_names:
            composition.fault(
                f"its body returns nothing and it has the outputs {', '.join(out_names)}",
                "Return a handle for each.",
            )
        return {}
    if isinstance(given, tuple):
        fields = getattr(given, "_fields", None)
        names = out_names or fields
        if names is not None and len(names) == len(given):
            return dict(zip(names, given, strict=True))
        expected = "one output" if names is None else f"the outputs {', '.join(names)}"
        composition.fault(
            f"its body returns {len(given)} handles and it has {expected}",
            "Return one handle for each output, in a tuple or a dict.",
        )
        return {}
    if out_names is not None and len(out_names) != 1:
        composition.fault(
            f"its body returns one handle and it has the outputs {', '.join(out_names)}",
            "Return one handle for each output, in a tuple or a dict.",
        )
        return {}
    return {out_names[0] if out_names else "result": given}


def _by_name(
    composition: Composition, given: Mapping[str, Any], out_names: tuple[str, ...] | None
) -> dict[str, Any]:
    if out_names is None:
        return dict(given)
    for name in given:
        if name not in out_names:
            composition.fault(
                f"its body returns `{name}`, which is none of its outputs",
                f"It has: {', '.join(out_names)}.",
            )
    for name in out_names:
        if name not in given:
            composition.fault(f"its body returns nothing for `{name}`", "Add it to the dict.")
    return {name: given[name] for name in out_names if name in given}


def _output_source(composition: Composition, name: str, handle: Any) -> FromOp | None:
    if isinstance(handle, InvokedOutput) and handle.by is None:
        return FromOp(handle.node, handle.output)
    if isinstance(handle, DynamicHandle) and handle.by == (handle.node, handle.output):
        return FromOp(handle.node, handle.output)
    if isinstance(handle, (InputHandle, CollectedHandle, DynamicHandle)):
        problem = f"its output `{name}` is {handle}, which no op has made"
    elif isinstance(handle, Handle):
        problem = f"its output `{name}` is {handle} within a `map`"
    else:
        problem = f"its output `{name}` is a value of type {type(handle).__name__}"
    composition.fault(problem, "Return the output of an op.")
    return None
