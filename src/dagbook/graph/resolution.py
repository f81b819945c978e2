"""Which asset a name stands for: the names of parameters and of cells against the keys there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.results import NO_VALUE
from dagbook.graph.nodes import Input

# The keys whose last part is a name, in definition order.
Named = Callable[[str], Sequence[AssetKey]]


def bound_op(
    definition: AssetsDefinition | AssetChecksDefinition,
    named: Named,
    hidden: Mapping[str, str],
    own: Sequence[AssetKey],
) -> tuple[OpDefinition, tuple[Input, ...]]:
    """The definition's op with its inputs resolved; `hidden` maps names to the helper that reads them."""
    op = definition.op
    found: dict[str, AssetKey] = {}
    if definition.bind is not None:
        found = _candidates(definition, named, own)
        if tuple([p.name for p in op.ins]) != tuple(found):
            op = definition.bind(tuple(found))
    inputs = [
        Input(p.name, found.get(p.name) or _parameter_key(definition, p.name, named))
        for p in op.ins
        if p.default is NO_VALUE or p.name in definition.ins or named(p.name)
    ]
    for name, via in hidden.items():
        keys = named(name)
        if keys and name not in found:
            inputs.append(Input(name, keys[0], via))
    return op, tuple(inputs)


def _candidates(
    definition: AssetsDefinition | AssetChecksDefinition, named: Named, own: Sequence[AssetKey]
) -> dict[str, AssetKey]:
    found = dict(definition.ins)
    for name in sorted(definition.candidates):
        keys = [key for key in named(name) if key not in own]
        if name not in found and keys:
            whole = AssetKey(name)
            if whole in keys:
                found[name] = whole
            elif len(keys) == 1:
                found[name] = keys[0]
    return found


def _parameter_key(
    definition: AssetsDefinition | AssetChecksDefinition, name: str, named: Named
) -> AssetKey:
    """The key for a parameter: declared, below the own prefix, by the bare name, or unique by its last part."""
    declared = definition.ins.get(name)
    if declared is not None:
        return declared
    keys = named(name)
    if len(keys) == 1 and len(keys[0].path) == 1:
        return keys[0]
    whole = AssetKey(name)
    if not keys:
        return whole
    prefix = getattr(definition, "key_prefix", ())
    below = AssetKey((*prefix, name))
    if below in keys:
        return below
    return whole if whole in keys or len(keys) > 1 else keys[0]
