"""The files that count for each asset and check: those declared, and those that its runs opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dagbook.definitions.keys import AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode
from dagbook.log.projection import Current
from dagbook.observation.files import FileDigests
from dagbook.observation.opened import observed
from dagbook.staleness.files import AnyKey, is_observed, watch_of
from dagbook.versions.code import CodeVersion
from dagbook.versions.database import look_anew

NO_FILES: Mapping[str, tuple[str, ...]] = {}


def watched(
    graph: AssetGraph,
    current: Mapping[AssetKey, Current],
    code: Mapping[AnyKey, CodeVersion],
    files: FileDigests,
    opened: Mapping[str, tuple[str, ...]],
) -> dict[AnyKey, Mapping[str, str]]:
    """Name and digest of the files of each asset and check that has some.

    `opened` names what the runs of a code version opened, where they opened anything.
    """
    found: dict[AnyKey, Mapping[str, str]] = {}
    look_anew()
    for key in _with_files(graph, code, opened):
        node = graph.nodes[key]
        declared = node.definition.upkeep.reads if node.definition is not None else ()
        names = _names(node, current.get(key), code, opened)
        if declared or names:
            found[key] = {**files.digests(declared), **observed(names, files)}
    if opened:
        for check, own in graph.checks.items():
            names = () if own.inline else opened.get(code[check].digest, ())
            if names:
                found[check] = observed(names, files)
    return found


def _with_files(
    graph: AssetGraph,
    code: Mapping[AnyKey, CodeVersion],
    opened: Mapping[str, tuple[str, ...]],
) -> Iterator[AssetKey]:
    """The assets that may have files, in the order of the graph."""
    apart = graph.apart
    for key in graph.nodes if opened else apart:
        if key in apart:
            if graph.nodes[key].definition is not None:
                yield key
        elif key in code and code[key].digest in opened:
            yield key


def _names(
    node: AssetNode,
    current: Current | None,
    code: Mapping[AnyKey, CodeVersion],
    opened: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """What the record that counts has opened, if it is of this code; else what others of it have."""
    names = opened.get(watch_of(node, code), ())
    record = current.materialization if current is not None else None
    if not names or record is None:
        return names
    if record.code_version != (node.spec.code_version or code[node.key].digest):
        return names
    return tuple([name for name in record.others if is_observed(name)])
