"""What each event writes into the event log's tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from dagbook.events.encoding import (
    decode_keys,
    encode_error,
    encode_key,
    encode_keys,
    encode_names,
    storable,
)
from dagbook.events.records import (
    Accepted,
    CheckEvaluated,
    CodeSeen,
    FilesSeen,
    Forgotten,
    Materialization,
    Materialized,
    NotRun,
    OpFinished,
    Pinned,
    Restored,
    RunFinished,
    RunStarted,
    Skipped,
    StepFailed,
    Unpinned,
)
from dagbook.log.ops import write_op
from dagbook.log.rows import Row, materialization_row, verdict_row


class Rows(Protocol):
    """What a statement gave."""

    def fetchone(self) -> Row | None:
        """The next row, or None."""

    def fetchall(self) -> list[Row]:
        """All that remain."""


class Execute(Protocol):
    """Runs one statement inside the transaction of an append."""

    def __call__(self, sql: str, parameters: Sequence[Any] = ..., /) -> Rows:
        """Run it with these values in the places of its question marks."""


INSERT_BLOB = "INSERT OR IGNORE INTO blobs VALUES (?, ?)"
INSERT_MATERIALIZATION = """
INSERT INTO materializations (previous, kept, scope, key, origin, detail,
    tracked, id, run_id, time, duration, code_version, data_version, fingerprint,
    address, format, size, inline, mtime_ns, details)
