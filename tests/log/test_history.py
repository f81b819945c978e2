"""The history in memory stays what the log would say."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.events.records import (
    Accepted,
    Event,
    Forgotten,
    NotRun,
    Pinned,
    Restored,
    RunStarted,
    Skipped,
    Unpinned,
)
from dagbook.log.history import History
from dagbook.log.memory import MemoryLog
from dagbook.log.protocol import EventLog
from dagbook.log.sqlite import SqliteLog
from tests.log.making import (
    SCOPE,
    A,
    B,
    C,
    counts,
    ended,
    failed,
    large,
    made,
    result,
    said,
    small,
    started,
)

keys = st.sampled_from([A, B, C])
numbers = st.integers(1, 4)
run_ids = st.sampled_from(["run1", "run2", "run3"])
tracked = st.booleans()
values = st.sampled_from([None, small("v1"), large("v2"), large("v3")])

events: st.SearchStrategy[Event] = st.one_of(
    st.builds(made, keys, numbers, run_ids, tracked=tracked, value=values),
    st.builds(
        lambda key, nth, run: Restored(materialization=result(key, nth, run), source="x"),
        keys,
        numbers,
        run_ids,
    ),
    st.builds(
        lambda key, nth: Accepted(materialization=result(key, nth), reason="x"), keys, numbers
    ),
    st.builds(failed, keys, run=run_ids),
    st.builds(
        lambda key, run, nth: Skipped(
            run_id=run, time=1.0, key=key, code_version="c", fingerprint=f"skip{nth}"
        ),
        keys,
        run_ids,
        numbers,
    ),
    st.builds(lambda key, run: NotRun(run_id=run, time=1.0, key=key, because=""), keys, run_ids),
    st.builds(lambda key: Forgotten(time=1.0, key=key), keys),
    st.builds(
        lambda key, nth: Pinned(time=1.0, key=key, materialization_id=f"{key}-{nth}"),
        keys,
        numbers,
    ),
    st.builds(lambda key: Unpinned(time=1.0, key=key), keys),
    st.builds(said, st.sampled_from(["p", "q"]), numbers, run_ids),
    st.builds(lambda run, planned: started(run, *planned), run_ids, st.sets(keys)),
    st.builds(ended, run_ids, st.sampled_from(["ok", "failed", "interrupted"])),
)


def in_order(batches: list[list[Event]]) -> list[list[Event]]:
    """The same without the starts of runs of which something was said before: no run does that."""
    known: set[str] = set()
    kept: list[list[Event]] = []
    for batch in batches:
        kept.append([])
        for event in batch:
            run = run_of(event)
            if not (isinstance(event, RunStarted) and run in known):
                kept[-1].append(event)
                known.add(run)
    return kept


def run_of(event: Event) -> str:
    """The run that an event is of; empty for those of none."""
    told = getattr(event, "materialization", None) or getattr(event, "verdict", None) or event
    return str(getattr(told, "run_id", ""))


batches = st.lists(st.lists(events, max_size=4), max_size=12).map(in_order)
FINGERPRINTS = [f"print-{key}-{nth}" for key in (A, B, C) for nth in range(6)]


@settings(max_examples=60, deadline=None)
@given(batches)
def test_applying_equals_reloading(made: list[list[Event]]) -> None:
    """After any events, the history that took them in equals one that is read anew; in both logs."""
    with tempfile.TemporaryDirectory() as folder:
        memory, durable = MemoryLog(), SqliteLog(Path(folder, "events.sqlite"))
        followed = [History(memory, SCOPE), History(durable, SCOPE)]
        for batch in made:
            for history in followed:
                history.log.append(SCOPE, batch)
                history.apply(batch)
                history.find_many(FINGERPRINTS)
        seen = [_all_of(history) for history in followed]
        seen += [_all_of(History(log, SCOPE)) for log in (memory, durable)]
        durable.close()
    assert seen[1:] == seen[:-1]


def _all_of(history: History) -> list[object]:
    log = history.log
    return [
        dict(history.current),
        dict(history.stored),
        dict(history.verdicts),
        history.find_many(FINGERPRINTS),
        [history.find(one) for one in FINGERPRINTS],
        dict(history.durations),
        [log.history(SCOPE, key) for key in (A, B, C)],
        [(run.run_id, run.outcome) for run in log.runs(SCOPE)],
    ]


@settings(max_examples=60, deadline=None)
@given(batches, st.integers(0, 3), st.booleans())
def test_both_logs_prune_alike(made: list[list[Event]], keep: int, forgotten: bool) -> None:
    """After pruning, both logs refer to the same values and adopt the same materializations."""
    with tempfile.TemporaryDirectory() as folder:
        logs: list[EventLog] = [MemoryLog(), SqliteLog(Path(folder, "events.sqlite"))]
        for log in logs:
            for batch in made:
                log.append(SCOPE, batch)
            log.prune(keep, forgotten=forgotten)
        seen = [(log.addresses(), log.find_many(FINGERPRINTS)) for log in logs]
        logs[1].close()
    assert seen[0] == seen[1]


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], SqliteLog]:
    """Opens the same durable log, each time by a connection of its own."""
    return lambda: SqliteLog(tmp_path / "events.sqlite")


def test_refresh_sees_what_others_wrote(log: Callable[[], SqliteLog]) -> None:
    """What another process appended is seen at the next refresh, and only then."""
    history, other = History(log(), SCOPE), log()
    other.append(SCOPE, [made()])
    assert not history.current
    assert history.refresh()
    assert list(history.current) == [A]
    assert not history.refresh()
    history.log.close()
    other.close()


def test_two_histories_of_one_log_both_see_it(log: Callable[[], SqliteLog]) -> None:
    """One history's refresh does not hide the change from the other."""
    shared, other = log(), log()
    histories = [History(shared, SCOPE), History(shared, SCOPE)]
    other.append(SCOPE, [made()])
    assert [history.refresh() for history in histories] == [True, True]
    shared.close()
    other.close()


def test_what_was_not_found_is_found_after_a_refresh(log: Callable[[], SqliteLog]) -> None:
    """That nothing was found is remembered only until somebody writes."""
    history, other = History(log(), SCOPE), log()
    assert history.find("print-a-1") is None
    other.append(SCOPE, [made()])
    history.refresh()
    assert history.find("print-a-1") == result()
    history.log.close()
    other.close()


def test_what_counts_is_the_same_whether_at_hand_or_still_to_be_read(tmp_path: Path) -> None:
    """By `==` and by `!=` alike: a number in the log stands for its materialization."""
    log = SqliteLog(tmp_path / "events.sqlite")
    log.append(SCOPE, [made()])
    found, same, other = log.projection(SCOPE).current[A], result(), result(nth=2)
    equal = [found == counts(A, one, "ok") for one in (same, other)]
    unequal = [found != counts(A, one, "ok") for one in (same, other)]
    log.close()
    assert (equal, unequal) == ([True, False], [False, True])
