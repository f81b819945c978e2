"""From the graph, the history and the observations to the status of every asset and check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from heapq import heappop, heappush

from dagbook.bulk import in_bulk
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.changes import Evaluated, suspects
from dagbook.staleness.judging import AnyKey, Findings, Judge
from dagbook.staleness.kept import Epoch, KeptResults
from dagbook.staleness.observations import Observations
from dagbook.staleness.plainly import judge_all
from dagbook.staleness.status import Statuses


def evaluate(
    graph: AssetGraph,
    history: KeptResults,
    observations: Observations,
    before: Evaluated | None = None,
) -> Evaluated:
    """The statuses of everything in the graph, from the roots down.

    After an evaluation `before` of the same history only what a change can reach is judged again;
    the outcome is that of an evaluation without it.
    """
    # Asked before anything is judged: what happens meanwhile is then judged again, never missed.
    epoch = history.epoch
    again: set[AnyKey] | None = None
    if before is not None and not (graph.has_cycle or before.graph.has_cycle):
        again = suspects(before, graph, history, observations)
    if before is None or again is None:
        judge = Judge(graph, history, observations, Findings())
        with in_bulk():
            _whole(judge)
        return _evaluated(judge, epoch)
    if not again:
        return replace(before, graph=graph, seen=observations, epoch=epoch)
    judge = Judge(graph, history, observations, before.found.copy())
    _again(judge, again)
    return _evaluated(judge, epoch, before)


def _evaluated(judge: Judge, epoch: Epoch, before: Evaluated | None = None) -> Evaluated:
    """What was found, with the history that it was found from."""
    history = judge.history
    same = before is not None and before.epoch == epoch
    return Evaluated(
        graph=judge.graph,
        seen=judge.seen,
        epoch=epoch,
        current=before.current if before is not None and same else dict(history.current),
        verdicts=before.verdicts if before is not None and same else dict(history.verdicts),
        found=judge.found,
        statuses=Statuses(judge.found.assets, judge.found.checks),
    )


def _whole(judge: Judge) -> None:
    """Judge everything, what is above before what is below."""
    graph = judge.graph
    late = graph.late_checks

    def checks(key: AssetKey) -> None:
        for check in graph.checks_of(key):
            if check not in late:
                judge.check(check)
                judge.stops(key)

    judge_all(judge, checks if graph.checks else None)
    _again(judge, [*late, *[check for check in graph.checks if check.asset_key not in graph]])


def _again(judge: Judge, keys: Iterable[AnyKey]) -> None:
    """Judge these anew, and what is below as far as it sees a difference."""
    graph, found = judge.graph, judge.found
    waiting = _Waiting(graph)
    for one in keys:
        if isinstance(one, AssetCheckKey) and one not in graph.checks:
            found.checks.pop(one, None)
            found.open.pop(one, None)
            waiting.add(one.asset_key)
        else:
            waiting.add(one)
    while (key := waiting.next()) is not None:
        own = key.asset_key if isinstance(key, AssetCheckKey) else key
        before = found.seen_below(own)
        if isinstance(key, AssetCheckKey):
            judge.check(key)
        else:
            _asset(judge, key, waiting)
        judge.stops(own)
        if found.seen_below(own) != before:
            for below in graph.children(own):
                waiting.add(below)


def _asset(judge: Judge, key: AssetKey, waiting: _Waiting) -> None:
    """One asset, and the checks that see its data."""
    graph = judge.graph
    judge.found.forget(key)
    if key in graph:
        judge.asset(key)
    else:
        judge.found.assets.pop(key, None)
    for check in graph.checks_of(key):
        if check in graph.late_checks:
            waiting.add(check)
        else:
            judge.check(check)
    for check in graph.reading_checks.get(key, ()):
        waiting.add(check)


class _Waiting:
    """Assets and checks that wait to be judged, nearest to the roots first, each once."""

    def __init__(self, graph: AssetGraph) -> None:
        self._graph = graph
        self._heap: list[tuple[int, bool, AnyKey]] = []
        self._inside: set[AnyKey] = set()

    def add(self, key: AnyKey) -> None:
        """Let this wait too."""
        if key in self._inside:
            return
        self._inside.add(key)
        heappush(self._heap, (self._depth(key), isinstance(key, AssetCheckKey), key))

    def next(self) -> AnyKey | None:
        """The next one; None where nothing waits."""
        if not self._heap:
            return None
        key = heappop(self._heap)[2]
        self._inside.discard(key)
        return key

    def _depth(self, key: AnyKey) -> int:
        depths = self._graph.depths
        if not isinstance(key, AssetCheckKey):
            return depths.get(key, 0)
        return max([depths.get(one, 0) for one in self._graph.checks[key].parents])
