"""The beginning of a step or a check: a request, or what happened because nothing has to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from dagbook.definitions.assets import AssetChecksDefinition
from dagbook.definitions.ops import ANY
from dagbook.errors.execution import ValueMissing
from dagbook.events.records import Event, Materialization, NotRun, Skipped
from dagbook.execution.executors import Request
from dagbook.execution.happened import Happened
from dagbook.execution.lacking import free_nodes, gaps, is_graph
from dagbook.execution.ledger import Begun, Ending, Ledger
from dagbook.execution.recording import (
    check_events,
    code_version_of,
    judged_inputs,
    restored_event,
    step_events,
)
from dagbook.execution.requests import (
    CheckOutcome,
    CheckRequest,
    StepInput,
    StepOutcome,
    StepRequest,
)
from dagbook.execution.resuming import resumption_of
from dagbook.execution.tracebacks import record_of
from dagbook.graph.nodes import AssetNode, CheckNode, Input
from dagbook.planning.plan import Step
from dagbook.staleness.causes import ReadsUntracked, TooOld
from dagbook.staleness.marks import (
    adopts,
    asset_fingerprint,
    check_fingerprint,
    is_steady,
)

if TYPE_CHECKING:
    from dagbook.execution.feeding import Gap

_NOTHING_NEW = frozenset({"failed", "not_run", "skipped", "blocked"})


def held_up(ledger: Ledger, step: Step) -> Happened | None:
    """That a step can't run because of what became of something above it; None where it can.

    Of a graph of ops those outputs can still be made that do not depend on it.
    """
    nodes = [ledger.world.graph.nodes[key] for key in step.keys]
    if is_graph(nodes[0]):
        return None if free_nodes(ledger, nodes) else Happened(tuple(_told_apart(ledger, nodes)))
    own = set(step.keys)
    obstacle = ledger.obstacle(tuple([p for node in nodes for p in node.parents if p not in own]))
    if obstacle is None:
        return None
    return Happened(tuple([_held_up(ledger, node, *obstacle) for node in nodes]))


def _told_apart(ledger: Ledger, nodes: list[AssetNode]) -> Iterator[Event]:
    """What holds up each of these outputs of a graph."""
    own = {node.key for node in nodes}
    for node in nodes:
        obstacle = ledger.obstacle(tuple([p for p in node.parents if p not in own]))
        yield _held_up(ledger, node, *(obstacle or ("not_run", "what it is made of did not run")))


def _free(ledger: Ledger, step: Step) -> list[AssetNode]:
    """The assets of a step that nothing holds up; what held up the others is told with its end."""
    nodes = [ledger.world.graph.nodes[key] for key in step.keys]
    if not is_graph(nodes[0]):
        return nodes
    free = free_nodes(ledger, nodes)
    held = [node for node in nodes if node not in free]
    if held:
        ledger.aside[step.keys] = list(_told_apart(ledger, held))
    return free


def begin_step(ledger: Ledger, step: Step) -> Request | Happened:
    """The request for a step that nothing holds up; or that kept results agree with it."""
    nodes = _free(ledger, step)
    for key in step.keys:
        ledger.others(key)
    kept = None if step.forced else _kept(ledger, nodes)
    if kept is not None:
        aside = ledger.aside.pop(step.keys, [])
        return Happened((*aside, *_take_over(ledger, nodes, kept)))
    # Of a graph all that was asked for: its ops see the same selection whatever is held up.
    nodes = [ledger.world.graph.nodes[key] for key in step.keys]
    absent = _absent(ledger, nodes)
    reads = [item for item in _read_by(ledger, nodes) if item.name not in absent]
    inputs = _step_inputs(ledger, nodes[0], reads)
    for item, given in zip(reads, inputs, strict=True):
        if given.is_missing:
            return _failed_before(ledger, step, _value_missing(ledger, item, str(nodes[0].key)))
    ledger.has_begun = True
    return _step_request(ledger, step, nodes, inputs, absent)


def begin_checks(ledger: Ledger, nodes: list[CheckNode]) -> Request | Happened:
    """The request for checks of one body, without those on which a verdict holds.

    Where one of the assets that it waits for gave nothing new to judge, it says nothing.
    """
    above = {key for node in nodes for key in node.parents}
    if any(ledger.endings.get(key) in _NOTHING_NEW for key in above):
        return Happened()
    asked = [node for node in nodes if not _barred(ledger, node) and not _stands(ledger, node)]
    if not asked:
        return Happened()
    node = asked[0]
    if isinstance(node.definition, AssetChecksDefinition):
        inputs, specs = node.inputs, node.definition.specs
    else:  # The body of assets, which is asked for none of them.
        inputs = ledger.world.graph.nodes[node.key.asset_key].inputs
        specs = node.definition.check_specs
    given = _step_inputs(ledger, node, inputs)
    for item, one in zip(inputs, given, strict=True):
        if one.is_missing:
            return _unjudgeable(ledger, asked, item)
    ledger.has_begun = True
    return CheckRequest(
        run_id=ledger.world.run_id,
        keys=tuple([one.key for one in asked]),
        among=tuple([spec.key for spec in specs]),
        fn=node.op.fn,
        recent=_recent(ledger, node),
        inputs=given,
        takes_context=node.op.takes_context,
        selects=getattr(node.definition, "can_subset", False),
        severity=getattr(node.definition, "severity", "ERROR"),
        retry_policy=node.op.retry_policy,
        supply=ledger.world.supplies.supply(node, given),
    )


def _stands(ledger: Ledger, node: CheckNode) -> bool:
    """Whether there is a verdict on the very data that counts, which was not made by this run."""
    return ledger.endings.get(node.key.asset_key) in ("fresh", "restored") and _holds(ledger, node)


def _barred(ledger: Ledger, node: CheckNode) -> bool:
    """Whether the asset's own body has said that its result is not to be used."""
    checks = ledger.world.graph.checks
    own = ledger.stopped.get(node.key.asset_key, ())
    return any(one in checks and checks[one].inline for one in own)


