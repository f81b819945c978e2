"""Assets that bodies read through helper functions: found when the code is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.changes import Evaluated
from dagbook.staleness.differing import differing
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
            names = dict(sorted(code.asset_readers.items()))
            if names.keys() != known:
                found[key] = names
    return found


def _changed(graph: AssetGraph, seen: Observations, before: Evaluated | None) -> Iterable[AnyKey]:
    if before is None:
        return seen.code
    changed: list[AnyKey] = [
        *differing(graph.nodes, before.graph.nodes),
        *differing(graph.checks, before.graph.checks),
        *differing(seen.code, before.seen.code),
    ]
    return [key for key in dict.fromkeys(changed) if key in seen.code]
