"""The decorators `graph_asset` and `graph_multi_asset`: assets that a graph of ops makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.current import surroundings
from dagbook.definitions.decorators import AssetIn, _key_of
from dagbook.definitions.graph_assets import Backing, backed_by_graph
from dagbook.definitions.graphs import GraphDefinition, compose
from dagbook.definitions.keys import AssetKey, KeyLike
from dagbook.definitions.ports import AssetOut
from dagbook.definitions.specs import DEFAULT_GROUP, EMPTY, AssetCheckSpec, AssetSpec

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
    owners: Sequence[str] = (),
    kinds: Iterable[str] = (),
    code_version: str | None = None,
) -> Callable[[Body], AssetsDefinition]: ...
def graph_asset(fn: Body | None = None, /, **options: Any) -> Any:
    """Make an asset of a function that calls ops: its parameters are assets, its result their output.

    The function is called once, with handles; the ops run when the asset is materialized, each as a
    step of its own. The arguments are those of `@asset`. Raises InvalidDefinition, HandleIsNoValue,
    or FaultyDefinition with all faults.

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
    if fn is not None:
        return _graph_asset(fn)
    return lambda body: _graph_asset(body, **options)


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
    owners: Sequence[str] = (),
    kinds: Iterable[str] = (),
    code_version: str | None = None,
) -> AssetsDefinition:
    own = _key_of(fn, name, key, key_prefix)
    spec = AssetSpec(
        own,
        description=description or fn.__doc__,
        group_name=group_name or DEFAULT_GROUP,
        tags=tags or EMPTY,
        owners=tuple(owners),
        metadata=metadata or EMPTY,
        kinds=frozenset(kinds),
        code_version=code_version,
    )
    made = compose(fn, name="__".join(own.path), out_names=("result",), ins=tuple(ins or ()))
    return _assets(made, {"result": spec}, ins, False, own.path[:-1])


def graph_multi_asset(
    *,
    outs: Mapping[str, AssetOut],
    name: str | None = None,
    ins: Mapping[str, AssetIn] | None = None,
    can_subset: bool = False,
    group_name: str | None = None,
    check_specs: Sequence[AssetCheckSpec] = (),
) -> Callable[[Body], AssetsDefinition]:
    """Make several assets of a function that calls ops and returns a tuple or dict of their outputs.

    `outs`: the assets by output name; `can_subset`: some may be made alone, by the ops that they
    need. Raises InvalidDefinition, HandleIsNoValue, or FaultyDefinition with all faults.

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

    def made(fn: Body) -> AssetsDefinition:
        graph = compose(fn, name=name or fn.__name__, out_names=tuple(outs), ins=tuple(ins or ()))
        specs = {key: one.resolve(key, group=group_name) for key, one in outs.items()}
        return _assets(graph, specs, ins, can_subset, (), tuple(check_specs))

    return made


def _assets(
    graph: GraphDefinition,
    specs: Mapping[str, AssetSpec],
    ins: Mapping[str, AssetIn] | None,
    can_subset: bool,
    prefix: tuple[str, ...],
    checks: tuple[AssetCheckSpec, ...] = (),
) -> AssetsDefinition:
    named = {name: asset_in.resolve(name) for name, asset_in in (ins or {}).items()}
    parts = backed_by_graph(graph, Backing(keys_by_input_name=_known(graph, named), specs=specs))
    made = AssetsDefinition(
        op=parts.op,
        specs=parts.specs,
        ins=parts.ins,
        key_prefix=prefix,
        can_subset=can_subset,
        check_specs=checks,
        reads_by_key=parts.reads_by_key,
    )
    if surroundings.made is not None:
        surroundings.made(made)
    return made


def _known(graph: GraphDefinition, ins: Mapping[str, AssetKey]) -> dict[str, AssetKey]:
    names = {one.name for one in graph.ins}
    return {name: key for name, key in ins.items() if name in names}
