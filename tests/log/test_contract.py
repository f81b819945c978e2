"""What every event log does, the durable one and the one in memory alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    Accepted,
    CodeSeen,
    ErrorRecord,
    Event,
    Forgotten,
    NotRun,
    OutputWritten,
    Pinned,
    Restored,
    Skipped,
    StepStarted,
    Unpinned,
)
from dagbook.log.memory import MemoryLog
from dagbook.log.projection import Current
from dagbook.log.protocol import EventLog
from dagbook.log.sqlite import SqliteLog
from tests.log.making import (
    ERROR,
    SCOPE,
    A,
    B,
    C,
    counts,
    ended,
    ended_op,
    failed,
    large,
    made,
    result,
    said,
    small,
    started,
)

INTERRUPT = ErrorRecord(type="KeyboardInterrupt", message="")
SKIP = Skipped(run_id="run2", time=3.0, key=A, code_version="c", fingerprint="skip1", reason="none")


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """An empty log of each kind."""
    clock: Callable[[], float] = lambda: 77.0  # noqa: E731
    one: EventLog
    if request.param == "memory":
        one = MemoryLog(clock=clock)
    else:
        one = SqliteLog(tmp_path / "events.sqlite", clock=clock)
    yield one
    one.close()


def keep(log: EventLog, *events: Event) -> None:
    """Append each event by itself."""
    for event in events:
        log.append(SCOPE, [event])


def test_a_result_comes_back_as_it_was(log: EventLog) -> None:
    """What counts for an asset holds its materialization with every field equal."""
    keep(log, made())
    assert log.projection(SCOPE).current == {A: counts(A, result(), "ok")}


def test_a_small_value_is_kept_with_its_record(log: EventLog) -> None:
    """The blob of a small value is found by its address."""
    keep(log, made())
    assert log.blob("value-a-1") == b"a1"
    assert log.blob("unheard-of") is None


CURRENT_CASES: dict[str, tuple[list[Event], Current | None]] = {
    "the newest result counts": ([made(), made(nth=2)], counts(A, result(nth=2), "ok")),
    "a restored result counts": (
        [made(), Restored(materialization=result(nth=3, run="run2"), source="a-1")],
        counts(A, result(nth=3, run="run2"), "ok"),
    ),
    "a failure keeps the result and says why": (
        [made(), failed(A, run="run2")],
        counts(A, result(), "failed", ERROR),
    ),
    "a first failure has no result": (
        [failed(B, A)],
        counts(A, None, "failed", ERROR),
    ),
    "a result clears the failure": (
        [failed(A), made(run="run2")],
        counts(A, result(run="run2"), "ok"),
    ),
    "a skip keeps the result": (
        [made(), SKIP],
        counts(A, result(), "skipped", None, "skip1"),
    ),
    "a result clears the skip": ([SKIP, made()], counts(A, result(), "ok")),
    "an interrupt is no failure": (
        [failed(A), replace(failed(A, run="run2"), error=INTERRUPT)],
        counts(A, None, "interrupted"),
    ),
    "a failure clears the skip": ([SKIP, failed(A)], counts(A, None, "failed", ERROR)),
    "what did not run stays as it was": (
        [made(), NotRun(run_id="run2", time=2.0, key=A, because="b failed")],
        counts(A, result(), "ok"),
    ),
    "an accepted change is no run": (
        [made(), failed(A), Accepted(materialization=result(nth=2), reason="renamed")],
        counts(A, result(nth=2), "failed", ERROR),
    ),
    "a forgotten asset is gone": ([made(), Forgotten(time=2.0, key=A)], None),
    "a forgotten asset begins anew": (
        [made(), SKIP, Forgotten(time=2.0, key=A), failed(A)],
        counts(A, None, "failed", ERROR),
    ),
    "a pin is told": (
        [made(), Pinned(time=2.0, key=A, materialization_id="a-1"), made(nth=2)],
        counts(A, result(nth=2), "ok", pinned=True),
    ),
    "a pin is taken away": (
        [made(), Pinned(time=2.0, key=A, materialization_id="a-1"), Unpinned(time=3.0, key=A)],
        counts(A, result(), "ok"),
    ),
    "a pin taken from nothing leaves nothing": (
        [Pinned(time=2.0, key=A, materialization_id="a-1"), Unpinned(time=3.0, key=A)],
        None,
    ),
    "what is only told is passed over": (
        [
            StepStarted(run_id="run1", time=1.0, keys=(A,)),
            OutputWritten(run_id="run1", time=1.0, keys=(A,), stream="stdout", text="x"),
        ],
        None,
    ),
}


@pytest.mark.parametrize("case", CURRENT_CASES)
def test_what_counts_now(log: EventLog, case: str) -> None:
    """After these events, this counts for the asset."""
    events, expected = CURRENT_CASES[case]
    keep(log, *events)
    assert log.projection(SCOPE).current.get(A) == expected


def test_scopes_are_apart(log: EventLog) -> None:
    """Two notebooks may have assets of one name."""
    log.append("one.ipynb", [made()])
    log.append("other.ipynb", [made(nth=2), said()])
    assert log.projection("one.ipynb").current[A].materialization == result()
    assert log.projection("other.ipynb").current[A].materialization == result(nth=2)
    assert log.projection("one.ipynb").verdicts == {}


@pytest.mark.parametrize(
    "key", [AssetKey("x"), AssetKey(["x", "y"]), AssetKey("x/y"), AssetKey("["), AssetKey("\udcff")]
)
def test_every_key_comes_back(log: EventLog, key: AssetKey) -> None:
    """A key is kept apart from another that is written alike."""
    named: dict[str, Any] = {"id": "i", "fingerprint": "f", "value": small("v")}
    keep(log, made(key, **named), made(AssetKey(["x", "z"])))
    assert log.projection(SCOPE).current[key].key == key
    assert log.history(SCOPE, key) == [result(key, **named)]


def test_a_scope_may_have_any_name(log: EventLog) -> None:
    """A notebook's path that is no Unicode is a scope like any other."""
    log.append("caf\udce9.ipynb", [made()])
    assert list(log.projection("caf\udce9.ipynb").current) == [A]


