"""The decorators `graph_asset` and `graph_multi_asset`: assets that a graph of ops makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

from dagbook.definitions.arguments import by_name, several
from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.current import surroundings
from dagbook.definitions.decorating import decorating, making, name_of
from dagbook.definitions.decorators import AssetIn, declared_key
from dagbook.definitions.graph_assets import Backing, backed_by_graph, output_of
from dagbook.definitions.graphs import GraphDefinition, compose
from dagbook.definitions.keys import AssetKey, KeyLike
from dagbook.definitions.ports import AssetOut
from dagbook.definitions.specs import EMPTY, AssetCheckSpec, AssetSpec
from dagbook.records import dataclass

Body = Callable[..., Any]


@overload
def graph_asset(fn: Body, /) -> AssetsDefinition: ...
@overload
def graph_asset(
    *,
    name: str | None = None,
    key: KeyLike | None = None,
    key_prefix: str | Sequence[str] | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    description: str | None = None,
    group_name: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    owners: Sequence[str] | None = None,
    kinds: Iterable[str] | None = None,
    code_version: str | None = None,
    check_specs: Sequence[AssetCheckSpec] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
) -> Callable[[Body], AssetsDefinition]: ...
def graph_asset(fn: Body | None = None, /, **options: Any) -> Any:
    """Make an asset of a function that calls ops: its parameters are assets, its result their output.

    The function is called once, with handles; the ops run when the asset is materialized, each as a
    step of its own. The arguments are those of `@asset`. Where `check_specs` declares the check `c`
    of the asset `a`, an op yields its AssetCheckResult by name, or the function returns
    `{"result": handle, "a_c": handle}`, with the output of the op that judges. Raises
    InvalidDefinition, HandleIsNoValue, or FaultyDefinition with all faults.

    >>> from dagbook import materialize, op
    >>> @op
    ... def numbers():
    ...     return [1, 2]
    >>> @op
    ... def total(values):
    ...     return sum(values)
    >>> @graph_asset
    ... def answer():
    ...     return total(numbers())
    >>> materialize([answer]).asset_value("answer")
    3
    """
    return decorating(_graph_asset, fn, options)


def _graph_asset(
    fn: Body,
    *,
    name: str | None = None,
    key: KeyLike | None = None,
    key_prefix: str | Sequence[str] | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    description: str | None = None,
    group_name: str | None = None,
    metadata: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    owners: Sequence[str] | None = None,
    kinds: Iterable[str] | None = None,
    code_version: str | None = None,
    check_specs: Sequence[AssetCheckSpec] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
) -> AssetsDefinition:
    own = declared_key(fn, name, key, key_prefix)
    spec = AssetSpec(
        own,
        description=description or fn.__doc__,
        group_name=group_name,
        tags=tags or EMPTY,
        owners=owners or (),
        metadata=metadata or EMPTY,
        kinds=kinds or (),
        code_version=code_version,
    )
    parts = _Parts("__".join(own.path), {"result": spec}, ins or {}, _checks(own, check_specs))
    return _assets(fn, parts, False, own.path[:-1], resource_defs)


def graph_multi_asset(
    *,
    outs: Mapping[str, AssetOut],
    name: str | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    can_subset: bool = False,
    group_name: str | None = None,
    check_specs: Sequence[AssetCheckSpec] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
) -> Callable[[Body], AssetsDefinition]:
    """Make several assets of a function that calls ops and returns a tuple or dict of their outputs.

    `outs`: the assets by output name; `can_subset`: some may be made alone, by the ops that they
    need; `check_specs`: as for `graph_asset`. Raises InvalidDefinition, HandleIsNoValue, or FaultyDefinition with all faults.

    >>> from dagbook import AssetOut, op
    >>> @op
    ... def numbers():
    ...     return [1, 2]
    >>> @graph_multi_asset(outs={"left": AssetOut(), "right": AssetOut()})
    ... def both():
    ...     return {"left": numbers(), "right": numbers()}
    >>> [str(key) for key in both.keys]
    ['left', 'right']
    """

    def definition_of(fn: Body) -> AssetsDefinition:
        own = name or name_of(fn)
        named = by_name(own, "outs", outs, AssetOut)
        specs = {key: one.resolve(key, group=group_name) for key, one in named.items()}
        parts = _Parts(own, specs, ins or {}, _checks(own, check_specs))
        return _assets(fn, parts, can_subset, (), resource_defs)

    return making(definition_of)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is declared of a graph's assets: by output name, by input name, and their checks."""

    name: str
    specs: Mapping[str, AssetSpec]
    ins: Mapping[str, AssetIn]
    checks: tuple[AssetCheckSpec, ...]


def _assets(
    fn: Body,
    parts: _Parts,
    can_subset: bool,
    prefix: tuple[str, ...],
    resource_defs: Mapping[str, Any] | None,
) -> AssetsDefinition:
    by_name(parts.name, "ins", parts.ins, AssetIn)
    graph = compose(
        fn,
        name=parts.name,
        out_names=tuple(parts.specs),
        ins=tuple(parts.ins),
        optional=tuple([output_of(check) for check in parts.checks]),
    )
    named = {name: asset_in.resolve(name) for name, asset_in in parts.ins.items()}
    backing = Backing(
        keys_by_input_name=_known(graph, named), specs=parts.specs, check_specs=parts.checks
    )
    backed = backed_by_graph(graph, backing)
    made = AssetsDefinition(
        op=backed.op,
        specs=backed.specs,
        ins=backed.ins,
        key_prefix=prefix,
        can_subset=can_subset,
        check_specs=parts.checks,
        reads_by_key=backed.reads_by_key,
        resource_defs=resource_defs or EMPTY,
    )
    return surroundings.told(made)


def _checks(owner: object, declared: Sequence[AssetCheckSpec] | None) -> tuple[AssetCheckSpec, ...]:
    return several(owner, "check_specs", declared or (), AssetCheckSpec)


def _known(graph: GraphDefinition, ins: Mapping[str, AssetKey]) -> dict[str, AssetKey]:
    names = {one.name for one in graph.ins}
    return {name: key for name, key in ins.items() if name in names}
