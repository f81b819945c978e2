"""What one asset reads of the inputs of its computation, and for which it only waits."""

from __future__ import annotations

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.ops import OpDefinition
from dagbook.graph.nodes import Input


def told_apart(
    definition: AssetsDefinition, op: OpDefinition, key: AssetKey, inputs: tuple[Input, ...]
) -> tuple[tuple[Input, ...], tuple[AssetKey, ...]]:
    """The inputs that the asset of this key reads, and the keys of those that carry no value."""
    waits = frozenset([one.name for one in op.ins if one.annotation is Nothing])
    own = definition.reads_by_key.get(key)
    if own is None and not waits:
        return inputs, ()
    mine = [one for one in inputs if own is None or one.name in own or one.via is not None]
    return (
        tuple([one for one in mine if one.name not in waits]),
        tuple([one.key for one in mine if one.name in waits]),
    )
