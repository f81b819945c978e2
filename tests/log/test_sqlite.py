"""What only the durable log does: files, processes, threads, formats, faults."""

from __future__ import annotations

import os
import pickle
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dagbook.errors.store import DamagedStore, NewerStore, ReadOnlyStore, StoreError, StoreGone
from dagbook.events.records import Event, Materialization, Materialized
from dagbook.log.schema import APPLICATION_ID, FORMAT
from dagbook.log.sqlite import SqliteLog
from tests.log.making import SCOPE, A, B, large, made, result, started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the log under test lies; its folder is not there yet."""
    return tmp_path / "store" / "events.sqlite"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    """An empty log."""
    one = SqliteLog(path)
    yield one
    one.close()


def pragma(path: Path, statement: str) -> None:
    """Change a closed store behind the log's back."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_reopening_finds_everything(path: Path) -> None:
    """What was appended is there in the next process."""
    first = SqliteLog(path)
    first.append(SCOPE, [started("run1", A), made()])
    first.close()
    second = SqliteLog(path)
    assert second.projection(SCOPE).current[A].materialization == result()
    assert [run.run_id for run in second.runs(None)] == ["run1"]
    second.close()


@pytest.mark.parametrize(("durability", "level"), [("kill", 1), ("power", 2)])
def test_durability_sets_when_the_disk_is_waited_for(
    path: Path, durability: str, level: int
) -> None:
    """A write-ahead log, synced at checkpoints for `kill` and at each commit for `power`."""
    log = SqliteLog(path, durability=durability)  # type: ignore[arg-type]
    assert log.journal == "wal"
    assert log._rows("PRAGMA synchronous") == [(level,)]
    log.close()


def test_a_network_disk_gets_a_rollback_journal(path: Path) -> None:
    """Where machines cannot share memory, no write-ahead log is used, and each commit is synced."""
    log = SqliteLog(path, remote=lambda path: "nfs4")
    log.append(SCOPE, [made()])
    assert log.journal == "delete"
    assert log._rows("PRAGMA synchronous") == [(2,)]
    assert not path.with_name("events.sqlite-wal").exists()
    log.close()


def test_a_network_disk_is_refused_while_another_holds_a_write_ahead_log(log: SqliteLog) -> None:
    """A store in use with a write-ahead log is not opened as a remote one."""
    with pytest.raises(StoreError, match="network file system"):
        SqliteLog(log.path, remote=lambda path: "nfs4")


def test_an_append_is_kept_wholly_or_not_at_all(log: SqliteLog) -> None:
    """Where one of several events cannot be kept, none is, and the log goes on."""
    broken = made(B, data_version=None)
    with pytest.raises(StoreError, match="NOT NULL"):
        log.append(SCOPE, [made(), broken])
    assert log.projection(SCOPE).current == {}
    log.append(SCOPE, [made()])
    assert list(log.projection(SCOPE).current) == [A]


def test_an_interrupt_within_an_append_undoes_it(log: SqliteLog) -> None:
    """A KeyboardInterrupt leaves no open transaction and nothing half-written."""

    class Interrupting(Materialization):
        @property
        def others(self) -> dict[str, str]:
            raise KeyboardInterrupt

    one = result(B)
    names = [name for name in Materialization.__slots__ if name != "others"]
    torn = object.__new__(Interrupting)
    for name in names:
        object.__setattr__(torn, name, getattr(one, name))
    with pytest.raises(KeyboardInterrupt):
        log.append(SCOPE, [made(), Materialized(materialization=torn, blob=b"x")])
    log.append(SCOPE, [made(nth=2)])
    assert log.history(SCOPE, A) == [result(nth=2)]
    assert log.blob("value-raw/b-1") is None


