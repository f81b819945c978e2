"""Names of assets as people give them to a workspace."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.definitions.assets import AssetsDefinition, Definition
from dagbook.definitions.keys import AssetKey, KeyLike
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.definitions import DuplicateKey
from dagbook.graph.asset_graph import AssetGraph


def key_of(key: KeyLike) -> AssetKey:
    """The key that people mean: a string is split at its slashes here, unlike in definitions."""
    if isinstance(key, AssetKey):
        return key
    return AssetKey.from_user_string(key) if isinstance(key, str) else AssetKey(key)


def refuse_twins(graph: AssetGraph, definitions: Iterable[Definition]) -> None:
    """Keys are unique without regard to case: they name files and columns too."""
    met: dict[str, AssetKey] = {}
    for definition in definitions:
        if not isinstance(definition, (AssetsDefinition, AssetSpec)):
            continue
        keys = definition.keys if isinstance(definition, AssetsDefinition) else (definition.key,)
        for key in keys:
            folded = str(key).casefold()
            twin = met.setdefault(folded, graph.folded.get(folded, key))
            if twin != key:
                first = graph.node(twin).definition if twin in graph else None
                raise DuplicateKey(
                    name=str(key),
                    twin=str(twin),
                    first=first.origin.place if first else None,
                    second=None,
                )
