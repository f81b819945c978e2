"""Short ways to make the events of these tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.events.records import (
    CheckEvaluated,
    ErrorRecord,
    InputVersion,
    Materialization,
    Materialized,
    OpFinished,
    RunFinished,
    RunOutcome,
    RunStarted,
    StepFailed,
    ValueAddress,
    Verdict,
)
from dagbook.log.projection import Current

SCOPE = "notebooks/a.ipynb"
A, B, C = AssetKey("a"), AssetKey(["raw", "b"]), AssetKey("c")
ERROR = ErrorRecord(type="ValueError", message="no 'such' \udc80 thing", traceback="Traceback\n")


def counts(key: AssetKey, one: Materialization | None = None, *rest: Any, **others: Any) -> Current:
    """What counts for an asset: a materialization, how the last run ended, and so on."""
    now = Current(key, None, None, *rest, **others)
    return now if one is None else now.counting(one)


def small(address: str) -> ValueAddress:
    """A value in the log's own blobs."""
    return ValueAddress(address=address, format="pickle", size=5, inline=True)


def large(address: str) -> ValueAddress:
    """A value in a file."""
    return ValueAddress(address=address, format="arrow", size=10**9, mtime_ns=1_700_000_000_000)


def result(key: AssetKey = A, nth: int = 1, run: str = "run1", **changes: Any) -> Materialization:
    """The nth materialization of an asset, with all that one can carry."""
    one = Materialization(
        id=f"{key}-{nth}",
        key=key,
        run_id=run,
        time=float(nth),
        duration=nth / 2,
        code_version=f"code{nth}",
        data_version=f"data{nth}",
        fingerprint=f"print-{key}-{nth}",
        inputs=(InputVersion("b", B, "data0"), InputVersion("c", C, "data9")),
        others={"file:x.csv": "digest", "größe\udc80": ""},
        value=small(f"value-{key}-{nth}"),
        metadata={"rows": MetadataValue.int(3), "plot": MetadataValue.png(b"\x89PNG\x00")},
    )
    return replace(one, **changes)


def made(key: AssetKey = A, nth: int = 1, run: str = "run1", **changes: Any) -> Materialized:
    """The event of `result`, with a blob where the value is small."""
    one = result(key, nth, run, **changes)
    inline = one.value is not None and one.value.inline
    blob = f"{key}{nth}".encode(errors="backslashreplace")
    return Materialized(materialization=one, blob=blob if inline else None)


def failed(*keys: AssetKey, run: str = "run1", time: float = 2.0) -> StepFailed:
    """A step that raised."""
    return StepFailed(run_id=run, time=time, duration=0.5, keys=keys, error=ERROR)


def started(run: str = "run1", *planned: AssetKey) -> RunStarted:
    """A run began."""
    return RunStarted(run_id=run, time=1.0, command="%materialize", session="s1", planned=planned)


def ended(run: str = "run1", outcome: RunOutcome = "ok") -> RunFinished:
    """A run ended."""
    return RunFinished(run_id=run, time=9.0, outcome=outcome)


def said(name: str = "positive", nth: int = 1, run: str = "run1", **changes: Any) -> CheckEvaluated:
    """The nth verdict of a check on `a`, with all that one can carry."""
    verdict = Verdict(
        check=AssetCheckKey(A, name),
        run_id=run,
        time=float(nth),
        duration=0.1,
        passed=False,
        severity="ERROR",
        blocking=True,
        code_version=f"code{nth}",
        fingerprint=f"check{nth}",
        inputs=(InputVersion("a", A, f"data{nth}"),),
        metadata={"share": MetadataValue.float(0.5)},
        description="two rows are negative",
        rows=small(f"rows{nth}"),
        row_count=2,
        error=ERROR,
    )
    return CheckEvaluated(verdict=replace(verdict, **changes), blob=f"rows{nth}".encode())


def ended_op(step: str, outcome: str, run: str = "run1") -> OpFinished:
    """An op of the graph that makes A ended."""
    error = ERROR if outcome == "failed" else None
    return OpFinished(
        run_id=run, time=3.0, duration=0.5, keys=(A, B), step=step, outcome=outcome, error=error
    )
