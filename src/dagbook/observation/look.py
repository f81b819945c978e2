"""One look at the world: code as it is now, watched files, values that should be there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import ValueAddress
from dagbook.graph.asset_graph import AssetGraph
from dagbook.io.stamps import looking
from dagbook.log.projection import Current
from dagbook.observation.code_look import CodeGiven, CodeLook, nothing_given
from dagbook.observation.external import AskSource, external_versions, nobody_asks
from dagbook.observation.files import FileDigests
from dagbook.observation.outside import Outside
from dagbook.observation.reading import AsRead
from dagbook.observation.watching import NO_FILES, watched
from dagbook.staleness.observations import Observations

AnyKey = AssetKey | AssetCheckKey
Present = Callable[[ValueAddress], bool]
NOTHING: Mapping[AssetKey, Mapping[str, str]] = {}


@looking()
def look(
    graph: AssetGraph,
    current: Mapping[AssetKey, Current],
    *,
    outside: Outside,
    codes: CodeLook,
    files: FileDigests,
    present: Present,
    now: float,
    stored: Mapping[AssetKey, ValueAddress],
    opened: Mapping[str, tuple[str, ...]] = NO_FILES,
    given: Mapping[AssetKey, Mapping[str, str]] = NOTHING,
    code_given: CodeGiven = nothing_given,
    ask: AskSource = nobody_asks,
) -> Observations:
    """Observe everything that the freshness of the graph's assets depends on.

    `outside` says what names mean; `codes` has looked at the code before; `present` whether a kept
    value's file is there, and `stored` are those that are files; `now` is in seconds since 1970;
    `opened` names for each code version what its runs opened; `given`: digests of the config and
    resources of an asset; `code_given`: the code of the resources that it uses; `ask` answers for
    observable sources.
    """
    evaluation = outside.evaluation()
    code = codes.versions(graph, evaluation, packages=outside.packages, given=code_given)
    return Observations(
        code=code,
        noted=tuple(codes.noted),
        others=_together(watched(graph, current, code, files, opened), given),
        external=external_versions(graph, files, now, ask),
        lost=frozenset(k for k, value in stored.items() if k in graph and not present(value)),
        now=now,
        as_read=AsRead(evaluation),
    )


def _together(
    files: Mapping[AnyKey, Mapping[str, str]], given: Mapping[AssetKey, Mapping[str, str]]
) -> Mapping[AnyKey, Mapping[str, str]]:
    if not given:
        return files
    return {**files, **{key: {**files.get(key, {}), **own} for key, own in given.items()}}
