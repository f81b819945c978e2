"""Ops: the smallest units of computation, a function with named inputs and outputs."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from types import CodeType, FrameType
from typing import Any

from dagbook.definitions.arguments import of_kind, several
from dagbook.definitions.composing import PendingInvocation, current
from dagbook.definitions.injection import NO_NEEDS, Needs, needs_of, role_of
from dagbook.definitions.origin import Origin, origin_of
from dagbook.definitions.results import NO_VALUE, RetryPolicy
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

CONTEXT_NAMES = frozenset({"context", "_context", "context_", "_"})
ANY = inspect.Parameter.empty
_VARIADIC = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input of an op: its name, and its default and annotation where it has them."""

    name: str
    default: Any = NO_VALUE
    annotation: Any = ANY
    input_manager_key: str | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OpOutput:
    """One output of an op; one that is not required may stay without a value.

    A `dynamic` one is given as often as the op likes, each time under a key of its own.
    """

    name: str = "result"
    required: bool = True
    annotation: Any = ANY
    dynamic: bool = False
    io_manager_key: str = "io_manager"
    metadata: Mapping[str, Any] | None = None


ONE_OUTPUT = (OpOutput(),)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class OpDefinition:
    """A function with the names and types of what goes in and what comes out.

    `code_options` are declared choices that change the result and so belong to the code version.
    `in_kernel` marks a body that only runs in the notebook's own process (line magics, `!cmd`).
    `needs` are the config and the resources that the run gives it, which are no inputs.
    """

    name: str
    fn: Callable[..., Any]
    ins: tuple[Parameter, ...] = ()
    outs: tuple[OpOutput, ...] = ONE_OUTPUT
    takes_context: bool = False
    retry_policy: RetryPolicy | None = None
    timeout: float | None = None
    code_options: Mapping[str, str] = field(default_factory=dict)
    in_kernel: bool = False
    origin: Origin = field(default_factory=lambda: Origin(where="unknown"))
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    code_version: str | None = None
    needs: Needs = NO_NEEDS

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """In the body of a graph: record the call and give handles; elsewhere: call the function."""
        composition = current()
        if composition is None:
            return self.fn(*args, **kwargs)
        return composition.add(self, args, kwargs, None, None)

    def __dagbook_code__(self) -> tuple[str, ...]:
        """What stands for this op in the code version of what calls it: its declared version."""
        return ("op", self.code_version or "", *[f"{k}={v}" for k, v in self.code_options.items()])

    def __dagbook_reads__(self) -> Mapping[str, object]:
        """Its function counts, unless a version is declared for it."""
        return {} if self.code_version is not None else {f"op {self.name}": self.fn}

    def alias(self, name: str) -> PendingInvocation:
        """This op under another name, to be called in the body of a graph."""
        return PendingInvocation(definition=self, name=name)

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingInvocation:
        """This op with another retry policy, to be called in the body of a graph."""
        return PendingInvocation(definition=self, retry_policy=retry_policy)


def op_from_function(
    fn: Callable[..., Any],
    *,
    name: str,
    outs: tuple[OpOutput, ...] = ONE_OUTPUT,
    retry_policy: RetryPolicy | None = None,
    required_resource_keys: Iterable[str] = (),
) -> OpDefinition:
    """The op that a plain function is: its first parameter may be the context, the rest are inputs.

    Parameters whose annotation says so are the run's config and resources instead.
    """
    takes_context, parameters, returns = _signature(fn, name)
    if retry_policy is not None:
        of_kind(name, "retry_policy", retry_policy, RetryPolicy)
    if required_resource_keys:
        several(name, "required_resource_keys", required_resource_keys, str)
    needs = NO_NEEDS
    if required_resource_keys or getattr(fn, "__annotations__", None):
        needs = needs_of([(p.name, p.annotation) for p in parameters], required_resource_keys)
        if needs.config is not None or needs.resources:
            parameters = tuple([p for p in parameters if role_of(p.name, p.annotation) is None])
    if returns is not ANY and len(outs) == 1:
        outs = (replace(outs[0], annotation=returns),)
    return OpDefinition(
        name=name,
        fn=fn,
        ins=parameters,
        outs=outs,
        takes_context=takes_context,
        retry_policy=retry_policy,
        origin=origin_of(fn),
        needs=needs,
    )


def _signature(fn: Callable[..., Any], name: str) -> tuple[bool, tuple[Parameter, ...], Any]:
    code = getattr(fn, "__code__", None)
    plain = isinstance(code, CodeType) and not (
        hasattr(fn, "__wrapped__") or hasattr(fn, "__signature__") or code.co_flags & _VARIADIC
    )
    return _plain_signature(fn) if plain else _inspected_signature(fn, name)


def _plain_signature(fn: Any) -> tuple[bool, tuple[Parameter, ...], Any]:
    """The signature read from the code object: ten times faster than `inspect.signature`."""
    code = fn.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    notes = fn.__annotations__
    defaults = _defaults(fn, code)
    takes_context = bool(names) and names[0] in CONTEXT_NAMES
    if not notes and not defaults:
        return takes_context, tuple([Parameter(n) for n in names[takes_context:]]), ANY
    notes = {name: _evaluated(note, fn) for name, note in notes.items()}
    parameters = tuple(
        Parameter(n, defaults.get(n, NO_VALUE), notes.get(n, ANY)) for n in names[takes_context:]
    )
    return takes_context, parameters, notes.get("return", ANY)


def _evaluated(note: Any, fn: Any) -> Any:
    """An annotation that is kept as text, as far as it can be read already."""
    if not isinstance(note, str):
        return note
    for names in _in_reach(fn):
        try:
            return eval(note, fn.__globals__, names)
        except Exception:
            continue
    # It may name what is only imported for a type checker: then it is not checked.
    return ANY


def _in_reach(fn: Any) -> Iterator[Mapping[str, Any]]:
    """The names of the function's module, then those of the functions in which it is defined."""
    yield {}
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals is fn.__globals__ and frame.f_locals is not frame.f_globals:
            yield frame.f_locals
        frame = frame.f_back


def _defaults(fn: Any, code: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if fn.__defaults__:
        positional = code.co_varnames[: code.co_argcount]
        found.update(zip(positional[-len(fn.__defaults__) :], fn.__defaults__, strict=True))
    if fn.__kwdefaults__:
        found.update(fn.__kwdefaults__)
    return found


def _inspected_signature(
    fn: Callable[..., Any], name: str
) -> tuple[bool, tuple[Parameter, ...], Any]:
    try:
        signature = inspect.signature(fn)
    except (TypeError, ValueError):
        raise InvalidDefinition(
            name=name,
            problem=f"nothing is known of the parameters of {fn!r}"[:200],
            remedy="Call it in a function of your own.",
        ) from None
    parameters = list(signature.parameters.values())
    takes_context = bool(parameters) and parameters[0].name in CONTEXT_NAMES
    found = []
    for parameter in parameters[takes_context:]:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise InvalidDefinition(
                name=name,
                problem=f"the parameter `{parameter}` has no fixed name",
                remedy="Name each input.",
            )
        default = NO_VALUE if parameter.default is parameter.empty else parameter.default
        found.append(Parameter(parameter.name, default, parameter.annotation))
    return takes_context, tuple(found), signature.return_annotation
