"""The decorators `op` and `graph`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, get_args, get_origin, overload

from dagbook.definitions.arguments import by_name
from dagbook.definitions.decorating import decorating, name_of
from dagbook.definitions.graphs import GraphDefinition, compose
from dagbook.definitions.keys import check_name
from dagbook.definitions.ops import ANY, OpDefinition, OpOutput, Parameter, op_from_function
from dagbook.definitions.ports import GraphIn, GraphOut, In, Out
from dagbook.definitions.results import RetryPolicy
from dagbook.errors.composition import FaultyDefinition
from dagbook.errors.definitions import DefinitionError, InvalidDefinition

Body = Callable[..., Any]


@overload
def op(fn: Body, /) -> OpDefinition: ...
@overload
def op(
    *,
    name: str | None = None,
    ins: Mapping[str, In] | None = None,
    out: Out | Mapping[str, Out] | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    retry_policy: RetryPolicy | None = None,
    code_version: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
) -> Callable[[Body], OpDefinition]: ...
def op(fn: Body | None = None, /, **options: Any) -> Any:
    """Make an op of a function: a step of a graph, with named inputs and outputs.

    `ins`: more on its parameters, and inputs of type `Nothing`, which are no parameters; `out`: its
    output, or several by name; `retry_policy`: how it is tried again; `code_version`: stands in for
    the version found from its code; `required_resource_keys`: resources that its context gives.
    Called in the body of a graph, the op is recorded; elsewhere
    its function is called. Raises InvalidDefinition or InvalidName.

    >>> @op
    ... def double(number: int) -> int:
    ...     return 2 * number
    >>> double(4)
    8
    """
    return decorating(_op, fn, options)


def _op(
    fn: Body,
    *,
    name: str | None = None,
    ins: Mapping[str, In] | None = None,
    out: Out | Mapping[str, Out] | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    retry_policy: RetryPolicy | None = None,
    code_version: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
) -> OpDefinition:
    own = check_name(name if name is not None else name_of(fn), "op")
    made = op_from_function(
        fn,
        name=own,
        retry_policy=retry_policy,
        required_resource_keys=required_resource_keys or (),
    )
    returns = made.outs[0].annotation
    faults: list[DefinitionError] = []
    parameters = with_declared(made.ins, by_name(own, "ins", ins or {}, In))
    outs = _outs(own, out, returns, faults)
    raise_together(own, faults, made)
    return replace(
        made,
        ins=parameters,
        outs=outs,
        description=description or fn.__doc__,
        tags=tags or {},
        code_version=code_version,
    )


def with_declared(
    parameters: tuple[Parameter, ...], declared: Mapping[str, In]
) -> tuple[Parameter, ...]:
    """The inputs: the parameters with what is declared of them, then those of type Nothing."""
    found = [
        declared[one.name].parameter(one) if one.name in declared else one for one in parameters
    ]
    names = {one.name for one in parameters}
    found += [
        each.parameter(Parameter(check_name(name, "input")))
        for name, each in declared.items()
        if name not in names
    ]
    return tuple(found)


def _outs(
    name: str,
    declared: Out | Mapping[str, Out] | None,
    returns: Any,
    faults: list[DefinitionError],
) -> tuple[OpOutput, ...]:
    """The outputs that are declared; a single one has the type of what the function returns."""
    if declared is None:
        return (OpOutput(annotation=returns),)
    if isinstance(declared, Out):
        only = declared.output("result")
        return (replace(only, annotation=returns) if only.annotation is ANY else only,)
    named = by_name(name, "out", declared, Out)
    outs = [one.output(check_name(key, "output")) for key, one in named.items()]
    parts = get_args(returns) if get_origin(returns) is tuple else ()
    if parts and Ellipsis not in parts and len(parts) != len(outs):
        faults.append(
            InvalidDefinition(
                name=name,
                problem=f"it says that it returns {len(parts)} values and has {len(outs)} outputs",
                remedy="Let the annotation have one type for each output.",
            )
        )
    elif parts and Ellipsis not in parts:
        outs = [
            replace(one, annotation=part) if one.annotation is ANY else one
            for one, part in zip(outs, parts, strict=True)
        ]
    return tuple(outs)


def raise_together(name: str, faults: list[DefinitionError], made: OpDefinition) -> None:
    """Raise all the faults of one definition in one error; nothing where there are none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise FaultyDefinition(name=name, faults=tuple(faults), place=made.origin.place)


@overload
def graph(fn: Body, /) -> GraphDefinition: ...
@overload
def graph(
    *,
    name: str | None = None,
    ins: Mapping[str, GraphIn] | None = None,
    out: GraphOut | Mapping[str, GraphOut] | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> Callable[[Body], GraphDefinition]: ...
def graph(fn: Body | None = None, /, **options: Any) -> Any:
    """Make a graph of ops of a function, which is called once, with handles for its parameters.

    `out`: its output, or several by name, which the function returns in a tuple or a dict. Raises
    InvalidDefinition, HandleIsNoValue, or FaultyDefinition with all the faults.

    >>> from dagbook import op
    >>> @op
    ... def double(number):
    ...     return 2 * number
    >>> @graph
    ... def quadruple(number):
    ...     return double(double(number))
    >>> [call.alias for call in quadruple.invocations]
    ['double', 'double_2']
    """
    return decorating(_graph, fn, options)


def _graph(
    fn: Body,
    *,
    name: str | None = None,
    ins: Mapping[str, GraphIn] | None = None,
    out: GraphOut | Mapping[str, GraphOut] | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> GraphDefinition:
    return compose(
        fn,
        name=name or name_of(fn),
        out_names=tuple(out) if isinstance(out, Mapping) else None,
        description=description,
        tags=tags,
        ins=tuple(ins or ()),
    )