def _recent(ledger: Ledger, node: CheckNode) -> tuple[Materialization, ...]:
    """The asset's newest materializations, as many as the check looks at."""
    count = getattr(node.definition, "recent", 0)
    return tuple(ledger.world.recent(node.key.asset_key, count)) if count else ()


def _holds(ledger: Ledger, node: CheckNode) -> bool:
    """Whether a kept verdict is on the very data that counts now; if so it is taken into account."""
    standing = ledger.world.statuses.checks[node.key]
    inputs = judged_inputs(ledger, node)
    code = ledger.world.observations.code[node.key]
    verdict = standing.verdict
    others = ledger.others(node.key)
    mark = check_fingerprint(code.digest, node, inputs, others)
    if not standing.steady or verdict is None or verdict.fingerprint != mark:
        return False
    ledger.judge(node, verdict)
    return True


def _kept(ledger: Ledger, nodes: list[AssetNode]) -> list[Materialization] | None:
    """Kept results of the same code and inputs for all of these assets; None where one is missing."""
    found = []
    for node in nodes:
        status = ledger.world.statuses.assets[node.key]
        passing = any(isinstance(cause, TooOld | ReadsUntracked) for cause in status.causes)
        if passing or not is_steady(node, ledger.world.observations.code[node.key]):
            return None
        record = _agreeing(ledger, node)
        if record is None:
            return None
        found.append(record)
    return None if _shift(ledger, nodes, found) else found


def _shift(ledger: Ledger, nodes: list[AssetNode], kept: list[Materialization]) -> bool:
    """Whether one of them would be taken over from elsewhere and another one depends on it."""
    own = {node.key for node in nodes}
    if len(own) == 1 or not any(own.intersection(node.parents) for node in nodes):
        return False
    return any(
        ledger.version(node.key) != record.data_version
        for node, record in zip(nodes, kept, strict=True)
    )


def _agreeing(ledger: Ledger, node: AssetNode) -> Materialization | None:
    world = ledger.world
    inputs = ledger.inputs(node.inputs, node.waited)
    if len(inputs) < len(node.inputs) + len(node.waited):
        return None
    others = ledger.others(node.key)
    version = code_version_of(ledger, node)
    mark = asset_fingerprint(version, node, inputs, others)
    if not node.is_one_of_several:  # what the same run gives beside it may be read too
        ledger.begun[node.key] = Begun(inputs, others, mark)
    # What counts by now: another process may have made it while this one waited.
    current = world.history.current.get(node.key)
    own = current.materialization if current is not None else None
    if own is not None and own.fingerprint == mark and node.key not in world.observations.lost:
        return own
    # Of new code only this run has kept anything, or another notebook's beside it: then it runs twice.
    new = version in ledger.new_code
    return world.history.find(mark, here=new) if adopts(node) else None


def _take_over(
    ledger: Ledger, nodes: list[AssetNode], kept: list[Materialization]
) -> Iterator[Event]:
    for node, record in zip(nodes, kept, strict=True):
        current = ledger.world.history.current.get(node.key)
        own = current.materialization if current is not None else None
        if own is not None and own.id == record.id:
            ledger.settle(own, "fresh", None)
        else:
            yield restored_event(ledger, node, record)


def _read_by(ledger: Ledger, nodes: list[AssetNode]) -> tuple[Input, ...]:
    """The inputs of one step: of a function all of them, of a graph those that its outputs need."""
    definition = nodes[0].definition
    assert definition is not None
    if definition.reads_by_key and not is_graph(nodes[0]):
        nodes = [ledger.world.graph.nodes[key] for key in definition.keys]
        nodes = [node for node in nodes if node.definition is definition]
    found = {(item.name, item.via is None): item for node in nodes for item in node.inputs}
    return tuple(found.values())


