"""One look at the world: code as it is now, watched files, values that should be there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.events.records import ValueAddress
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.log.protocol import Current
from dagbook.observation.external import AskSource, external_versions, nobody_asks
from dagbook.observation.files import FileDigests
from dagbook.observation.outside import Outside
from dagbook.observation.reading import AsRead
from dagbook.observation.watching import NO_FILES, watched
from dagbook.staleness.observations import Observations
from dagbook.versions.code import CodeVersion, Evaluation

AnyKey = AssetKey | AssetCheckKey
Present = Callable[[ValueAddress], bool]
CodeGiven = Callable[[AssetNode | CheckNode], Mapping[str, object]]
NOTHING: Mapping[AssetKey, Mapping[str, str]] = {}
_NO_CODE: Mapping[str, object] = {}


def nothing_given(_node: AssetNode | CheckNode) -> Mapping[str, object]:
    """That no computation uses resources."""
    return _NO_CODE


def look(
    graph: AssetGraph,
    current: Mapping[AssetKey, Current],
    *,
    outside: Outside,
    files: FileDigests,
    present: Present,
    now: float,
    opened: Mapping[str, tuple[str, ...]] = NO_FILES,
    given: Mapping[AssetKey, Mapping[str, str]] = NOTHING,
    code_given: CodeGiven = nothing_given,
    ask: AskSource = nobody_asks,
) -> Observations:
    """Observe everything that the freshness of the graph's assets depends on.

    `outside` says what names mean; `present` whether a kept value's file is there; `now` is in
    seconds since 1970; `opened` names for each code version what its runs opened; `given`: digests
    of the config and resources of an asset; `code_given`: the code of the resources that it uses;
    `ask` answers for observable sources.
    """
    evaluation = outside.evaluation()
    code = code_versions(graph, evaluation, packages=outside.packages, given=code_given)
    return Observations(
        code=code,
        others=_together(watched(graph, current, code, files, opened), given),
        external=external_versions(graph, files, now, ask),
        lost=frozenset(_lost(graph, current, present)),
        now=now,
        as_read=AsRead(evaluation),
    )


def code_versions(
    graph: AssetGraph,
    evaluation: Evaluation,
    *,
    packages: bool = False,
    given: CodeGiven = nothing_given,
) -> dict[AssetKey | AssetCheckKey, CodeVersion]:
    """The code version of every computation, each function looked at once.

    With `packages` the versions of the installed packages that it uses are part of it; `given` is
    the code of the resources that a computation uses, which counts like its own.
    """
    version_of = _with_packages if packages else _version
    found: dict[AssetKey | AssetCheckKey, CodeVersion] = {}
    shared: dict[int, CodeVersion] = {}
    for key, node in graph.nodes.items():
        if node.op is None or node.definition is None:
            continue
        if len(node.definition.specs) == 1:
            found[key] = version_of(evaluation, node.op, given(node))
            continue
        version = shared.get(id(node.op))
        if version is None:
            version = shared[id(node.op)] = version_of(evaluation, node.op, given(node))
        found[key] = version
    for check, own in graph.checks.items():
        inline = own.inline and check.asset_key in found
        own_version = None if inline else version_of(evaluation, own.op, given(own))
        found[check] = own_version or found[check.asset_key]
    return found


def _version(evaluation: Evaluation, op: OpDefinition, reads: Mapping[str, object]) -> CodeVersion:
    if not op.code_options and not reads:
        return evaluation.code_version(op.fn)
    return evaluation.code_version(op.fn, options=op.code_options, reads=reads)


def _with_packages(
    evaluation: Evaluation, op: OpDefinition, reads: Mapping[str, object]
) -> CodeVersion:
    """The version of the code together with those of the packages that it uses."""
    parts = _version(evaluation, op, reads).parts
    labels = sorted({part.text for part in parts if part.kind == "package"})
    if not labels:
        return _version(evaluation, op, reads)
    named = {**(op.code_options or {}), "packages": "\n".join(labels)}
    return evaluation.code_version(op.fn, options=named, reads=reads)


def _together(
    files: Mapping[AnyKey, Mapping[str, str]], given: Mapping[AssetKey, Mapping[str, str]]
) -> Mapping[AnyKey, Mapping[str, str]]:
    if not given:
        return files
    return {**files, **{key: {**files.get(key, {}), **own} for key, own in given.items()}}


def _lost(
    graph: AssetGraph, current: Mapping[AssetKey, Current], present: Present
) -> Iterable[AssetKey]:
    for key, now in current.items():
        record = now.materialization
        if record is None or record.value is None or record.value.inline:
            continue
        if key in graph and not present(record.value):
            yield key