def test_history_is_newest_first(log: EventLog) -> None:
    """An asset's materializations, restored and accepted ones too, other assets' never."""
    restored = Restored(materialization=result(nth=2), source="a-1")
    accepted = Accepted(materialization=result(nth=3), reason="comment")
    keep(log, made(), made(B), restored, Forgotten(time=2.0, key=A), accepted)
    assert [one.id for one in log.history(SCOPE, A)] == ["a-3", "a-2", "a-1"]
    assert [one.id for one in log.history(SCOPE, A, limit=2)] == ["a-3", "a-2"]
    assert log.history(SCOPE, C) == []


def test_find_gives_the_newest_of_any_scope(log: EventLog) -> None:
    """A fingerprint is found wherever it was made, and the newest where it was made twice."""
    log.append("other.ipynb", [made(B, 1, fingerprint="same")])
    log.append(SCOPE, [made(A, 2, fingerprint="same"), made(C)])
    assert log.find("same") == result(A, 2, fingerprint="same")
    assert log.find("never") is None


def test_find_passes_over_what_read_untracked_state(log: EventLog) -> None:
    """An untracked materialization is never adopted, even where it is the newest."""
    keep(log, made(fingerprint="f"), made(nth=2, fingerprint="f", tracked=False))
    assert log.find("f") == result(fingerprint="f")
    keep(log, made(B, tracked=False))
    assert log.find("print-raw/b-1") is None


def test_find_many_agrees_with_find(log: EventLog) -> None:
    """Many fingerprints at once give what each gives alone."""
    log.append(SCOPE, [made(A, nth, fingerprint=f"f{nth % 700}") for nth in range(1_400)])
    wanted = [f"f{nth}" for nth in range(1_200)]
    found = log.find_many(wanted)
    assert found == {one: got for one in wanted if (got := log.find(one)) is not None}
    assert len(found) == 700


def test_verdicts_come_back_as_they_were(log: EventLog) -> None:
    """The newest verdict of each check counts, with every field equal, and its rows are kept."""
    other = said("unique", passed=True, rows=None, error=None, row_count=None)
    keep(log, said(), other, said(nth=2))
    assert log.projection(SCOPE).verdicts == {
        AssetCheckKey(A, "positive"): said(nth=2).verdict,
        AssetCheckKey(A, "unique"): other.verdict,
    }
    assert log.blob("rows2") == b"rows2"


