"""One look at the world: code as it is now, watched files, values that should be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.events.records import ValueAddress
from dagbook.graph.asset_graph import AssetGraph
from dagbook.log.protocol import Current
from dagbook.observation.files import FileDigests
from dagbook.staleness.observations import Observations
from dagbook.versions.code import CodeVersion, Evaluation

Present = Callable[[ValueAddress], bool]


def look(
    graph: AssetGraph,
    current: Mapping[AssetKey, Current],
    *,
    is_asset: Callable[[str], bool],
    files: FileDigests,
    present: Present,
    now: float,
) -> Observations:
    """Observe everything that the freshness of the graph's assets depends on.

    `is_asset` says whether a bare name is read as an asset; `present` whether a kept value's file is
    there; `now` is in seconds since 1970.
    """
    evaluation = Evaluation(is_asset)
    return Observations(
        code=code_versions(graph, evaluation),
        others=_watched(graph, files),
        external=_external(graph, files),
        lost=frozenset(_lost(graph, current, present)),
        now=now,
    )


def code_versions(
    graph: AssetGraph, evaluation: Evaluation
) -> dict[AssetKey | AssetCheckKey, CodeVersion]:
    """The code version of every computation, each function looked at once."""
    found: dict[AssetKey | AssetCheckKey, CodeVersion] = {}
    shared: dict[int, CodeVersion] = {}
    for key, node in graph.nodes.items():
        if node.op is None or node.definition is None:
            continue
        if len(node.definition.specs) == 1:
            found[key] = _version(evaluation, node.op)
            continue
        version = shared.get(id(node.op))
        if version is None:
            version = shared[id(node.op)] = _version(evaluation, node.op)
        found[key] = version
    for check, own in graph.checks.items():
        inline = own.inline and check.asset_key in found
        found[check] = found[check.asset_key] if inline else _version(evaluation, own.op)
    return found


def _version(evaluation: Evaluation, op: OpDefinition) -> CodeVersion:
    if not op.code_options:
        return evaluation.code_version(op.fn)
    return evaluation.code_version(op.fn, options=op.code_options)


def _watched(graph: AssetGraph, files: FileDigests) -> dict[AssetKey, Mapping[str, str]]:
    return {
        key: files.digests(node.definition.upkeep.reads)
        for key, node in graph.nodes.items()
        if node.definition is not None and node.definition.upkeep.reads
    }


def _external(graph: AssetGraph, files: FileDigests) -> dict[AssetKey, str]:
    """External assets that name files in their metadata (`path`) are as new as these files."""
    found = {}
    for key, node in graph.nodes.items():
        if node.definition is None and "path" in node.spec.metadata:
            pattern = str(node.spec.metadata["path"])
            found[key] = next(iter(files.digests([pattern]).values()))
    return found


def _lost(
    graph: AssetGraph, current: Mapping[AssetKey, Current], present: Present
) -> Iterable[AssetKey]:
    for key, now in current.items():
        record = now.materialization
        if record is None or record.value is None or record.value.inline:
            continue
        if key in graph and not present(record.value):
            yield key
