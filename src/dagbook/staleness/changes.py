"""What has to be judged again: all that something has changed for since the last evaluation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import Verdict
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.differing import differing
from dagbook.log.projection import Current
from dagbook.records import dataclass
from dagbook.staleness.judging import AnyKey, Findings
from dagbook.staleness.kept import Epoch, KeptResults
from dagbook.staleness.observations import Observations
from dagbook.staleness.status import Statuses

_MANY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """An evaluation and all that it was made from, so that the next one need not begin anew."""

    graph: AssetGraph
    seen: Observations
    epoch: Epoch
    current: Mapping[AssetKey, Current]
    verdicts: Mapping[AssetCheckKey, Verdict]
    found: Findings
    statuses: Statuses


def suspects(
    before: Evaluated, graph: AssetGraph, history: KeptResults, seen: Observations
) -> set[AnyKey] | None:
    """The assets and checks whose own part in their status is another one, or may be.

    Those below them follow where what they see of them has changed. None where they are so many
    that judging all in order takes less time than judging these one by one.
    """
    others: list[AnyKey] = [
        *differing(graph.nodes, before.graph.nodes),
        *differing(graph.checks, before.graph.checks),
    ]
    if history.epoch != before.epoch:
        others += [*differing(history.current, before.current)]
        others += [*differing(history.verdicts, before.verdicts)]
    if _are_many(others, graph):
        return None
    found = before.found.borrowed.union(others)
    if history.epoch != before.epoch:
        arrived = history.arrived(before.epoch)
        waiting = before.found.open.items()
        found.update([key for key, mark in waiting if arrived is None or mark in arrived])
    found.update(_seen_otherwise(seen, before))
    found.update(_growing_old(graph))
    return None if _are_many(found, graph) else found


def _are_many(keys: Collection[AnyKey], graph: AssetGraph) -> bool:
    return len(keys) > _MANY and 4 * len(keys) > len(graph.nodes)


def _seen_otherwise(now: Observations, before: Evaluated) -> Iterator[AnyKey]:
    """What the world looks different for."""
    then = before.seen
    for key in differing(now.code, then.code):
        new, old = now.code.get(key), then.code.get(key)
        if new is None or old is None or new != old or new.notes != old.notes:
            yield key
    for key in differing(now.others, then.others):
        if now.others.get(key) != then.others.get(key):
            yield key
    for external in differing(now.external, then.external):
        if now.external.get(external) != then.external.get(external):
            yield external
    yield from now.lost ^ then.lost
    for carrying in before.found.carrying:
        record = before.found.assets[carrying].materialization
        if record is None or now.as_read(record.data_version) != before.found.data[carrying]:
            yield carrying


def _growing_old(graph: AssetGraph) -> Iterator[AssetKey]:
    """What may become too old while nothing happens."""
    for key, node in graph.apart.items():
        if node.definition is not None and node.definition.upkeep.max_age is not None:
            yield key
