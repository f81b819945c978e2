"""What a graph of ops needs to know in order to go on where a failed run stopped."""

from __future__ import annotations

from collections.abc import Callable

from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.ops import OpDefinition
from dagbook.execution.ledger import Ledger
from dagbook.execution.requests import Resumption
from dagbook.graph.nodes import AssetNode
from dagbook.planning.plan import Step
from dagbook.staleness.files import is_observed
from dagbook.versions.code import Evaluation


def resumption_of(ledger: Ledger, step: Step, nodes: list[AssetNode]) -> Resumption | None:
    """The versions of the ops and of all that they read, and what the last run left of them.

    None for what is no graph; nothing is taken from the last run where all is to run anew.
    """
    op, definition = nodes[0].op, nodes[0].definition
    assert op is not None
    assert definition is not None
    if not isinstance(op.fn, ComposedGraph):
        return None
    world = ledger.world
    versions = {}
    for node in nodes:
        for item in node.inputs:
            versions[item.name] = ledger.version(item.key)
    named = {item.key for node in nodes for item in node.inputs}
    waits = {
        name: ledger.version(key) for name, key in definition.ins.items() if name not in versions
    }
    others = [
        f"{node.key}:{key}={ledger.version(key)}"
        for node in nodes
        for key in node.waited
        if key not in named
    ]
    watched = [f"{name}={mark}" for node in nodes for name, mark in _watched(ledger, node)]
    again = step.forced or definition.upkeep.always
    return Resumption(
        codes={}
        if definition.upkeep.always
        else op_codes(op.fn, lambda n: bool(world.graph.named(n))),
        inputs={name: mark for name, mark in {**waits, **versions}.items() if mark is not None},
        surroundings=(*others, *watched),
        kept={} if again else world.kept_ops(definition.keys),
    )


def op_codes(graph: ComposedGraph, is_asset: Callable[[str], bool]) -> dict[str, str]:
    """The code version of each op by its path; those that read what can't be tracked are left out."""
    evaluation = Evaluation(is_asset)
    found: dict[str, str] = {}
    known: dict[int, str | None] = {}
    for node in graph.nodes:
        if id(node.op) not in known:
            known[id(node.op)] = _code(evaluation, node.op)
        code = known[id(node.op)]
        if code is not None:
            found[node.path] = code
    return found


def _code(evaluation: Evaluation, op: OpDefinition) -> str | None:
    code = evaluation.code_version(op)
    doubtful = code.stale_modules or code.unseen
    return code.digest if code.tracked and not doubtful else None


def _watched(ledger: Ledger, node: AssetNode) -> list[tuple[str, str]]:
    # What a body was seen to open is left out: an op that opens files is not kept at all.
    others = ledger.others(node.key)
    return sorted((name, mark) for name, mark in others.items() if not is_observed(name))