def test_a_verdict_is_found_by_check_and_fingerprint(log: EventLog) -> None:
    """A verdict on the same code and data is found in any scope; another check's is not."""
    log.append("other.ipynb", [said(), said(nth=2, fingerprint="check1")])
    check = AssetCheckKey(A, "positive")
    assert log.verdict(check, "check1") == said(nth=2, fingerprint="check1").verdict
    assert log.verdict(AssetCheckKey(A, "unique"), "check1") is None
    assert log.verdict(check, "check9") is None


def test_a_run_is_told_with_its_steps_in_order(log: EventLog) -> None:
    """A run's steps are what happened in it, and not what happened beside it."""
    keep(log, made(C), started("run2", A, B, C), made(A, 2, "run2"), made(B, 1, "run1"))
    keep(log, failed(B, run="run2"), Restored(materialization=result(C, 4, "run2"), source="c-1"))
    keep(log, NotRun(run_id="run2", time=5.0, key=A, because="b failed"))
    keep(log, NotRun(run_id="run2", time=5.0, key=C, because="a.check", blocked=True))
    keep(log, Accepted(materialization=result(B, 5, "run2"), reason=""), ended("run2", "failed"))
    keep(log, made(A, 6, "run3"))
    told = [(step.key, step.outcome, step.detail) for step in log.steps("run2")]
    assert told == [
        (A, "materialized", ""),
        (B, "failed", ""),
        (C, "restored", "c-1"),
        (A, "not_run", "b failed"),
        (C, "blocked", "a.check"),
    ]
    assert log.steps("run2")[1].error == ERROR
    assert log.steps("run2")[0].duration == 1.0


def test_runs_are_newest_first(log: EventLog) -> None:
    """Runs of one scope or of all, with what they planned and how they ended, or that they did not."""
    keep(log, started("run1", A, B), ended("run1"), started("run2"))
    log.append("other.ipynb", [started("run3")])
    assert [run.run_id for run in log.runs(None)] == ["run3", "run2", "run1"]
    assert [run.run_id for run in log.runs(SCOPE, limit=1)] == ["run2"]
    (first,) = log.runs(SCOPE)[1:]
    assert (first.planned, first.started, first.finished, first.outcome) == ((A, B), 1.0, 9.0, "ok")
    assert log.runs(SCOPE)[0].finished is None
    assert list(log.open_runs().items()) == [("run3", "s1"), ("run2", "s1")]
    assert log.open_runs(limit=1) == {"run3": "s1"}


def test_verdicts_of_a_run(log: EventLog) -> None:
    """A run's verdicts are told in order, those of other runs are not."""
    keep(log, said(), started("run2"), said(nth=2, run="run2"), said("unique", run="run2"))
    keep(log, ended("run2"), said(nth=3, run="run3"))
    found = [(one.check.name, one.fingerprint) for one in log.run_verdicts("run2")]
    assert found == [("positive", "check2"), ("unique", "check1")]


def test_an_interrupted_run_marks_what_it_left(log: EventLog) -> None:
    """What a dead run had planned and not finished counts as interrupted; the rest stays."""
    keep(log, made(C), started("run2", A, B, C), made(A, 2, "run2"), failed(B, run="run2"))
    log.mark_interrupted(["run2", "unknown"])
    assert log.runs(SCOPE)[0].outcome == "interrupted"
    assert log.runs(SCOPE)[0].finished == 77.0
    ends = {key: one.last_run for key, one in log.projection(SCOPE).current.items()}
    assert ends == {A: "ok", B: "failed", C: "interrupted"}
    assert log.projection(SCOPE).current[C].materialization == result(C)


def test_an_interrupted_run_yields_to_newer_ones(log: EventLog) -> None:
    """What a newer run dealt with is not marked, and a finished run is not marked at all."""
    keep(log, started("run1", A, B), started("run2", A), made(A, 2, "run2"), ended("run2"))
    log.mark_interrupted(["run1", "run2"])
    assert log.projection(SCOPE).current[A].last_run == "ok"
    assert log.projection(SCOPE).current[B] == counts(B, None, "interrupted")
    assert [run.outcome for run in log.runs(SCOPE)] == ["ok", "interrupted"]


def test_code_is_kept_once(log: EventLog) -> None:
    """The document of a code version is the first that was kept for it."""
    keep(log, CodeSeen(code_version="c1", document=b"x = 1"))
    keep(log, CodeSeen(code_version="c1", document=b"other"))
    assert log.code("c1") == b"x = 1"
    assert log.code("c2") is None
    assert log.codes_among(["c1", "c2"]) == {"c1"}


