"""The plan of a workspace: what is selected, every fault found first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dagbook.definitions.keys import AssetKey
from dagbook.errors.definitions import InvalidGraph
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.computations import computation_faults, partial_faults
from dagbook.graph.faults import find_faults
from dagbook.graph.traversal import reach
from dagbook.planning.build import build
from dagbook.planning.plan import Plan
from dagbook.staleness.status import Statuses


def faultless_plan(
    graph: AssetGraph,
    statuses: Statuses,
    keys: Iterable[AssetKey],
    *,
    only: bool,
    force: bool,
    ignore_checks: bool,
    durations: Mapping[AssetKey, float],
) -> Plan:
    """The plan for these keys; raises InvalidGraph with every fault of them and what is above."""
    chosen = list(keys)
    if len(chosen) == len(graph.nodes):
        ordered = list(graph.order)
    else:
        ordered = graph.sorted(chosen if only else reach(chosen, graph.parents))
    faults = find_faults(graph, ordered)
    faults += computation_faults(graph, ordered)
    # What something chosen needs is made as a whole, whether it was chosen too or not.
    partly = graph.several and not only
    needed = {parent for key in ordered for parent in graph.parents(key)} if partly else set()
    faults += partial_faults(
        graph, chosen, lambda k: force or not statuses.assets[k].is_fresh, needed
    )
    if faults:
        raise InvalidGraph(faults=faults)
    return build(
        graph,
        statuses,
        chosen,
        only=only,
        force=force,
        ignore_checks=ignore_checks,
        durations=durations,
    )
