"""The checks of a plan as a selection chose them: alone, or left out."""

from __future__ import annotations

from dataclasses import replace

from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.selecting import Asked, selection_world, tree_of
from dagbook.errors.definitions import CheckWithinAsset, InvalidGraph
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.faults import check_faults
from dagbook.planning.plan import Plan, Step
from dagbook.selection.checks import resolve_checks
from dagbook.selection.tree import Call, CheckNamed, Selection
from dagbook.staleness.status import Statuses


def with_chosen_checks(
    asked: Asked,
    plan: Plan,
    graph: AssetGraph,
    statuses: Statuses,
    marked: frozenset[AssetKey],
    force: bool,
) -> Plan:
    """The plan with the checks that the selection names, and without those that it leaves out.

    `marked` is what `is:selected` stands for. A check that is selected without its asset is judged
    on what is there, where it has no verdict on that or `force` asks for a new one; of those that
    bodies answer themselves, only a body that can be asked for parts is. Raises
    InvalidGraph with the faults of such checks.
    """
    selection = tree_of(asked)
    if selection is None or not _speaks_of_checks(selection):
        return plan
    world = selection_world(graph, lambda: statuses, marked)
    chosen = resolve_checks(selection, graph, world)
    selected = {*plan.selected, *plan.keys}
    kept = [one for one in plan.checks if one in chosen or one.asset_key not in selected]
    alone = [one for one in graph.checks if one in chosen and one.asset_key not in selected]
    added = [one for one in alone if one not in kept and _is_due(statuses, one, force)]
    faults = check_faults(graph, added)
    faults += [
        CheckWithinAsset(check=str(one), asset=str(one.asset_key))
        for one in added
        if not graph.checks[one].can_be_asked
    ]
    if faults:
        raise InvalidGraph(faults=faults)
    unasked = frozenset(
        check
        for key in selected.intersection(plan.keys)
        for check in graph.checks_of(key)
        if graph.checks[check].inline and check not in chosen
    )
    steps = tuple([_without_judges(graph, step, unasked) for step in plan.steps])
    return replace(plan, steps=steps, checks=(*kept, *added), unasked=unasked)


def _without_judges(graph: AssetGraph, step: Step, unasked: frozenset[AssetCheckKey]) -> Step:
    """The step without the ops of its graph that only answer checks which nobody asks for."""
    definition = graph.node(step.keys[0]).definition
    if definition is None or not isinstance(definition.op.fn, ComposedGraph):
        return step
    whole, outputs = definition.op.fn, frozenset(map(definition.output_of, step.keys))
    asked = {whole.step_key(node) for node in whole.needed(outputs, unasked)}
    return replace(step, ops=tuple([name for name in step.ops if name in asked]))


def _is_due(statuses: Statuses, check: AssetCheckKey, force: bool) -> bool:
    standing = statuses.checks[check]
    return force or standing.judgement == "missing" or not standing.steady


def _speaks_of_checks(selection: Selection) -> bool:
    if isinstance(selection, CheckNamed):
        return True
    if isinstance(selection, Call) and selection.name in ("checks", "without_checks"):
        return True
    return any(_speaks_of_checks(part) for part in selection.parts)