VALUES ((SELECT newest FROM current WHERE scope = ? AND key = ?), 1,
    ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_PUT = """
INSERT INTO current (scope, key, data_version, fingerprint, inline, newest, materialization, told, last_run, run_id)
VALUES (?, ?, ?, ?, ?, last_insert_rowid(), last_insert_rowid(), last_insert_rowid(), ?, ?)
ON CONFLICT (scope, key) DO UPDATE SET newest = excluded.newest, materialization = excluded.newest,
    told = excluded.newest, data_version = excluded.data_version, fingerprint = excluded.fingerprint,
    inline = excluded.inline, skip = NULL"""
SET_MATERIALIZATION = (
    f"{_PUT}, last_run = excluded.last_run, run_id = excluded.run_id, error = NULL"
)
SET_ACCEPTED = _PUT
SET_LAST_RUN = """
INSERT INTO current (scope, key, last_run, run_id, skip, error) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (scope, key) DO UPDATE SET last_run = excluded.last_run, run_id = excluded.run_id,
    skip = excluded.skip, error = excluded.error"""
SET_INTERRUPTED = """
INSERT INTO current (scope, key, last_run, run_id) VALUES (?, ?, 'interrupted', ?)
ON CONFLICT (scope, key) DO UPDATE SET last_run = 'interrupted', run_id = excluded.run_id, error = NULL
WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.run_id = current.run_id AND number > ?)"""
INSERT_STEP = """
INSERT INTO steps (run_id, key, time, duration, outcome, detail, error, after_materialization)
VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT ifnull(max(number), 0) FROM materializations))"""
INSERT_RUN = """
INSERT OR IGNORE INTO runs (run_id, scope, started, command, session, planned,
    after_materialization, after_verdict)
VALUES (?, ?, ?, ?, ?, ?, (SELECT ifnull(max(number), 0) FROM materializations),
    (SELECT ifnull(max(number), 0) FROM verdicts))"""
FINISH_RUN = """
UPDATE runs SET finished = ?, outcome = ?,
    last_materialization = (SELECT max(number) FROM materializations),
    last_verdict = (SELECT max(number) FROM verdicts)
WHERE run_id = ?"""
OPEN_RUN = "SELECT number, planned FROM runs WHERE run_id = ? AND finished IS NULL"
FINISHED_KEYS = """
SELECT key FROM materializations WHERE run_id = ? AND number >
    (SELECT after_materialization FROM runs WHERE run_id = ?)
UNION SELECT key FROM steps WHERE run_id = ?"""
INSERT_VERDICT = """
INSERT INTO verdicts (scope, kept, asset, name, run_id, time, duration, passed, severity,
    blocking, code_version, fingerprint, inputs, metadata, description,
    address, format, size, inline, mtime_ns, row_count, error)
VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
SET_VERDICT = """
INSERT INTO current_verdicts VALUES (?, ?, ?, last_insert_rowid())
ON CONFLICT (scope, asset, name) DO UPDATE SET verdict = excluded.verdict"""
FORGET = """
UPDATE current SET materialization = NULL, last_run = NULL, run_id = NULL, skip = NULL,
    pin = NULL, error = NULL WHERE scope = ? AND key = ?"""
PIN = """
INSERT INTO current (scope, key, pin) VALUES (?, ?, ?)
ON CONFLICT (scope, key) DO UPDATE SET pin = excluded.pin"""


def _counts_now(
    run: Execute, scope: str, one: Materialization, origin: str, detail: str | None
) -> None:
    """Add a materialization, and let it be the one that counts."""
    key = encode_key(one.key)
    row = materialization_row(one)
    run(INSERT_MATERIALIZATION, (scope, key, scope, key, origin, detail, *row))
    inline = one.value.inline if one.value is not None else None
    told = (scope, key, one.data_version, one.fingerprint, inline)
    if origin == "accepted":
        run(SET_ACCEPTED, (*told, None, None))
    else:
        run(SET_MATERIALIZATION, (*told, "ok", one.run_id))


def _materialized(run: Execute, scope: str, event: Materialized) -> None:
    one = event.materialization
    if event.blob is not None and one.value is not None:
        run(INSERT_BLOB, (one.value.address, event.blob))
    _counts_now(run, scope, one, "materialized", None)


def _restored(run: Execute, scope: str, event: Restored) -> None:
    _counts_now(run, scope, event.materialization, "restored", event.source)


def _accepted(run: Execute, scope: str, event: Accepted) -> None:
    _counts_now(run, scope, event.materialization, "accepted", storable(event.reason))


def _skipped(run: Execute, scope: str, event: Skipped) -> None:
    key = encode_key(event.key)
    reason = storable(event.reason)
    run(INSERT_STEP, (event.run_id, key, event.time, 0.0, "skipped", reason, None))
    run(SET_LAST_RUN, (scope, key, "skipped", event.run_id, event.fingerprint, None))


def _step_failed(run: Execute, scope: str, event: StepFailed) -> None:
    error = encode_error(event.error)
    last = ("interrupted", None) if event.error.is_interrupt else ("failed", error)
    for one in event.keys:
        key = encode_key(one)
        run(INSERT_STEP, (event.run_id, key, event.time, event.duration, "failed", "", error))
        run(SET_LAST_RUN, (scope, key, last[0], event.run_id, None, last[1]))


def _not_run(run: Execute, scope: str, event: NotRun) -> None:
    because = storable(event.because)
    key = encode_key(event.key)
    outcome = "blocked" if event.blocked else "not_run"
    run(INSERT_STEP, (event.run_id, key, event.time, 0.0, outcome, because, None))


def _check_evaluated(run: Execute, scope: str, event: CheckEvaluated) -> None:
    verdict = event.verdict
    if event.blob is not None and verdict.rows is not None:
        run(INSERT_BLOB, (verdict.rows.address, event.blob))
    run(INSERT_VERDICT, (scope, *verdict_row(verdict)))
    run(SET_VERDICT, (scope, encode_key(verdict.check.asset_key), verdict.check.name))


def _run_started(run: Execute, scope: str, event: RunStarted) -> None:
    command, session = storable(event.command), storable(event.session)
    planned = encode_keys(event.planned)
    run(INSERT_RUN, (event.run_id, scope, event.time, command, session, planned))


def _run_finished(run: Execute, scope: str, event: RunFinished) -> None:
    if event.outcome == "interrupted":
        opened = run(OPEN_RUN, (event.run_id,)).fetchone()
        if opened is None:
            return
        number, planned = opened
        finished = {key for (key,) in run(FINISHED_KEYS, (event.run_id,) * 3).fetchall()}
        for key in map(encode_key, decode_keys(planned)):
            if key not in finished:
                run(SET_INTERRUPTED, (scope, key, event.run_id, number))
    run(FINISH_RUN, (event.time, event.outcome, event.run_id))


def _code_seen(run: Execute, scope: str, event: CodeSeen) -> None:
    run("INSERT OR IGNORE INTO codes VALUES (?, ?)", (event.code_version, event.document))


def _files_seen(run: Execute, scope: str, event: FilesSeen) -> None:
    names = encode_names(event.names)
    run("INSERT OR REPLACE INTO files VALUES (?, ?)", (storable(event.code_version), names))


def _forgotten(run: Execute, scope: str, event: Forgotten) -> None:
    run(FORGET, (scope, encode_key(event.key)))


def _pinned(run: Execute, scope: str, event: Pinned) -> None:
    run(PIN, (scope, encode_key(event.key), event.materialization_id))


def _unpinned(run: Execute, scope: str, event: Unpinned) -> None:
    run("UPDATE current SET pin = NULL WHERE scope = ? AND key = ?", (scope, encode_key(event.key)))


WRITERS: Mapping[type, Callable[[Execute, str, Any], None]] = {
    Accepted: _accepted,
    CheckEvaluated: _check_evaluated,
    CodeSeen: _code_seen,
    FilesSeen: _files_seen,
    Forgotten: _forgotten,
    Materialized: _materialized,
    NotRun: _not_run,
    OpFinished: write_op,
    Pinned: _pinned,
    Restored: _restored,
    RunFinished: _run_finished,
    RunStarted: _run_started,
    Skipped: _skipped,
    StepFailed: _step_failed,
    Unpinned: _unpinned,
}
