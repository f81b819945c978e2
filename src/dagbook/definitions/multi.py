"""The decorator `multi_asset`: one function, several assets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dagbook.definitions.arguments import by_name, several
from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.current import surroundings
from dagbook.definitions.decorating import making, name_of
from dagbook.definitions.decorators import AssetIn, with_reading
from dagbook.definitions.graph_assets import narrowed
from dagbook.definitions.keys import AssetKey, check_name
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.op_decorators import raise_together
from dagbook.definitions.ops import ANY, OpDefinition, OpOutput, op_from_function
from dagbook.definitions.ports import AssetOut
from dagbook.definitions.results import RetryPolicy
from dagbook.definitions.specs import EMPTY, AssetCheckSpec, AssetSpec, dep_keys
from dagbook.errors.definitions import DefinitionError, InvalidDefinition

Body = Callable[..., Any]


def multi_asset(
    *,
    outs: Mapping[str, AssetOut] | None = None,
    specs: Sequence[AssetSpec] | None = None,
    name: str | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    deps: Iterable[Any] | None = None,
    description: str | None = None,
    internal_asset_deps: Mapping[str, Iterable[Any]] | None = None,
    can_subset: bool = False,
    group_name: str | None = None,
    check_specs: Sequence[AssetCheckSpec] | None = None,
    retry_policy: RetryPolicy | None = None,
    code_version: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
) -> Callable[[Body], AssetsDefinition]:
    """Make several assets of one function.

    `outs`: their values by output name, which the function returns in a tuple or yields as
    `Output(value, output_name=name)`; or `specs`: assets that it makes somewhere itself, of which
    it may yield a MaterializeResult. `ins` and `deps` as for `@asset`; `internal_asset_deps`: which
    output depends on which keys, its siblings among them; `can_subset`: some may be made without
    the others, which then must not be required: the function reads `context.selected_output_names`
    or `context.selected_asset_keys`. Raises InvalidDefinition, or FaultyDefinition with all faults.

    >>> @multi_asset(outs={"low": AssetOut(), "high": AssetOut()})
    ... def ends():
    ...     return 0, 9
    >>> [str(key) for key in ends.keys]
    ['low', 'high']
    """

    def definition_of(fn: Body) -> AssetsDefinition:
        op = op_from_function(
            fn,
            name=check_name(name or name_of(fn), "multi-asset"),
            retry_policy=retry_policy,
            required_resource_keys=required_resource_keys or (),
        )
        faults: list[DefinitionError] = []
        declared = _declared(op, outs, specs, deps, can_subset)
        definition = _definition(op, declared, ins or {}, internal_asset_deps, can_subset, faults)
        checks = several(op.name, "check_specs", check_specs or (), AssetCheckSpec)
        faults += _check_faults(op, definition, checks)
        raise_together(op.name, faults, op)
        told = description or fn.__doc__
        whole = replace(
            definition,
            check_specs=checks,
            resource_defs=resource_defs or EMPTY,
            specs=tuple(
                [_completed(one, group_name, told, code_version) for one in definition.specs]
            ),
        )
        return surroundings.told(whole)

    return making(definition_of)


def _declared(
    op: OpDefinition,
    outs: Mapping[str, AssetOut] | None,
    specs: Sequence[AssetSpec] | None,
    deps: Any,
    can_subset: bool,
) -> tuple[tuple[str, AssetSpec, OpOutput], ...]:
    """Each asset with its output; raises where both or neither form is used."""
    if (outs is None) == (specs is None):
        raise _fault(
            op,
            "it needs `outs` or `specs`, and not both",
            "Give `outs` where it returns values, `specs` where it makes the assets itself.",
        )
    above = dep_keys(deps, op.name) if deps else ()
    if outs is not None:
        return tuple(
            [
                (name, one.resolve(name, above), one.output(check_name(name, "output")))
                for name, one in by_name(op.name, "outs", outs, AssetOut).items()
            ]
        )
    found = []
    for spec in several(op.name, "specs", specs or (), AssetSpec):
        name = "__".join(spec.key.path)
        whole = replace(spec, deps=tuple(dict.fromkeys([*spec.deps, *above])))
        found.append((name, whole, OpOutput(name, not (spec.skippable or can_subset), Nothing)))
    return tuple(found)


def _definition(
    op: OpDefinition,
    declared: tuple[tuple[str, AssetSpec, OpOutput], ...],
    ins: Mapping[str, AssetIn],
    internal: Mapping[str, Iterable[Any]] | None,
    can_subset: bool,
    faults: list[DefinitionError],
) -> AssetsDefinition:
    keys = {name: spec.key for name, spec, _ in declared}
    parameters = with_reading(op, ins).ins
    read = {p: asset_in.resolve(p) for p, asset_in in ins.items()}
    reads: dict[AssetKey, frozenset[str]] = {}
    specs = {name: spec for name, spec, _ in declared}
    named = {read.get(one.name, AssetKey(one.name)): one.name for one in parameters}
    for name, above in (internal or {}).items():
        if name not in keys:
            problem = f"`internal_asset_deps` names the output `{name}`, which it does not have"
            faults.append(_fault(op, problem, f"It has: {', '.join(keys)}."))
            continue
        told = dep_keys(above, op.name)
        known = {**named, **dict.fromkeys(specs[name].deps, "")}
        one = narrowed(op.name, keys[name], told, known, tuple(keys.values()), faults)
        reads[keys[name]] = one.reads - {""}
        kept = tuple([dep for dep in specs[name].deps if dep in told])
        specs[name] = replace(specs[name], deps=(*kept, *one.siblings))
    returned = op.outs[0].annotation
    outs = tuple([out for _, _, out in declared])
    if len(outs) == 1 and outs[0].annotation is ANY:
        outs = (replace(outs[0], annotation=returned),)
    return AssetsDefinition(
        op=replace(op, ins=parameters, outs=outs),
        specs=tuple(specs.values()),
        ins=read,
        can_subset=can_subset,
        reads_by_key=reads,
    )


def _completed(
    spec: AssetSpec, group: str | None, description: str | None, code_version: str | None
) -> AssetSpec:
    """The spec with what is declared for all of them, where it says nothing itself."""
    return replace(
        spec,
        group_name=group if group is not None and spec.group_name == "default" else spec.group_name,
        description=spec.description or description,
        code_version=spec.code_version or code_version,
    )


def _check_faults(
    op: OpDefinition, definition: AssetsDefinition, checks: Sequence[AssetCheckSpec]
) -> list[DefinitionError]:
    faults: list[DefinitionError] = []
    for check, count in Counter(spec.key for spec in checks).items():
        if check.asset_key not in definition.keys:
            problem = f"the check `{check.name}` is on `{check.asset_key}`, which it does not make"
            faults.append(_fault(op, problem, "Declare that check by @asset_check."))
        if count > 1:
            problem = f"the check `{check}` is declared {count} times"
            faults.append(_fault(op, problem, "Give each a name of its own."))
    return faults


def _fault(op: OpDefinition, problem: str, remedy: str) -> InvalidDefinition:
    return InvalidDefinition(name=op.name, problem=problem, remedy=remedy, place=op.origin.place)