def _absent(ledger: Ledger, nodes: list[AssetNode]) -> dict[str, Gap | Exception]:
    """The inputs of a graph that there is no value of."""
    if not is_graph(nodes[0]):
        return {}
    found: dict[str, Gap | Exception] = dict(gaps(ledger, nodes[0]))
    for item in _read_by(ledger, nodes):
        if item.name not in found and _is_missing(ledger, nodes[0], item):
            found[item.name] = _value_missing(ledger, item, str(nodes[0].key))
    return found


def _is_missing(ledger: Ledger, node: AssetNode | CheckNode, item: Input) -> bool:
    """Whether there is no value to read; what an I/O manager keeps, only that can tell."""
    if ledger.stored(item.key) is not None:
        return False
    return ledger.world.supplies.managed(ledger.world.graph, node, item) is None


def _value_missing(ledger: Ledger, item: Input, reader: str) -> ValueMissing:
    reason, remedy = "was never materialized", ""
    if ledger.world.graph.is_external(item.key):
        reason = "is external: nothing here makes its value"
        remedy = f"Let an I/O manager load it, or wait for it by deps=[{str(item.key)!r}]."
    elif ledger.record(item.key) is not None:
        reason = "keeps no value"
        remedy = f"Let its body give one, or wait for it by deps=[{str(item.key)!r}]."
    return ValueMissing(asset=str(item.key), needed_by=reader, reason=reason, remedy=remedy)


def _step_request(
    ledger: Ledger,
    step: Step,
    nodes: list[AssetNode],
    inputs: tuple[StepInput, ...],
    absent: Mapping[str, Gap | Exception],
) -> StepRequest:
    node = nodes[0]
    op, definition = node.op, node.definition
    assert op is not None
    assert definition is not None
    wanted = set(step.keys)
    pairs = zip(op.outs, definition.keys, strict=True)
    return StepRequest(
        run_id=ledger.world.run_id,
        name=" ".join(map(str, step.keys)),
        fn=op.fn,
        keys=definition.keys,
        outs=op.outs,
        selected=tuple([out.name for out, key in pairs if key in wanted]),
        inputs=inputs,
        takes_context=op.takes_context,
        previous=ledger.stored(node.key) if op.takes_context else None,
        retry_policy=op.retry_policy,
        timeout=op.timeout,
        inline_checks=tuple([spec.key for spec in definition.check_specs]),
        unasked=ledger.unasked,
        types={p.name: p.annotation for p in op.ins if p.annotation is not ANY},
        resumption=resumption_of(ledger, step, nodes),
        absent=absent,
        supply=ledger.world.supplies.supply(node, inputs),
    )


def _step_inputs(
    ledger: Ledger, node: AssetNode | CheckNode, inputs: Iterable[Input]
) -> tuple[StepInput, ...]:
    world = ledger.world
    found = []
    for item in inputs:
        managed = world.supplies.managed(world.graph, node, item)
        stored = ledger.stored(item.key) if managed is None else None
        found.append(StepInput(item.name, item.key, stored, item.via, managed))
    return tuple(found)


def _unjudgeable(ledger: Ledger, nodes: list[CheckNode], item: Input) -> Happened:
    events: list[Event] = []
    errors: dict[str, BaseException] = {}
    for node in nodes:
        error = errors[str(node.key)] = _value_missing(ledger, item, str(node.key))
        outcome = CheckOutcome(
            key=node.key, passed=False, severity="ERROR", error=record_of(error), exception=error
        )
        events += check_events(ledger, node, outcome)
    return Happened(tuple(events), errors)


def _failed_before(ledger: Ledger, step: Step, error: Exception) -> Happened:
    outcome = StepOutcome(started=ledger.world.clock(), error=record_of(error), exception=error)
    return Happened(tuple(step_events(ledger, step, outcome)), {str(step.keys[0]): error})


def _held_up(ledger: Ledger, node: AssetNode, ending: Ending, because: str) -> Event:
    world = ledger.world
    if ending != "skipped":
        ledger.endings[node.key] = ending
        return NotRun(
            run_id=world.run_id,
            time=world.clock(),
            key=node.key,
            because=because,
            blocked=ending == "blocked",
        )
    inputs = ledger.inputs(node.inputs, node.waited)
    version = code_version_of(ledger, node)
    others = ledger.others(node.key)
    mark = asset_fingerprint(version, node, inputs, others)
    ledger.skip(node.key, mark)
    return Skipped(
        run_id=world.run_id,
        time=world.clock(),
        key=node.key,
        code_version=version,
        fingerprint=mark,
        reason=because,
    )
