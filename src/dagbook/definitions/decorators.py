"""The decorators that make definitions of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

from dagbook.definitions.arguments import amount, by_name, several
from dagbook.definitions.assets import (
    PLAIN_UPKEEP,
    AssetChecksDefinition,
    AssetsDefinition,
    Upkeep,
)
from dagbook.definitions.current import surroundings
from dagbook.definitions.decorating import decorating, making, name_of
from dagbook.definitions.keys import AssetKey, KeyLike, as_key, check_name
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.ops import OpDefinition, OpOutput, Parameter, op_from_function
from dagbook.definitions.results import NO_VALUE, AssetCheckSeverity, RetryPolicy, severity_of
from dagbook.definitions.specs import EMPTY, AssetCheckSpec, AssetSpec, only_key
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

Body = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class AssetIn:
    """Where the value of a parameter comes from, when its name does not say it.

    `key`, or `key_prefix` with the parameter's name; `metadata`: more for the I/O manager, such as
    the columns that are wanted; `input_manager_key`: read by this one instead of the upstream's.

    >>> AssetIn("raw_orders").key
    'raw_orders'
    """

    key: KeyLike | None = None
    metadata: Mapping[str, Any] | None = None
    key_prefix: str | Sequence[str] | None = None
    input_manager_key: str | None = None
    dagster_type: Any = NO_VALUE

    def parameter(self, known: Parameter) -> Parameter:
        """The parameter of the function with what is declared here."""
        return replace(
            known,
            annotation=known.annotation if self.dagster_type is NO_VALUE else self.dagster_type,
            input_manager_key=self.input_manager_key,
            metadata=self.metadata,
        )

    def resolve(self, parameter: str) -> AssetKey:
        """The key for a parameter of this name."""
        key = as_key(self.key if self.key is not None else parameter)
        return key.with_prefix(self.key_prefix) if self.key_prefix else key


@overload
def asset(fn: Body, /) -> AssetsDefinition: ...
@overload
def asset(
    *,
    name: str | None = None,
    key: KeyLike | None = None,
    key_prefix: str | Sequence[str] | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    deps: Iterable[Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    description: str | None = None,
    group_name: str | None = None,
    kinds: Iterable[str] | None = None,
    owners: Sequence[str] | None = None,
    code_version: str | None = None,
    check_specs: Sequence[AssetCheckSpec] | None = None,
    retry_policy: RetryPolicy | None = None,
    io_manager_key: str | None = None,
    output_required: bool = True,
    reads: Sequence[str] = (),
    always: bool = False,
    max_age: float | None = None,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
    compute_kind: str | None = None,
    timeout: float | None = None,
) -> Callable[[Body], AssetsDefinition]: ...
def asset(fn: Body | None = None, /, **options: Any) -> Any:
    """Make an asset of a function: its parameters are the assets that it reads.

    `name`, or `key`, or `key_prefix` with the function's name, say how it is called; `ins` maps
    parameters to other keys; `deps` are waited for and not read; `description` defaults to the
    docstring; `reads` are patterns of files whose change makes it stale; `always` keeps it never up
    to date; `max_age` and `timeout`, how long it may run, are in seconds. `io_manager_key` names the
    resource that keeps its value; `required_resource_keys` those that its context gives;
    `resource_defs` are resources of its own. Parameters annotated with a ConfigurableResource or a
    Config are given by the run. Raises InvalidDefinition or InvalidName.

    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> orders.key.to_user_string()
    'orders'
    """
    kind = options.pop("compute_kind", None)
    if kind is not None:
        options["kinds"] = (*(options.get("kinds") or ()), kind)
    return decorating(_asset, fn, options)


def _asset(
    fn: Body,
    *,
    name: str | None = None,
    key: KeyLike | None = None,
    key_prefix: str | Sequence[str] | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    deps: Iterable[Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    description: str | None = None,
    group_name: str | None = None,
    kinds: Iterable[str] | None = None,
    owners: Sequence[str] | None = None,
    code_version: str | None = None,
    check_specs: Sequence[AssetCheckSpec] | None = None,
    retry_policy: RetryPolicy | None = None,
    io_manager_key: str | None = None,
    output_required: bool = True,
    reads: Sequence[str] = (),
    always: bool = False,
    max_age: float | None = None,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
    timeout: float | None = None,
) -> AssetsDefinition:
    own_key = declared_key(fn, name, key, key_prefix)
    spec = AssetSpec(
        own_key,
        deps=deps or (),
        description=description or fn.__doc__,
        group_name=group_name,
        kinds=kinds or (),
        tags=tags or EMPTY,
        owners=owners or (),
        metadata=metadata or EMPTY,
        code_version=code_version,
        io_manager_key=io_manager_key or "io_manager",
    )
    op = _op_of(fn, own_key.name, ins, output_required, retry_policy, required_resource_keys)
    made = AssetsDefinition(
        op=op if timeout is None else replace(op, timeout=amount(own_key, "timeout", timeout)),
        specs=(spec,),
        ins={p: one.resolve(p) for p, one in (ins or {}).items()},
        key_prefix=own_key.path[:-1],
        check_specs=several(own_key, "check_specs", check_specs or (), AssetCheckSpec),
        resource_defs=by_name(own_key, "resource_defs", resource_defs or EMPTY),
        upkeep=_upkeep(own_key, reads, always, max_age),
    )
    return surroundings.told(made)


def _upkeep(key: AssetKey, reads: Sequence[str], always: bool, max_age: float | None) -> Upkeep:
    if not reads and not always and max_age is None:
        return PLAIN_UPKEEP
    return Upkeep(
        reads=several(key, "reads", reads, str),
        always=always,
        max_age=None if max_age is None else amount(key, "max_age", max_age),
    )


def _op_of(
    fn: Body,
    name: str,
    ins: Mapping[str, AssetIn] | None,
    required: bool,
    retry_policy: RetryPolicy | None,
    keys: Iterable[str] | None,
) -> OpDefinition:
    op = op_from_function(
        fn,
        name=name,
        outs=(OpOutput(required=required),),
        retry_policy=retry_policy,
        required_resource_keys=keys or (),
    )
    return with_reading(op, ins) if ins else op


def with_reading(op: OpDefinition, ins: Mapping[str, AssetIn]) -> OpDefinition:
    """The op with what is declared about how its inputs are read, and those only waited for.

    Raises InvalidDefinition for a name that is no parameter.
    """
    by_name(op.name, "ins", ins, AssetIn)
    parameters = [ins[p.name].parameter(p) if p.name in ins else p for p in op.ins]
    names = [p.name for p in op.ins]
    for name, one in ins.items():
        if name in names:
            continue
        if one.dagster_type is not Nothing:
            raise InvalidDefinition(
                name=op.name,
                problem=f"`ins` names `{name}`, which is no parameter",
                remedy=f"It has: {', '.join(names) or 'none'}.",
                place=op.origin.place,
            )
        parameters.append(one.parameter(Parameter(name)))
    return replace(op, ins=tuple(parameters))


def declared_key(
    fn: Body, name: str | None, key: KeyLike | None, key_prefix: str | Sequence[str] | None
) -> AssetKey:
    if key is not None:
        if name is not None or key_prefix is not None:
            raise InvalidDefinition(
                name=str(key),
                problem="`key` already says what `name` and `key_prefix` would say",
                remedy="Give `key` alone, or the other two.",
            )
        own = as_key(key)
    else:
        own = AssetKey(name if name is not None else name_of(fn))
        if key_prefix:
            own = own.with_prefix(key_prefix)
    for part in own.path:
        check_name(part, "asset")
    return own


def asset_check(
    *,
    asset: Any = None,
    name: str | None = None,
    description: str | None = None,
    blocking: bool = False,
    additional_ins: Mapping[str, AssetIn] | None = None,
    additional_deps: Iterable[Any] | None = None,
    severity: AssetCheckSeverity = AssetCheckSeverity.ERROR,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    retry_policy: RetryPolicy | None = None,
) -> Callable[[Body], AssetChecksDefinition]:
    """Make a check of a function: its verdict on `asset`.

    With one parameter of any name, that parameter is the asset's value; others need
    `additional_ins`; `additional_deps` are waited for and not read. The function returns a bool,
    `(bool, metadata)`, an AssetCheckResult or a frame of failing rows, or raises AssertionError.
    `blocking`: a failure of severity ERROR stops what is downstream; `retry_policy`: how it is tried
    again. Resources and config are given as to assets. Raises InvalidDefinition.

    >>> @asset_check(asset="orders")
    ... def has_rows(orders):
    ...     return len(orders) > 0
    >>> has_rows([1])
    True
    """

    def definition_of(fn: Body) -> AssetChecksDefinition:
        own = check_name(name or name_of(fn), "check")
        read = additional_ins or {}
        plain = op_from_function(
            fn,
            name=own,
            retry_policy=retry_policy,
            required_resource_keys=required_resource_keys or (),
        )
        op = with_reading(plain, read)
        target, ins = _judged(op, asset, read)
        spec = AssetCheckSpec(
            own,
            asset=target,
            description=description or fn.__doc__,
            blocking=blocking,
            additional_deps=additional_deps or (),
            metadata=metadata or EMPTY,
        )
        definition = AssetChecksDefinition(
            op=op,
            specs=(spec,),
            ins=ins,
            severity=severity_of(own, severity).value,
            resource_defs=resource_defs or EMPTY,
        )
        return surroundings.told(definition)

    return making(definition_of)


def _judged(
    op: OpDefinition, asset: Any, additional_ins: Mapping[str, AssetIn]
) -> tuple[AssetKey, dict[str, AssetKey]]:
    """The asset that a check judges, and where each of its parameters comes from."""
    own = [parameter.name for parameter in op.ins if parameter.name not in additional_ins]
    if len(own) > 1:
        raise InvalidDefinition(
            name=op.name,
            problem=f"it is not said where the parameters {', '.join(own[1:])} come from",
            remedy="Name them in `additional_ins`.",
            place=op.origin.place,
        )
    if asset is None and not own:
        raise InvalidDefinition(
            name=op.name,
            problem="it is not said which asset it judges",
            remedy="Give `asset`, or a parameter of the asset's name.",
            place=op.origin.place,
        )
    target = only_key(asset if asset is not None else own[0], op.name)
    ins = {p: asset_in.resolve(p) for p, asset_in in additional_ins.items()}
    if own:
        ins[own[0]] = target
    return target, ins
