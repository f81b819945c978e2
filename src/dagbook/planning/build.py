"""From the graph, the statuses and a selection to the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.computations import parts_of
from dagbook.graph.traversal import reach
from dagbook.planning.plan import Plan, Step
from dagbook.staleness.causes import UpstreamStale
from dagbook.staleness.status import SETTLED, AssetStatus, Statuses


def build(
    graph: AssetGraph,
    statuses: Statuses,
    selection: Iterable[AssetKey],
    *,
    only: bool = False,
    force: bool = False,
    ignore_checks: bool = False,
    durations: Mapping[AssetKey, float] | None = None,
) -> Plan:
    """The plan that brings the selection up to date.

    `only`: exactly the selection, nothing above it; `force`: the selected run also when fresh;
    `ignore_checks`: failed blocking verdicts stop nothing; `durations`: seconds that each took.
    """
    status = statuses.assets
    chosen = _made_here(graph, tuple(selection))
    # What there is something to do for; the others are passed over together.
    open_ = {k for k, one in status.items() if one.restorable or one.state not in SETTLED}
    # With nothing to do nobody asks for it, and a set of ten thousand keys takes its time.
    selected = frozenset(chosen if open_ or force or graph.checks else ())
    wanted = selected if only or not open_ else _with_needed(graph, open_, chosen)
    forced = selected if force else frozenset()
    asked = graph.sorted(open_.intersection(wanted) | forced)
    due = [k for k in asked if _is_due(status[k], k in forced)]
    running = _whole_computations(graph, due)
    barred = () if ignore_checks else _barred(statuses, chosen, open_)
    blocked = () if ignore_checks else _blocked(status, (*due, *barred), running)
    steps = _steps(
        graph, status, due, selected, forced, blocked, {} if durations is None else durations
    )
    restored = [k for k in asked if status[k].restorable and k not in running]
    passed = {*open_, *running, *blocked}
    return Plan(
        selected=tuple(chosen),
        steps=steps,
        restored=tuple(restored),
        fresh=tuple([k for k in chosen if k not in passed] if passed else chosen),
        blocked=blocked,
        blocked_by=tuple(dict.fromkeys(c for k in blocked for c in status[k].blocked_by)),
        checks=_checks(graph, statuses, wanted, running - set(blocked), only=only, force=force),
        ignore_checks=ignore_checks,
        statuses=status,
    )


def _made_here(graph: AssetGraph, selection: tuple[AssetKey, ...]) -> Sequence[AssetKey]:
    """What of a selection something here computes, in order."""
    if selection != graph.order:
        return graph.sorted(frozenset(selection) - graph.external)
    external = graph.external
    return [key for key in selection if key not in external] if external else selection


def _is_due(status: AssetStatus, forced: bool) -> bool:
    """Whether it is to run; what is pinned stays as it is."""
    return not status.is_fresh or (forced and "pinned" not in status.flags)


def _with_needed(
    graph: AssetGraph, open_: Set[AssetKey], chosen: Iterable[AssetKey]
) -> Set[AssetKey]:
    """The chosen and what is above them, as far up as something is not fresh or to be restored."""
    return reach(chosen, lambda key: [p for p in graph.parents(key) if p in open_])


def _whole_computations(graph: AssetGraph, due: Iterable[AssetKey]) -> set[AssetKey]:
    """The due assets with all that computations which can't be subset give besides."""
    return {other for key in due for other in graph.nodes[key].together}


def _barred(
    statuses: Statuses, chosen: Iterable[AssetKey], open_: Set[AssetKey]
) -> tuple[AssetKey, ...]:
    """Those that are up to date with data that a check has failed on: no run of these is green."""
    if not any(check.stops for check in statuses.checks.values()):
        return ()
    status = statuses.assets
    return tuple([k for k in chosen if k not in open_ and status[k].blocked_by])


def _blocked(
    status: Mapping[AssetKey, AssetStatus], due: Iterable[AssetKey], running: set[AssetKey]
) -> tuple[AssetKey, ...]:
    """Those below a failed blocking verdict that this run will not give anew."""
    return tuple([k for k in due if any(c.asset_key not in running for c in status[k].blocked_by)])


def _steps(
    graph: AssetGraph,
    status: Mapping[AssetKey, AssetStatus],
    due: Iterable[AssetKey],
    selected: frozenset[AssetKey],
    forced: frozenset[AssetKey],
    blocked: tuple[AssetKey, ...],
    durations: Mapping[AssetKey, float],
) -> tuple[Step, ...]:
    steps: list[Step] = []
    planned: set[AssetKey] = set(blocked)
    wanted = [key for key in due if key not in planned]
    parts = parts_of(graph, wanted)
    for key in wanted:
        if key in planned:
            continue
        keys = parts[key]
        planned.update(keys)
        described = _described(graph.nodes[key].definition, keys)
        steps.append(
            Step(
                keys=keys,
                reason="selected" if selected.intersection(keys) else "needed",
                why=_why(status[key], key in forced),
                certain=key in forced or _certain(status[key]),
                forced=bool(forced.intersection(keys)),
                seconds=durations.get(key),
                computation=described.name,
                left_out=described.left_out,
                ops=described.ops,
            )
        )
    return tuple(steps)


class _Described(NamedTuple):
    """What a step says of a computation of several assets or ops."""

    name: str = ""
    left_out: tuple[AssetKey, ...] = ()
    ops: tuple[str, ...] = ()


PLAIN = _Described()


def _described(definition: AssetsDefinition | None, keys: tuple[AssetKey, ...]) -> _Described:
    if definition is None:
        return PLAIN
    whole = definition.op.fn
    composed = whole if isinstance(whole, ComposedGraph) and whole.graph is not None else None
    if composed is None and len(definition.specs) == 1:
        return PLAIN
    wanted = frozenset([definition.output_of(key) for key in keys])
    needed = composed.needed(wanted) if composed is not None else ()
    return _Described(
        definition.op.name,
        tuple([key for key in definition.keys if key not in keys]),
        tuple([composed.step_key(node) for node in needed]) if composed is not None else (),
    )


def _why(status: AssetStatus, forced: bool) -> str:
    if status.state == "fresh" and forced:
        return "forced"
    return status.why or (status.state if status.state == "missing" else "")


def _certain(status: AssetStatus) -> bool:
    """Whether it runs whatever the assets above it give."""
    if status.state == "missing":
        return True
    return any(not isinstance(cause, UpstreamStale) for cause in status.causes)


def _checks(
    graph: AssetGraph,
    statuses: Statuses,
    wanted: Set[AssetKey],
    running: Set[AssetKey],
    *,
    only: bool,
    force: bool,
) -> tuple[AssetCheckKey, ...]:
    """The checks of what runs, those of the wanted without a verdict, and such gates above them."""
    if not graph.checks:
        return ()
    gates = set() if only else {p for key in running for p in graph.parents(key)}
    found = []
    for key in graph.sorted(wanted | running | gates):
        for check in graph.checks_of(key):
            node = graph.checks[check]
            if node.inline or (key not in wanted | running and not node.spec.blocking):
                continue
            anew = any(one in running for one in node.parents)
            if anew or _lacks_verdict(statuses, check, force and key in wanted):
                found.append(check)
    return tuple(found)


def _lacks_verdict(statuses: Statuses, check: AssetCheckKey, force: bool) -> bool:
    """Whether there is data to judge and no verdict on it that holds; for `force`, none ever does."""
    standing = statuses.checks[check]
    judgeable = standing.fingerprint is not None and statuses.assets[check.asset_key].is_fresh
    return judgeable and (force or standing.judgement == "missing" or not standing.steady)
