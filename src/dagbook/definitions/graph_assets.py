"""From a graph or an op to the parts of the assets that it backs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.composed import ComposedGraph, composed, composed_op
from dagbook.definitions.graphs import GraphDefinition
from dagbook.definitions.keys import AssetKey, KeyLike, as_key
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.ops import OpDefinition, OpOutput, Parameter
from dagbook.definitions.origin import Origin
from dagbook.definitions.specs import DEFAULT_GROUP, EMPTY, AssetCheckSpec, AssetSpec, dep_keys
from dagbook.definitions.wiring import FromInput, Several, leaves
from dagbook.errors.composition import FaultyDefinition
from dagbook.errors.definitions import DefinitionError, InvalidDefinition
from dagbook.records import dataclass

NONE: Mapping[str, Any] = {}
NOWHERE = Several(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """What is declared of the assets that a graph or op backs, by input and output name."""

    keys_by_input_name: Mapping[str, KeyLike] = field(default_factory=lambda: NONE)
    keys_by_output_name: Mapping[str, KeyLike] = field(default_factory=lambda: NONE)
    key_prefix: str | Sequence[str] | None = None
    internal_asset_deps: Mapping[str, Iterable[Any]] = field(default_factory=lambda: NONE)
    group_name: str | None = None
    group_names_by_output_name: Mapping[str, str] = field(default_factory=lambda: NONE)
    metadata_by_output_name: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: NONE)
    tags_by_output_name: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: NONE)
    descriptions_by_output_name: Mapping[str, str] = field(default_factory=lambda: NONE)
    code_versions_by_output_name: Mapping[str, str] = field(default_factory=lambda: NONE)
    owners_by_output_name: Mapping[str, Sequence[str]] = field(default_factory=lambda: NONE)
    specs: Mapping[str, AssetSpec] = field(default_factory=lambda: NONE)
    check_specs: Sequence[AssetCheckSpec] = ()


def output_of(check: AssetCheckSpec) -> str:
    """The name of the graph's output that is the verdict of a check.

    >>> output_of(AssetCheckSpec("few", asset=["shop", "orders"]))
    'shop__orders_few'
    """
    return f"{'__'.join(check.asset.path)}_{check.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backed:
    """The parts of an AssetsDefinition; `reads_by_key` narrows which asset reads which inputs."""

    op: OpDefinition
    specs: tuple[AssetSpec, ...]
    ins: Mapping[str, AssetKey]
    reads_by_key: Mapping[AssetKey, frozenset[str]]


def backed_by_graph(graph: GraphDefinition, backing: Backing) -> Backed:
    """The assets that a graph's outputs are; raises FaultyDefinition or InvalidDefinition."""
    checks = {output_of(check): check.key for check in backing.check_specs}
    outs = tuple([out for out in graph.outs if out.name not in checks])
    faults = list(_faults(graph.name, graph.ins, outs, backing))
    if not outs:
        faults.append(_fault(graph.name, "it has no output", "Return the output of an op."))
    if any(out.dynamic for out in outs):
        names = [out.name for out in outs if out.dynamic]
        problem = f"its output `{names[0]}` is dynamic, and an asset is one value"
        faults.append(_fault(graph.name, problem, "Collect it and combine it in an op."))
    _raise(graph.name, faults, graph.origin)
    whole = composed(graph)
    if len(outs) < len(graph.outs):
        keys = {_output_key(graph.name, outs, out, backing): out.name for out in outs}
        whole = whole.judging(checks, keys)
    op = OpDefinition(
        name=graph.name,
        fn=whole,
        ins=_graph_inputs(whole, graph),
        outs=outs,
        in_kernel=any(node.op.in_kernel for node in whole.nodes),
        origin=graph.origin,
        description=graph.description,
        tags=graph.tags,
    )
    return _backed(op, whole, backing)


def backed_by_op(definition: OpDefinition, backing: Backing) -> Backed:
    """The assets that an op's outputs are."""
    faults = list(_faults(definition.name, definition.ins, definition.outs, backing))
    for name in backing.keys_by_output_name and [
        out.name for out in definition.outs if out.name not in backing.keys_by_output_name
    ]:
        problem = f"its output `{name}` is given no key"
        faults.append(_fault(definition.name, problem, "Cover every output of the op."))
    _raise(definition.name, faults, definition.origin)
    return _backed(definition, composed_op(definition), backing)


