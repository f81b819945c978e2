"""The event log in one SQLite file: durable, shared by processes, one transaction an append."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import Any, Literal

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.errors.store import (
    DamagedStore,
    NewerStore,
    StoreError,
)
from dagbook.events.encoding import decode_error, decode_key, decode_names, encode_key, storable
from dagbook.events.records import (
    Event,
    Materialization,
    OpFinished,
    RunFinished,
    ValueAddress,
    Verdict,
)
from dagbook.log import queries
from dagbook.log.faults import PATIENCE, fault_of
from dagbook.log.network import network_file_system
from dagbook.log.ops import KEPT, LAST_OPS, OPS, Kept, to_kept, to_op
from dagbook.log.projection import Current, Projection
from dagbook.log.protocol import SMALL_VERSIONS, RunRecord, StepRecord
from dagbook.log.rows import (
    KeptMaterializations,
    Row,
    read_current,
    read_plain,
    read_values,
    to_address,
    to_materialization,
    to_run,
    to_verdict,
)
from dagbook.log.schema import APPLICATION_ID, FORMAT, MIGRATIONS, PAGE_SIZE, statements
from dagbook.log.writes import WRITERS

Durability = Literal["kill", "power"]

_CHUNK = 500  # SQLite takes at least 999 parameters


class SqliteLog:
    """The event log in the SQLite file `path`, which is made where it is missing.

    With durability `kill`, what was appended survives the end of the process at any instant, with
    `power` also that of the machine. On a network file system, where several machines cannot share
    the memory of a write-ahead log, a rollback journal is used, at a tenth of the speed; `journal`
    says which. Any thread may call; other processes may use the same file.

    Raises NewerStore for a file of a newer format, DamagedStore for one that is no event log,
    ReadOnlyStore, StoreFull, StoreGone, or StoreError for what else the system refuses.

    >>> import pathlib, tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> log = SqliteLog(pathlib.Path(folder.name) / "events.sqlite")
    >>> log.projection("notebook.ipynb").current
    {}
    >>> log.close()
    >>> folder.cleanup()
    """

    def __init__(
        self,
        path: Path,
        *,
        durability: Durability = "kill",
        clock: Callable[[], float] = time.time,
        remote: Callable[[Path], str | None] = network_file_system,
    ) -> None:
        self.path = Path(path)
        self._clock = clock
        self._lock = RLock()
        self._closed = False
        with self._translated():
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self.path,
                timeout=PATIENCE,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            try:
                self.journal = self._open(durability, remote(self.path) is not None)
                self._inode = os.stat(self.path).st_ino
            except BaseException:
                self._connection.close()
                raise
        self._cursor = self._connection.cursor()
        self._seen = self.stamp()

    def _open(self, durability: Durability, remote: bool) -> str:
        run = self._connection.execute
        with self._transaction("DEFERRED"):
            found = self._format()
        run(f"PRAGMA page_size = {PAGE_SIZE}")  # says something to an empty file only
        journal = self._set_journal("DELETE" if remote else "WAL")
        if remote and journal != "delete":
            raise StoreError(
                path=str(self.path),
                problem="it lies on a network file system and is in use as if it were on a local disk",
            )
        durable = durability == "power" or journal != "wal"
        run(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        # Fewer, larger checkpoints: each costs two fsyncs, and each page in it is written once.
        run("PRAGMA wal_autocheckpoint = 4000")
        run("PRAGMA journal_size_limit = 33554432")
        run("PRAGMA cache_size = -32768")
        if found < FORMAT:
            self._migrate()
        return journal

    def _set_journal(self, wanted: str) -> str:
        """Ask for this journal; what it is in the end, since others may be using another one."""
        for pause in (0.001, 0.01, 0.1, 1.0, 0.0):
            try:
                (journal,) = self._connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
                return str(journal)
            except sqlite3.OperationalError as error:
                # SQLite does not wait for this lock by itself.
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(pause)
        (journal,) = self._connection.execute("PRAGMA journal_mode").fetchone()
        return str(journal)

    def _format(self) -> int:
        """The file's format: 0 where it is empty; raises where it is not one of ours.

        Asked inside a transaction, since another process may be making the tables.
        """
        run = self._connection.execute
        (application,) = run("PRAGMA application_id").fetchone()
        (found,) = run("PRAGMA user_version").fetchone()
        (tables,) = run("SELECT count(*) FROM sqlite_master").fetchone()
        if application != APPLICATION_ID and (tables or application or found):
            raise DamagedStore(path=str(self.path), problem="it is another program's database")
        if found > FORMAT:
            raise NewerStore(path=str(self.path), problem="newer format", found=found, known=FORMAT)
        return int(found)

    def _migrate(self) -> None:
        with self._transaction() as run:
            # Asked again inside the lock: another process may have done it meanwhile.
            for step in MIGRATIONS[self._format() :]:
                for statement in statements(step):
                    run(statement)
            run(f"PRAGMA application_id = {APPLICATION_ID}")
            run(f"PRAGMA user_version = {FORMAT}")

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[Callable[..., sqlite3.Cursor]]:
        run = self._connection.execute
        try:
            run(f"BEGIN {kind}")
            yield run
            run("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise fault_of(error, self.path) from error

    def append(self, scope: str, events: Sequence[Event]) -> None:
        """Keep these events in one durable transaction; those that are only told are passed over.

        Either all are kept or, where this raises, none.
        """
        writes = [(write, event) for event in events if (write := WRITERS.get(type(event)))]
        if not writes:
            return
        scope = storable(scope)
        with self._lock:
            try:
                self._refuse_another()
                run = self._cursor.execute
                run("BEGIN IMMEDIATE")
                for write, event in writes:
                    write(run, scope, event)
                run("COMMIT")
            except BaseException as error:
                self._roll_back()
                if isinstance(error, (sqlite3.Error, OSError)):
                    raise fault_of(error, self.path) from error
                raise

    def _rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        with self._lock, self._translated():
            return self._connection.execute(sql, parameters).fetchall()

    def _rows_of_many(self, sql: str, wanted: Iterable[str]) -> Iterator[Row]:
        """What a statement gives for each of these texts, a great many of them at a time."""
        remaining = iter(dict.fromkeys(wanted))
        while chunk := list(islice(remaining, _CHUNK)):
            # Padded to two lengths, so that the prepared statement is used again.
            width = _CHUNK if len(chunk) > 16 else 16
            chunk += chunk[:1] * (width - len(chunk))
            yield from self._rows(queries.of_many(sql, width), chunk)

    def _row(self, number: int) -> Row:
        """All of a materialization that was read in part; by another connection once this is closed."""
        with self._lock, self._translated():
            if not self._closed:
                return self._rows(queries.ROW, (number,))[0]
            self._refuse_another()
            with closing(sqlite3.connect(self.path)) as again:
                return tuple(again.execute(queries.ROW, (number,)).fetchone())

    def _refuse_another(self) -> None:
        if os.stat(self.path).st_ino != self._inode:
            raise FileNotFoundError(2, "the file was replaced by another")

    def projection(self, scope: str) -> Projection:
        """What counts now for the scope's assets and checks; the caller's own."""
        own = (storable(scope),)
        current: dict[AssetKey, Current] = {}
        kept = KeptMaterializations(self._row)
        with self._lock, self._translated(), self._transaction("DEFERRED") as run:
            # Row by row: each is still in the processor's cache when its record is made.
            read_plain(run(queries.PLAIN, own), kept, current)
            large = read_current(run(queries.CURRENT, own), kept, current)
        stored = read_values(large, self._rows(queries.LARGE, own)) if large else {}
        verdicts = {one.check: one for one in map(to_verdict, self._rows(queries.VERDICTS, own))}
        return Projection(current=current, verdicts=verdicts, stored=stored)

    def find(self, fingerprint: str) -> Materialization | None:
        """The newest kept, tracked materialization with this fingerprint, in any scope."""
        rows = self._rows(queries.FIND, (fingerprint,))
        return to_materialization(rows[0]) if rows else None

    def find_many(self, fingerprints: Iterable[str]) -> dict[str, Materialization]:
        """What `find` gives for each of these fingerprints, where it gives anything."""
        found = map(to_materialization, self._rows_of_many(queries.FIND_MANY, fingerprints))
        return {one.fingerprint: one for one in found}

    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None:
        """The newest verdict of a check of this name with this fingerprint, in any scope."""
        rows = self._rows(queries.VERDICT, (fingerprint, encode_key(check.asset_key), check.name))
        return to_verdict(rows[0]) if rows else None

    def history(self, scope: str, key: AssetKey, limit: int = 50) -> list[Materialization]:
        """The asset's materializations, newest first."""
        rows = self._rows(queries.HISTORY, (storable(scope), encode_key(key), limit))
        return [to_materialization(row) for row in rows]

    def runs(self, scope: str | None, limit: int = 20) -> list[RunRecord]:
        """The runs, newest first; of every scope for None."""
        if scope is None:
            return [to_run(row) for row in self._rows(queries.RUNS, (limit,))]
        return [to_run(row) for row in self._rows(queries.SCOPE_RUNS, (storable(scope), limit))]

    def open_runs(self, limit: int = 200) -> dict[str, str]:
        """Those of the newest runs that have not ended, each with the session that began it."""
        return dict(self._rows(queries.OPEN_RUNS, (limit,)))

    def steps(self, run_id: str) -> list[StepRecord]:
        """What became of each asset in a run, in order."""
        rows = self._rows(queries.STEPS, (run_id,) * 4)
        return [
            StepRecord(
                run_id=run_id,
                key=decode_key(key),
                time=at,
                duration=duration,
                outcome=outcome,
                detail=detail or "",
                error=decode_error(error),
            )
            for key, at, duration, outcome, detail, error in rows
        ]

    def run_verdicts(self, run_id: str) -> list[Verdict]:
        """The verdicts given in a run, in order."""
        return [to_verdict(row) for row in self._rows(queries.RUN_VERDICTS, (run_id,) * 3)]

    def ops(self, run_id: str) -> list[OpFinished]:
        """The ops of graphs that a run ran, in order."""
        return [to_op(row) for row in self._rows(OPS, (run_id,))]

    def last_ops(self, scope: str, key: AssetKey) -> list[OpFinished]:
        """What became of each op of an asset's graph the last time, in order."""
        return [to_op(row) for row in self._rows(LAST_OPS, (storable(scope), encode_key(key)))]

    def kept_ops(self, scope: str, key: AssetKey) -> Kept:
        """What ops gave in the newest run of an asset's graph, where that failed, by fingerprint."""
        return to_kept(self._rows(KEPT, (storable(scope), encode_key(key))))

    def blob(self, address: str) -> bytes | None:
        """The bytes of a small value; None where they are no longer kept."""
        rows = self._rows("SELECT content FROM blobs WHERE address = ?", (address,))
        return rows[0][0] if rows else None

    def code(self, code_version: str) -> bytes | None:
        """The document that was kept for a code version."""
        rows = self._rows("SELECT document FROM codes WHERE code_version = ?", (code_version,))
        return rows[0][0] if rows else None

    def codes_among(self, versions: Iterable[str]) -> set[str]:
        """Those of these code versions with a document; of the others nothing was ever kept."""
        return {version for (version,) in self._rows_of_many(queries.CODES_AMONG, versions)}

    def files(self) -> dict[str, tuple[str, ...]]:
        """For each code version whose runs opened files, their names."""
        rows = self._rows("SELECT code_version, names FROM files")
        return {version: decode_names(names) for version, names in rows}

    def durations(self, scope: str) -> dict[AssetKey, float]:
        """The seconds that each asset's newest materialization took to compute."""
        rows = self._rows(queries.DURATIONS, (storable(scope),))
        return {decode_key(key): duration for key, duration in rows}

    def stamp(self) -> int:
        """A number that is another one after another connection has written."""
        return int(self._rows("PRAGMA data_version")[0][0])

    def changed(self) -> bool:
        """Whether another connection has written since this was last asked."""
        before, self._seen = self._seen, self.stamp()
        return before != self._seen

    def mark_interrupted(self, run_ids: Iterable[str]) -> None:
        """Close the open ones of these runs, whose process is gone, as interrupted."""
        for run_id in run_ids:
            for (scope,) in self._rows(queries.OPEN_SCOPE, (run_id,)):
                finished = RunFinished(run_id=run_id, time=self._clock(), outcome="interrupted")
                self.append(scope, [finished])

    def prune(self, keep: int, *, forgotten: bool = False, dry_run: bool = False) -> set[str]:
        """Forget values beyond the newest `keep` large ones of each asset, pinned ones excepted.

        Of small values `SMALL_VERSIONS` are kept; with `forgotten`, none of forgotten assets. Gives
        the addresses that are then still referred to; with `dry_run` nothing is forgotten.
        """
        small = max(keep, SMALL_VERSIONS)
        with self._lock, self._translated(), self._transaction() as run:
            run(queries.PRUNE, (small, keep))
            run(queries.PRUNE_VERDICTS, (small, keep))
            if forgotten:
                run(queries.PRUNE_FORGOTTEN)
            run(queries.PRUNE_BLOBS)
            left = {address for (address,) in run(queries.ADDRESSES)}
            if dry_run:
                self._roll_back()
                run("BEGIN")
            return left

    def addresses(self) -> set[str]:
        """The addresses of all values that are still referred to."""
        return {address for (address,) in self._rows(queries.ADDRESSES)}

    def values(self) -> list[ValueAddress]:
        """All values that are still referred to, each address once."""
        return [to_address(row) for row in self._rows(queries.VALUES)]

    def close(self) -> None:
        """Let go of what is held open."""
        with self._lock:
            self._closed = True
            self._connection.close()