def test_durations_are_of_the_newest_result(log: EventLog) -> None:
    """What each asset's newest materialization took, in seconds."""
    keep(log, made(), made(nth=4), failed(B))
    assert log.durations(SCOPE) == {A: 2.0}


def test_prune_keeps_the_newest_large_versions(log: EventLog) -> None:
    """Of large values the newest few distinct ones stay; the rest is no longer found."""
    for nth, address in enumerate(["v1", "v2", "v3", "v2", "v4"]):
        keep(log, made(A, nth, value=large(address)))
    log.prune(2)
    assert log.addresses() == {"v2", "v4"}
    assert [log.find(f"print-a-{nth}") is not None for nth in range(5)] == [
        False,
        True,
        False,
        True,
        True,
    ]
    assert len(log.history(SCOPE, A)) == 5


def test_a_dry_prune_only_tells_what_would_be_left(log: EventLog) -> None:
    """Everything is found as before."""
    keep(log, *(made(A, nth, value=large(f"v{nth}")) for nth in range(4)))
    assert log.prune(1, dry_run=True) == {"v3"}
    assert log.addresses() == {"v0", "v1", "v2", "v3"}
    assert log.find("print-a-0") is not None
    assert log.prune(1) == log.addresses() == {"v3"}


def test_prune_spares_what_is_pinned(log: EventLog) -> None:
    """A pinned version outlives newer ones, until it is unpinned."""
    keep(log, *(made(A, nth, value=large(f"v{nth}")) for nth in range(4)))
    keep(log, Pinned(time=5.0, key=A, materialization_id="a-0"))
    log.prune(1)
    assert log.addresses() == {"v0", "v3"}
    keep(log, Unpinned(time=6.0, key=A))
    log.prune(1)
    assert log.addresses() == {"v3"}


def test_prune_keeps_many_small_values_and_drops_the_rest(log: EventLog) -> None:
    """Fifty small values of an asset are kept; the blobs of older ones are deleted."""
    log.append(SCOPE, [made(A, nth) for nth in range(60)])
    log.prune(3)
    kept = [nth for nth in range(60) if log.blob(f"value-a-{nth}") is not None]
    assert kept == list(range(10, 60))


def test_prune_keeps_a_blob_that_another_asset_has(log: EventLog) -> None:
    """Equal values are stored once, and stay while one asset keeps them."""
    log.append(SCOPE, [made(B, value=small("shared")), made(A, 0, value=small("shared"))])
    log.append(SCOPE, [made(A, nth) for nth in range(1, 60)])
    log.prune(3)
    assert log.blob("shared") == b"raw/b1"


def test_prune_drops_forgotten_assets_only_when_told(log: EventLog) -> None:
    """A forgotten asset's value can still be adopted, until its collection is asked for."""
    keep(log, made(), made(B), Forgotten(time=2.0, key=A))
    log.prune(3)
    assert log.find("print-a-1") == result()
    log.prune(3, forgotten=True)
    assert log.find("print-a-1") is None
    assert log.addresses() == {"value-raw/b-1"}
    assert log.blob("value-a-1") is None


def test_prune_keeps_the_rows_of_the_newest_verdict(log: EventLog) -> None:
    """Failing rows of old verdicts go, like values."""
    keep(log, *(said(nth=nth, rows=large(f"rows{nth}")) for nth in range(4)))
    log.prune(1)
    assert log.addresses() == {"rows3"}


def test_own_writing_is_no_change(log: EventLog) -> None:
    """Only another connection's writing counts as a change."""
    before = log.stamp()
    keep(log, made())
    assert log.stamp() == before
    assert not log.changed()


def test_the_newest_record_of_each_op_is_found(log: EventLog) -> None:
    """Of the graph that makes an asset, also where another run did not run them all."""
    keep(log, ended_op("g.one", "ok", run="run1"), ended_op("g.two", "ok", run="run1"))
    keep(log, ended_op("g.one", "failed", run="run2"))
    keep(log, replace(ended_op("h.one", "ok"), keys=(C,)))
    found = [(op.step, op.run_id, op.outcome) for op in log.last_ops(SCOPE, A)]
    assert found == [("g.two", "run1", "ok"), ("g.one", "run2", "failed")]
    assert (log.last_ops("elsewhere", A), log.last_ops(SCOPE, B)) == ([], [])
