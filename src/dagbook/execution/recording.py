"""From the answers of steps and checks to the events that are kept."""

from __future__ import annotations

from collections.abc import Iterator

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    CodeSeen,
    Event,
    InputVersion,
    Materialization,
    Materialized,
    OutputWritten,
    Restored,
    Skipped,
    StepFailed,
    Verdict,
)
from dagbook.execution.ledger import Ledger
from dagbook.execution.requests import CheckOutcome, OutputResult, StepOutcome
from dagbook.execution.world import address_of, new_id
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.planning.plan import Step
from dagbook.staleness.evaluate import asset_fingerprint, check_fingerprint, is_steady
from dagbook.versions.document import encode_parts


def code_version_of(ledger: Ledger, node: AssetNode) -> str:
    """The declared code version, or the automatic one."""
    return node.spec.code_version or ledger.world.observations.code[node.key].digest


def step_events(ledger: Ledger, step: Step, outcome: StepOutcome) -> Iterator[Event]:
    """The events of a step that has been answered; the ledger follows."""
    world = ledger.world
    if outcome.printed:
        yield OutputWritten(
            run_id=world.run_id,
            time=world.clock(),
            keys=step.keys,
            stream="stdout",
            text=outcome.printed,
        )
    if outcome.error is not None:
        for key in step.keys:
            ledger.endings[key] = "failed"
        yield StepFailed(
            run_id=world.run_id,
            time=world.clock(),
            duration=outcome.duration,
            keys=step.keys,
            error=outcome.error,
        )
        return
    definition = world.graph.nodes[step.keys[0]].definition
    assert definition is not None
    names = {
        out.name: spec.key for out, spec in zip(definition.op.outs, definition.specs, strict=True)
    }
    for result in outcome.outputs:
        yield from _output_events(ledger, world.graph.nodes[names[result.name]], result, outcome)
    for check in outcome.checks:
        yield from check_events(ledger, world.graph.checks[check.key], check)


def _output_events(
    ledger: Ledger, node: AssetNode, result: OutputResult, outcome: StepOutcome
) -> Iterator[Event]:
    world = ledger.world
    version = code_version_of(ledger, node)
    inputs = ledger.inputs(node.inputs, node.waited)
    others = world.observations.others.get(node.key, {})
    mark = asset_fingerprint(version, node, inputs, others)
    if result.skipped:
        ledger.skip(node.key, mark)
        yield Skipped(
            run_id=world.run_id,
            time=outcome.started,
            key=node.key,
            code_version=version,
            fingerprint=mark,
            reason="it gave no value",
        )
        return
    identity = new_id(outcome.started)
    stored = result.stored
    record = Materialization(
        id=identity,
        key=node.key,
        run_id=world.run_id,
        time=outcome.started,
        duration=outcome.duration,
        code_version=version,
        # Without content to look at, every run counts as new data.
        data_version=result.data_version or f"run:{identity}",
        fingerprint=mark,
        inputs=inputs,
        others=others,
        value=address_of(stored) if stored is not None else None,
        metadata=result.metadata,
        tracked=_tracked(ledger, node) and bool(stored or result.data_version),
    )
    ledger.settle(record, "ok", stored)
    yield from code_events(ledger, node.key, version)
    yield Materialized(materialization=record, blob=stored.inline if stored else None)


def _tracked(ledger: Ledger, node: AssetNode) -> bool:
    """Whether others may adopt the result; by a declared code version they could mistake it."""
    code = ledger.world.observations.code[node.key]
    return node.spec.code_version is None and is_steady(node, code)


def code_events(ledger: Ledger, key: AssetKey, version: str) -> Iterator[Event]:
    """The text of the code version, the first time that a run uses it."""
    if version in ledger.code_seen:
        return
    ledger.code_seen.add(version)
    known = ledger.world.history.current.get(key)
    own = known.materialization if known is not None else None
    if own is not None and own.code_version == version:
        return
    code = ledger.world.observations.code[key]
    yield CodeSeen(code_version=version, document=encode_parts(code.parts))


def restored_event(ledger: Ledger, node: AssetNode, source: Materialization) -> Event:
    """The event that takes a kept result over for this asset; the ledger follows."""
    now = ledger.world.clock()
    record = Materialization(
        id=new_id(now),
        key=node.key,
        run_id=ledger.world.run_id,
        time=now,
        duration=source.duration,
        code_version=source.code_version,
        data_version=source.data_version,
        fingerprint=source.fingerprint,
        inputs=ledger.inputs(node.inputs, node.waited),
        others=source.others,
        value=source.value,
        metadata=source.metadata,
        tracked=source.tracked,
    )
    ledger.settle(record, "restored", None)
    return Restored(materialization=record, source=source.id)


def judged_inputs(ledger: Ledger, node: CheckNode) -> tuple[InputVersion, ...]:
    """The versions of what a check reads; of its asset where it reads nothing."""
    return ledger.inputs(node.inputs, ()) or ledger.inputs((), (node.key.asset_key,))


def check_events(ledger: Ledger, node: CheckNode, outcome: CheckOutcome) -> Iterator[Event]:
    """The event of a verdict; the ledger follows."""
    world = ledger.world
    version = world.observations.code[node.key].digest
    inputs = judged_inputs(ledger, node)
    verdict = Verdict(
        check=outcome.key,
        run_id=world.run_id,
        time=world.clock(),
        duration=outcome.duration,
        passed=outcome.passed,
        severity=outcome.severity,
        blocking=node.spec.blocking,
        code_version=version,
        fingerprint=check_fingerprint(version, node, inputs),
        inputs=inputs,
        metadata=outcome.metadata,
        description=outcome.description,
        rows=address_of(outcome.rows) if outcome.rows else None,
        row_count=outcome.row_count,
        error=outcome.error,
    )
    ledger.judge(node, verdict)
    yield CheckEvaluated(verdict=verdict, blob=outcome.rows.inline if outcome.rows else None)
