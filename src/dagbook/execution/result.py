"""What a run came to, collected from its events."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import (
    CheckEvaluated,
    Event,
    Materialization,
    Materialized,
    NotRun,
    OpFinished,
    OutputWritten,
    Restored,
    RunFinished,
    RunOutcome,
    Skipped,
    StepFailed,
    StepStarted,
    Verdict,
)
from dagbook.execution.happened import Happened
from dagbook.planning.plan import Plan
from dagbook.records import dataclass


@dataclass(slots=True)
class RunResult:
    """The outcome of a run.

    `success`: nothing failed and nothing was blocked; the lists hold keys: `materialized` ran,
    `restored` were taken over from kept results, `skipped` were fresh or gave no value, `failed`
    raised, `not_run` had something above them fail, `blocked` waited below a failed blocking check.
    `checks` are the verdicts given; `errors` the exceptions by asset or check; `changed_inputs` the
    (asset, input) pairs that a body changed in place; `ops` the steps within graphs of ops; `warnings`
    what the run has to say of itself; `values` what went to I/O managers, where that was asked for.

    >>> RunResult(Plan(selected=()), outcome="ok").success
    True
    """

    plan: Plan
    run_id: str = ""
    outcome: RunOutcome | None = None
    materialized: list[AssetKey] = field(default_factory=list)
    restored: list[AssetKey] = field(default_factory=list)
    skipped: list[AssetKey] = field(default_factory=list)
    failed: list[AssetKey] = field(default_factory=list)
    not_run: list[AssetKey] = field(default_factory=list)
    blocked: list[AssetKey] = field(default_factory=list)
    checks: list[Verdict] = field(default_factory=list)
    errors: dict[str, BaseException] = field(default_factory=dict)
    failures: dict[AssetKey, StepFailed] = field(default_factory=dict)
    reasons: dict[AssetKey, str] = field(default_factory=dict)
    records: dict[AssetKey, Materialization] = field(default_factory=dict)
    changed_inputs: list[tuple[AssetKey, str]] = field(default_factory=list)
    ops: list[OpFinished] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    values: dict[AssetKey, Any] = field(default_factory=dict)

    @property
    def success(self) -> bool:
        """Whether nothing failed, nothing was blocked, and no check raised or stopped something."""
        return (
            self.outcome == "ok"
            and not self.failed
            and not self.blocked
            and not any(verdict.error for verdict in self.checks)
        )

    def take(self, happened: Happened) -> None:
        """Count what happened."""
        for event in happened.events:
            self._count(event)
        self.errors |= happened.errors
        self.changed_inputs += happened.changed
        self.values |= happened.values

    def finish(self) -> None:
        """Count what the plan held and no event told: it turned out to be fresh."""
        told = {*self.materialized, *self.restored, *self.failed, *self.not_run, *self.blocked}
        told.update(self.skipped)
        plan = self.plan
        self.skipped += [k for k in (*plan.fresh, *plan.restored, *plan.keys) if k not in told]

    def _count(self, event: Event) -> None:
        match event:
            case Materialized(materialization=record):
                self.materialized.append(record.key)
                self.records[record.key] = record
            case StepStarted():
                pass
            case Restored(materialization=record):
                self.restored.append(record.key)
                self.records[record.key] = record
            case Skipped(key=key, reason=reason):
                self.skipped.append(key)
                self.reasons[key] = reason
            case StepFailed(keys=keys):
                self.failed.extend(keys)
                self.failures.update(dict.fromkeys(keys, event))
            case NotRun(key=key, because=because, blocked=blocked):
                (self.blocked if blocked else self.not_run).append(key)
                self.reasons[key] = because
            case OpFinished():
                self.ops.append(event)
            case OutputWritten(stream="log", text=text):
                self.warnings.append(text)
            case CheckEvaluated(verdict=verdict):
                self.checks.append(verdict)
            case RunFinished(outcome=outcome, run_id=run_id):
                self.outcome, self.run_id = outcome, run_id
            case _:
                pass
