"""From the answers of steps and checks to the events that are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import cast

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    CodeSeen,
    ErrorRecord,
    Event,
    FilesSeen,
    InputVersion,
    KeptOpValue,
    Materialization,
    Materialized,
    NotRun,
    OpFinished,
    OutputWritten,
    Restored,
    Skipped,
    StepFailed,
    Verdict,
)
from dagbook.execution.addresses import address_of, new_id
from dagbook.execution.ledger import Ledger
from dagbook.execution.requests import CheckOutcome, OutputResult, StepOutcome
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.planning.plan import Plan, Step
from dagbook.staleness.causes import ModuleNotReloaded
from dagbook.staleness.files import Opened, is_observed, is_untracked, watch_of
from dagbook.staleness.marks import asset_fingerprint, check_fingerprint, is_steady
from dagbook.versions.document import encode_parts
from dagbook.versions.rows import same_rows


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
    for warning in (*outcome.warnings, *_of_old_code(ledger, step)):
        yield OutputWritten(
            run_id=world.run_id, time=world.clock(), keys=step.keys, stream="log", text=warning
        )
    aside = ledger.aside.pop(step.keys, [])
    yield from aside
    definition = world.graph.nodes[step.keys[0]].definition
    assert definition is not None
    if outcome.ops:
        yield from op_events(ledger, definition.keys, outcome)
    names = dict(zip([out.name for out in definition.op.outs], definition.keys, strict=True))
    held = {_key_of(event) for event in aside}
    rank = world.graph.rank
    for result in sorted(outcome.outputs, key=lambda one: rank[names[one.name]]):
        if not (names[result.name] in held and result.skipped):
            node = world.graph.nodes[names[result.name]]
            yield from _output_events(ledger, node, result, outcome)
    for check in outcome.checks:
        yield from check_events(ledger, world.graph.checks[check.key], check)
    if outcome.error is not None:
        yield from _step_failed(ledger, step, outcome, names, held)


def _of_old_code(ledger: Ledger, step: Step) -> Iterator[str]:
    """A warning for each module that the step used as it was loaded before its file changed."""
    world = ledger.world
    followed = [key for key in step.keys if world.graph.nodes[key].spec.code_version is None]
    modules = {one for key in followed for one in world.observations.code[key].stale_modules}
    if modules:
        names = ", ".join(f"`{key}`" for key in step.keys)
        yield from ModuleNotReloaded(tuple(sorted(modules))).as_run(names)


def _step_failed(
    ledger: Ledger,
    step: Step,
    outcome: StepOutcome,
    names: Mapping[str, AssetKey],
    held: set[AssetKey | None],
) -> Iterator[Event]:
    """That a step failed, for the assets that it did not make; all of them where it made them all."""
    failed = step.keys if outcome.failed is None else [names[name] for name in outcome.failed]
    lost = [key for key in failed if key not in held]
    if not lost:
        return
    made = {names[result.name] for result in outcome.outputs}
    for key in lost:
        # What it made before it failed counts, and yet nothing goes on from it in this run.
        ledger.endings[key] = "failed"
    yield StepFailed(
        run_id=ledger.world.run_id,
        time=ledger.world.clock(),
        duration=outcome.duration,
        keys=tuple([key for key in lost if key not in made] or lost),
        error=replace(
            cast(ErrorRecord, outcome.error),
            code_version=ledger.world.observations.code[step.keys[0]].digest,
        ),
    )


def _key_of(event: Event) -> AssetKey | None:
    return event.key if isinstance(event, (NotRun, Skipped)) else None


def op_events(ledger: Ledger, keys: tuple[AssetKey, ...], outcome: StepOutcome) -> Iterator[Event]:
    """What became of the ops of a graph; what they gave is kept where the step failed."""
    ledger.failed_ops += [op.step for op in outcome.ops if op.outcome == "failed"]
    for op in outcome.ops:
        keeps = outcome.error is not None and op.fingerprint is not None
        values = op.values if keeps else ()
        yield OpFinished(
            run_id=ledger.world.run_id,
            time=op.started or outcome.started,
            duration=op.duration,
            keys=keys,
            step=op.step,
            outcome=op.outcome,
            error=op.error,
            fingerprint=op.fingerprint if keeps else None,
            values=tuple(
                [
                    KeptOpValue(
                        name=one.name,
                        key=one.key,
                        data_version=one.data_version,
                        value=address_of(one.stored) if one.stored is not None else None,
                        metadata=one.metadata,
                    )
                    for one in values
                ]
            ),
            blobs={
                one.stored.address: one.stored.inline
                for one in values
                if one.stored is not None and one.stored.inline is not None
            },
        )


def _output_events(
    ledger: Ledger, node: AssetNode, result: OutputResult, outcome: StepOutcome
) -> Iterator[Event]:
    world = ledger.world
    version = code_version_of(ledger, node)
    begun = ledger.begun.pop(node.key, None)
    inputs = begun.inputs if begun else ledger.inputs(node.inputs, node.waited)
    others = others_of(ledger, node.key, outcome.opened)
    yield from file_events(ledger, node.key, watch_of(node, world.observations.code), others)
    same = begun is not None and others == begun.others
    mark = begun.mark if begun and same else asset_fingerprint(version, node, inputs, others)
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
    before = _with_these_rows(ledger, node.key, result)
    stored = result.stored if before is None else None
    record = Materialization(
        id=identity,
        key=node.key,
        run_id=world.run_id,
        time=outcome.started,
        duration=outcome.duration,
        code_version=version,
        # Without content to look at, every run counts as new data.
        data_version=before.data_version if before else result.data_version or f"run:{identity}",
        fingerprint=mark,
        inputs=inputs,
        others=others,
        value=before.value if before else address_of(stored) if stored is not None else None,
        metadata=result.metadata,
        # What a manager keeps is overwritten by the next run: no older result can come back.
        tracked=_tracked(ledger, node, others)
        and bool(stored or result.data_version)
        and not result.managed,
    )
    ledger.settle(record, "ok", stored)
    yield from code_events(ledger, node.key, version)
    yield Materialized(materialization=record, blob=stored.inline if stored else None)


def _with_these_rows(ledger: Ledger, key: AssetKey, result: OutputResult) -> Materialization | None:
    """The newest record of a table that has the same rows as this one, where none of them has an
    order: by keeping that table, what was computed from it is true of what is kept."""
    version = result.data_version
    if not same_rows(version, version) or key in ledger.world.observations.lost:
        return None
    before = ledger.record(key)
    if before is not None and before.value and same_rows(before.data_version, version):
        return before
    return ledger.world.history.alike(key, partial(same_rows, version))


def others_of(
    ledger: Ledger, key: AssetKey | AssetCheckKey, opened: tuple[Opened, ...]
) -> Mapping[str, str]:
    """The declared files as they were seen before the run, and what this run has opened."""
    before = ledger.others(key)
    found = ledger.world.files(_not_waited_for(ledger, key, opened)) if opened else {}
    if not before and not found:
        return {}
    return {**{name: one for name, one in before.items() if not is_observed(name)}, **found}


def _not_waited_for(
    ledger: Ledger, key: AssetKey | AssetCheckKey, opened: tuple[Opened, ...]
) -> tuple[Opened, ...]:
    """Less the databases of one that waits for others without reading them: it trusts these to say
    when their tables are new, and so does a check on an asset."""
    if isinstance(key, AssetKey) and not ledger.world.graph.nodes[key].waited:
        return opened
    return tuple([one for one in opened if one.kind != "database"])


def file_events(
    ledger: Ledger, key: AssetKey | AssetCheckKey, watch: str, others: Mapping[str, str]
) -> Iterator[Event]:
    """The names of what a run has opened, where they are other ones than were known."""
    known = ledger.others(key)
    before = ledger.files_seen.get(watch, {name for name in known if is_observed(name)})
    names = {name for name in others if is_observed(name)}
    if names != before:
        ledger.files_seen[watch] = names
        yield FilesSeen(code_version=watch, names=tuple(sorted(names)))


def _tracked(ledger: Ledger, node: AssetNode, others: Mapping[str, str]) -> bool:
    """Whether others may adopt the result; by a declared code version they could mistake it."""
    if any(map(is_untracked, others)):
        return False
    code = ledger.world.observations.code[node.key]
    return node.spec.code_version is None and is_steady(node, code)


def planned_code(ledger: Ledger, plan: Plan) -> Iterator[Event]:
    """The texts of the new code that is to run, before it does: each by itself would cost twice as much."""
    keys: dict[str, AssetKey] = {}
    for key in plan.keys:
        keys.setdefault(code_version_of(ledger, ledger.world.graph.nodes[key]), key)
    known = ledger.world.codes(keys)
    ledger.code_seen.update(known)
    for version, key in keys.items():
        if version not in known:
            ledger.new_code.add(version)
            yield from code_events(ledger, key, version)


def code_events(ledger: Ledger, key: AssetKey, version: str) -> Iterator[Event]:
    """The text of the code version, the first time that a run uses it."""
    if version not in ledger.code_seen:
        ledger.code_seen.add(version)
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
    """The versions of what a check reads and waits for; of its asset where it reads nothing."""
    read = ledger.inputs(node.inputs, ()) or ledger.inputs((), (node.key.asset_key,))
    return (*read, *ledger.inputs((), node.waited))


def check_events(ledger: Ledger, node: CheckNode, outcome: CheckOutcome) -> Iterator[Event]:
    """The event of a verdict; the ledger follows."""
    world = ledger.world
    version = world.observations.code[node.key].digest
    inputs = judged_inputs(ledger, node)
    others = others_of(ledger, node.key, outcome.opened)
    yield from file_events(ledger, node.key, version, others)
    verdict = Verdict(
        check=outcome.key,
        run_id=world.run_id,
        time=world.clock(),
        duration=outcome.duration,
        passed=outcome.passed,
        severity=outcome.severity,
        blocking=node.spec.blocking,
        code_version=version,
        fingerprint=check_fingerprint(version, node, inputs, others),
        inputs=inputs,
        metadata=outcome.metadata,
        description=outcome.description,
        rows=address_of(outcome.rows) if outcome.rows else None,
        row_count=outcome.row_count,
        error=outcome.error,
    )
    ledger.judge(node, verdict)
    yield CheckEvaluated(verdict=verdict, blob=outcome.rows.inline if outcome.rows else None)
