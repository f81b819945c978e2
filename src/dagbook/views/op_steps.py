"""The ops of a run among its steps, so that tables and charts of runs show them."""

from __future__ import annotations

from collections.abc import Sequence

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import OpFinished
from dagbook.log.protocol import StepRecord


def with_ops(steps: Sequence[StepRecord], ops: Sequence[OpFinished]) -> list[StepRecord]:
    """The steps, with the ops of each graph before the first of the assets that it makes."""
    waiting = {key: [op for op in ops if key in op.keys] for key in {s.key for s in steps}}
    told: set[str] = set()
    found: list[StepRecord] = []
    for step in steps:
        for op in waiting.get(step.key, ()):
            if op.step not in told:
                told.add(op.step)
                found.append(_as_step(op))
        found.append(step)
    return [*found, *[_as_step(op) for op in ops if op.step not in told]]


def _as_step(op: OpFinished) -> StepRecord:
    return StepRecord(
        run_id=op.run_id,
        key=AssetKey(op.step),
        time=op.time,
        duration=op.duration,
        outcome="restored" if op.outcome == "kept" else op.outcome,
        detail="from the run that failed" if op.outcome == "kept" else "",
        error=op.error,
    )
