"""Assets that bodies read through helper functions: found when the code is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.differing import differing
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.staleness.changes import Evaluated
from dagbook.staleness.observations import Observations

AnyKey = AssetKey | AssetCheckKey


def hidden_reads(
    graph: AssetGraph, seen: Observations, before: Evaluated | None
) -> dict[AnyKey, Mapping[str, str]]:
    """The computations whose helper functions read other assets than the graph knows.

    Gives name to helper for each of them; what was looked at `before` and is the same is passed over.
    """
    found: dict[AnyKey, Mapping[str, str]] = {}
    for key in _changed(graph, seen, before):
        code = seen.code[key]
        if not code.notes and key not in graph.hidden:
            continue
        if isinstance(key, AssetCheckKey) and graph.checks[key].inline:
            continue
        node = graph.checks[key] if isinstance(key, AssetCheckKey) else graph.nodes[key]
        known = {item.name for item in node.inputs if item.via is not None}
        if code.reads_assets != known:
            names = _of_others(code.asset_readers, node)
            if names.keys() != known:
                found[key] = names
    return found


def _of_others(readers: Mapping[str, str], node: AssetNode | CheckNode) -> dict[str, str]:
    """Without what a body itself reads by the name of an asset that it makes: that is its variable."""
    own = node.definition.keys if isinstance(node.definition, AssetsDefinition) else ()
    names = {key.name for key in own}
    found = sorted(readers.items())
    return {name: reader for name, reader in found if reader != "body" or name not in names}


def _changed(graph: AssetGraph, seen: Observations, before: Evaluated | None) -> Iterable[AnyKey]:
    if before is None:
        return dict.fromkeys([*seen.noted, *filter(seen.code.__contains__, graph.hidden)])
    changed: list[AnyKey] = [
        *differing(graph.nodes, before.graph.nodes),
        *differing(graph.checks, before.graph.checks),
        *differing(seen.code, before.seen.code),
    ]
    return [key for key in dict.fromkeys(changed) if key in seen.code]