def _backed(op: OpDefinition, whole: ComposedGraph, backing: Backing) -> Backed:
    ins = {
        one.name: as_key(backing.keys_by_input_name[one.name])
        for one in op.ins
        if one.name in backing.keys_by_input_name
    }
    keys = {out.name: _output_key(op.name, op.outs, out, backing) for out in op.outs}
    specs = {out.name: _spec(op, out, keys[out.name], backing) for out in op.outs}
    declared = {name: dep_keys(deps, op.name) for name, deps in backing.internal_asset_deps.items()}
    named = {ins.get(one.name, AssetKey(one.name)): one.name for one in op.ins}
    reads: dict[AssetKey, frozenset[str]] = {}
    faults: list[DefinitionError] = []
    for name, key in keys.items():
        if name not in declared:
            reads[key] = whole.inputs_of(frozenset([name]))
            continue
        told = narrowed(op.name, key, declared[name], named, tuple(keys.values()), faults)
        reads[key] = told.reads
        specs[name] = replace(specs[name], deps=(*specs[name].deps, *told.siblings))
    for check in backing.check_specs:
        if check.asset not in keys.values():
            problem = f"the check `{check.name}` is on `{check.asset}`, which it does not make"
            faults.append(_fault(op.name, problem, "Declare that check by @asset_check."))
    _raise(op.name, faults, op.origin)
    return Backed(
        op=op,
        specs=tuple(specs.values()),
        ins=ins,
        reads_by_key=reads if len(keys) > 1 else {},
    )


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What one asset of several depends on: inputs by name, and assets of the same computation."""

    reads: frozenset[str]
    siblings: tuple[AssetKey, ...]


def narrowed(
    name: str,
    key: AssetKey,
    above: Iterable[AssetKey],
    reads: Mapping[AssetKey, str],
    own: tuple[AssetKey, ...],
    faults: list[DefinitionError],
) -> Narrowed:
    """Tell inputs and siblings apart in `internal_asset_deps`; what is neither is a fault."""
    above = tuple(above)
    for stray in above:
        if stray not in reads and stray not in own:
            problem = f"`internal_asset_deps` says that `{key}` depends on `{stray}`"
            remedy = "Name only what it reads and what it makes itself."
            faults.append(_fault(name, problem, remedy))
    return Narrowed(
        frozenset(reads[one] for one in above if one in reads),
        tuple([one for one in above if one in own and one != key]),
    )


def _output_key(name: str, outs: tuple[OpOutput, ...], out: OpOutput, backing: Backing) -> AssetKey:
    known = backing.specs.get(out.name)
    if known is not None:
        return known.key
    default = name if len(outs) == 1 and out.name == "result" else out.name
    key = as_key(backing.keys_by_output_name.get(out.name, default))
    return key.with_prefix(backing.key_prefix) if backing.key_prefix else key


def _spec(op: OpDefinition, out: OpOutput, key: AssetKey, backing: Backing) -> AssetSpec:
    name = out.name
    known = backing.specs.get(name)
    if known is not None:
        # The manager that the op names for its output, where the asset names none itself.
        manager = known.io_manager_key
        return replace(
            known,
            description=known.description or op.description,
            io_manager_key=out.io_manager_key if manager == "io_manager" else manager,
        )
    group = backing.group_names_by_output_name.get(name) or backing.group_name
    return AssetSpec(
        key,
        description=backing.descriptions_by_output_name.get(name, op.description),
        group_name=group or DEFAULT_GROUP,
        tags=backing.tags_by_output_name.get(name, EMPTY),
        owners=tuple(backing.owners_by_output_name.get(name, ())),
        metadata=backing.metadata_by_output_name.get(name, EMPTY),
        code_version=backing.code_versions_by_output_name.get(name),
        io_manager_key=out.io_manager_key,
    )


def _graph_inputs(whole: ComposedGraph, graph: GraphDefinition) -> tuple[Parameter, ...]:
    """The graph's inputs; one that ops only wait for carries no value."""
    found = []
    for one in graph.ins:
        fed = [
            parameter
            for node in whole.nodes
            for parameter in node.op.ins
            if FromInput(one.name) in leaves(node.inputs.get(parameter.name, NOWHERE))
        ]
        waits = bool(fed) and all(parameter.annotation is Nothing for parameter in fed)
        found.append(replace(one, annotation=Nothing) if waits else one)
    return tuple(found)


def _faults(
    name: str, ins: tuple[Parameter, ...], outs: tuple[OpOutput, ...], backing: Backing
) -> Iterable[DefinitionError]:
    known = {"input": [one.name for one in ins], "output": [out.name for out in outs]}
    said = {
        "input": {"keys_by_input_name": backing.keys_by_input_name},
        "output": {
            field_name: getattr(backing, field_name)
            for field_name in Backing.__dataclass_fields__
            if field_name.endswith("by_output_name") or field_name == "internal_asset_deps"
        },
    }
    for what, mappings in said.items():
        for parameter, mapping in mappings.items():
            for key in mapping:
                if key not in known[what]:
                    yield _fault(
                        name,
                        f"`{parameter}` names the {what} `{key}`, which it does not have",
                        f"It has: {', '.join(known[what]) or 'none'}.",
                    )


def _fault(name: str, problem: str, remedy: str) -> InvalidDefinition:
    return InvalidDefinition(name=name, problem=problem, remedy=remedy)


def _raise(name: str, faults: list[DefinitionError], origin: Origin) -> None:
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise FaultyDefinition(name=name, faults=tuple(faults), place=origin.place)