def test_any_thread_may_append_and_read(log: SqliteLog) -> None:
    """Threads that append and read at once lose nothing."""

    def work(first: int) -> None:
        for nth in range(first, first + 50):
            log.append(SCOPE, [made(A, nth)])
            assert log.find(f"print-a-{nth}") is not None

    threads = [threading.Thread(target=work, args=(1000 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.history(SCOPE, A, limit=1_000)) == 200


def test_two_processes_see_each_other(log: SqliteLog) -> None:
    """What one connection appends the other reads at once, and is told that it changed."""
    other = SqliteLog(log.path)
    assert not log.changed()
    other.append(SCOPE, [made()])
    assert log.changed()
    assert not log.changed()
    assert list(log.projection(SCOPE).current) == [A]
    other.close()


def test_many_may_make_the_store_at_once(path: Path) -> None:
    """Whoever comes first makes the tables; the others wait and find them."""
    journals: list[str] = []
    together = threading.Barrier(6)

    def work(nth: int) -> None:
        together.wait()
        log = SqliteLog(path)
        log.append(SCOPE, [made(A, nth)])
        journals.append(log.journal)
        log.close()

    threads = [threading.Thread(target=work, args=(nth,)) for nth in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journals == ["wal"] * 6
    log = SqliteLog(path)
    assert len(log.history(SCOPE, A)) == 6
    log.close()


def test_a_newer_format_is_refused(log: SqliteLog, path: Path) -> None:
    """A store of a later dagbook is not touched, and the error says both formats."""
    log.close()
    pragma(path, f"PRAGMA user_version = {FORMAT + 1}")
    before = path.read_bytes()
    with pytest.raises(NewerStore) as caught:
        SqliteLog(path)
    assert (caught.value.found, caught.value.known) == (FORMAT + 1, FORMAT)
    assert path.read_bytes() == before


def test_an_older_format_is_migrated(path: Path) -> None:
    """A store of format 0, which has nothing but its mark, is brought to the present format."""
    path.parent.mkdir()
    pragma(path, f"PRAGMA application_id = {APPLICATION_ID}")
    log = SqliteLog(path)
    log.append(SCOPE, [made()])
    assert log._rows("PRAGMA user_version") == [(FORMAT,)]
    log.close()


def test_what_counts_is_known_without_its_row_after_a_migration(path: Path) -> None:
    """A store of format 3 tells of what counts now as it did; `current` holds what a status needs."""
    log = SqliteLog(path)
    log.append(SCOPE, [made(), made(B, value=large("far"))])
    before = log.projection(SCOPE)
    log.close()
    for column in ("told", "data_version", "fingerprint", "inline"):
        pragma(path, f"ALTER TABLE current DROP COLUMN {column}")
    pragma(path, "PRAGMA user_version = 3")
    again = SqliteLog(path)
    assert again.projection(SCOPE) == before
    told = "SELECT key, told, fingerprint, inline FROM current ORDER BY key"
    marks = [before.current[key].materialization.fingerprint for key in (A, B)]  # type: ignore[union-attr]
    assert again._rows(told) == [("a", 1, marks[0], 1), ("raw/b", 2, marks[1], 0)]
    again.close()


def test_a_process_of_an_older_format_may_go_on_writing(log: SqliteLog, path: Path) -> None:
    """What it lets count counts, though it leaves what `current` tells of another row as it was."""
    log.append(SCOPE, [made(), made(nth=2)])
    assert log.projection(SCOPE).current[A].materialization == result(nth=2)
    pragma(path, "UPDATE current SET materialization = 1")
    assert log.projection(SCOPE).current[A].materialization == result()


def test_another_program_s_database_is_refused(path: Path) -> None:
    """A SQLite file that dagbook did not make is left as it is."""
    path.parent.mkdir()
    pragma(path, "CREATE TABLE theirs (x)")
    with pytest.raises(DamagedStore, match="another program"):
        SqliteLog(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """A damaged file is named, with what to do about it."""
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DamagedStore, match="Move it away") as caught:
        SqliteLog(path)
    assert str(path) in str(caught.value)


def test_a_damaged_page_is_an_error_of_its_own(log: SqliteLog, path: Path) -> None:
    """Reading a page that was overwritten says so, and never gives wrong records."""
    log.append(SCOPE, [made(A, nth) for nth in range(200)])
    log.close()
    content = bytearray(path.read_bytes())
    for start in range(len(content) // 4_096 * 2_048, len(content), 2_048):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(content))
    damaged = SqliteLog(path)
    with pytest.raises(DamagedStore):
        damaged.history(SCOPE, A)
    damaged.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A store below what is no folder is refused with the folder's name."""
    (tmp_path / "file").touch()
    with pytest.raises(ReadOnlyStore, match="file"):
        SqliteLog(tmp_path / "file" / "events.sqlite")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    """A folder that may not be written is refused, with what to do."""
    tmp_path.chmod(0o500)
    with pytest.raises(ReadOnlyStore, match="DAGBOOK_HOME"):
        SqliteLog(tmp_path / "events.sqlite")
    tmp_path.chmod(0o700)


def test_a_deleted_store_is_noticed(log: SqliteLog, path: Path) -> None:
    """Appending to a store that was deleted is an error, not a write into nothing."""
    log.append(SCOPE, [made()])
    path.unlink()
    with pytest.raises(StoreGone, match=r"events\.sqlite"):
        log.append(SCOPE, [made(nth=2)])


def test_a_replaced_store_is_noticed(log: SqliteLog, path: Path) -> None:
    """Nor is it written where another file now has its name."""
    path.unlink()
    path.touch()
    with pytest.raises(StoreGone):
        log.append(SCOPE, [made()])


def test_a_kept_materialization_is_one_like_any_other(log: SqliteLog) -> None:
    """It equals the one that was appended, pickles as such, and can be changed by `replace`."""
    log.append(SCOPE, [made()])
    kept = log.projection(SCOPE).current[A].materialization
    assert kept is not None
    assert kept == result()
    assert result() == kept
    assert kept != result(nth=2)
    assert type(pickle.loads(pickle.dumps(kept))) is Materialization
    assert pickle.loads(pickle.dumps(kept)) == result()
    assert replace(kept, id="new") == result(id="new")
    with pytest.raises(AttributeError):
        kept.nonsense  # type: ignore[attr-defined]


def test_what_was_not_looked_at_can_be_read_when_the_log_is_closed(log: SqliteLog) -> None:
    """A record that a session held on to tells all that it told before."""
    log.append(SCOPE, [made(), made(B, value=large("v1"))])
    current = log.projection(SCOPE).current
    log.close()
    assert [current[key].materialization for key in (A, B)] == [
        result(),
        result(B, value=large("v1")),
    ]


def test_a_record_is_not_read_from_another_store(log: SqliteLog, path: Path) -> None:
    """Nor made up: where the closed store is gone, that is said."""
    log.append(SCOPE, [made()])
    kept = log.projection(SCOPE).current[A].materialization
    log.close()
    path.unlink()
    assert kept is not None
    with pytest.raises(StoreGone):
        kept.inputs
    assert not path.exists()


def test_an_asset_and_run_take_little_room(log: SqliteLog, path: Path) -> None:
    """A run of many assets takes at most 1.5 kB each, all indexes counted."""
    events: list[Event] = [made(A, nth) for nth in range(2_000)]
    log.append(SCOPE, events)
    log.close()
    assert path.stat().st_size / len(events) <= 1_500
