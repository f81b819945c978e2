"""Assets that bodies read through helper functions: found when the code is looked at."""

from __future__ import annotations

from collections.abc import Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.observations import Observations
from dagbook.versions.code import CodeVersion


def hidden_reads(
    graph: AssetGraph, seen: Observations
) -> dict[AssetKey | AssetCheckKey, Mapping[str, str]]:
    """The computations whose helper functions read other assets than the graph knows.

    Gives name to helper for each of them.
    """
    found: dict[AssetKey | AssetCheckKey, Mapping[str, str]] = {}
    for key, code in seen.code.items():
        if isinstance(key, AssetCheckKey) and graph.checks[key].inline:
            continue
        node = graph.checks[key] if isinstance(key, AssetCheckKey) else graph.nodes[key]
        known = {item.name for item in node.inputs if item.via is not None}
        if code.reads_assets != known:
            names = _through(code)
            if names.keys() != known:
                found[key] = names
    return found


def _through(code: CodeVersion) -> dict[str, str]:
    return dict(sorted(code.asset_readers.items()))
