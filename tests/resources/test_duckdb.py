"""DuckDB as a resource and as a keeper of tables: opened for a step, waited for, read in part."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dagbook as dg
from dagbook.errors.execution import ValueMissing
from dagbook.errors.resources import (
    ColumnsMissing,
    DatabaseLocked,
    NotATableValue,
    TableMissing,
)

HOLD = "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"


def holder(path: str) -> subprocess.Popen[str]:
    """Another process that has the database open."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def ended(process: subprocess.Popen[str], after: float = 0.0) -> None:
    """Kill the process, as a crash would end it."""
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


@dg.asset(key_prefix="shop")
def orders() -> pd.DataFrame:
    """A frame with a column of text."""
    return pd.DataFrame({"id": [1, 2], "word": ["a", "b"]})


@dg.asset(ins={"orders": dg.AssetIn(key_prefix="shop", metadata={"columns": ["word"]})})
def words(orders: pd.DataFrame) -> pd.DataFrame:
    """One column of it."""
    return orders


TABLES = dg.DuckDBIOManager(database="kept.duckdb")


def test_a_connection_is_open_for_the_block_only() -> None:
    """Afterwards another process can have the file."""
    database = dg.DuckDBResource(database="free.duckdb")
    with database.get_connection() as connection:
        connection.execute("create table t as select 42 as n")
    process = holder("free.duckdb")
    ended(process)
    with database.get_connection() as connection:
        assert connection.sql("from t").fetchall() == [(42,)]


def test_who_holds_the_file_is_named() -> None:
    """After the wait, with the number of the process."""
    process = holder("held.duckdb")
    try:
        with pytest.raises(DatabaseLocked) as caught:
            dg.DuckDBResource(database="held.duckdb", wait=0.2).get_connection().__enter__()
    finally:
        ended(process)
    assert caught.value.holder.startswith(f"process {process.pid}")
    assert str(caught.value) == (
        f"The database held.duckdb is held by {caught.value.holder}, and did not become free "
        "within 0.2 s. Close it there, or give the resource a longer `wait`."
    )


def test_a_step_waits_until_the_holder_is_killed() -> None:
    """A process that crashed holds nothing any more."""
    process = holder("waited.duckdb")
    killing = threading.Thread(target=ended, args=(process, 0.5))
    killing.start()

    @dg.asset
    def counted(duckdb: dg.DuckDBResource) -> int:
        with duckdb.get_connection() as connection:
            return int(connection.sql("select 7").fetchall()[0][0])

    run = dg.materialize(
        [counted], resources={"duckdb": dg.DuckDBResource(database="waited.duckdb")}
    )
    killing.join()
    assert run.asset_value("counted") == 7


def test_another_fault_of_the_file_is_raised_as_it_is() -> None:
    """What is no database is no matter of waiting."""
    Path("broken.duckdb").write_text("no database")
    started = time.monotonic()
    with pytest.raises(Exception, match="not a valid DuckDB"):
        dg.DuckDBResource(database="broken.duckdb").get_connection().__enter__()
    assert time.monotonic() - started < 5


def test_two_worker_processes_take_turns(workspace: dg.Workspace) -> None:
    """Each waits for the other's step; no write is lost."""

    def numbered(n: int) -> dg.AssetsDefinition:
        @dg.asset(name=f"part{n}")
        def part(duckdb: dg.DuckDBResource) -> None:
            with duckdb.get_connection() as connection:
                connection.execute(f"create table part{n} as select {n} as n")

        return part

    database = dg.DuckDBResource(database="shared.duckdb")
    workspace.provide({"duckdb": database})
    workspace.define(*[numbered(n) for n in range(4)])
    assert workspace.materialize(executor="processes", jobs=2).success
    with database.get_connection() as connection:
        assert len(connection.sql("show tables").fetchall()) == 4


def test_a_frame_is_a_table_in_the_schema_of_its_prefix() -> None:
    """And its metadata says where it is, how many rows it has, and that older ones are not kept."""
    run = dg.materialize([orders, words], resources={"io_manager": TABLES})
    assert run.asset_value("words").columns.tolist() == ["word"]
    with TABLES.connection() as connection:
        assert connection.sql("select word from kept.shop.orders").fetchall() == [("a",), ("b",)]
        assert connection.sql("select * from main.words").fetchall() == [("a",), ("b",)]
    said = run.records[orders.key].metadata
    assert (said["table_name"].value, said["row_count"].value) == ("shop.orders", 2)
    assert "overwrites" in said["kept versions"].value


def test_a_reader_gets_the_form_of_its_annotation() -> None:
    """pandas, Polars or Arrow, whatever was written."""

    @dg.asset(ins={"orders": dg.AssetIn(key_prefix="shop")}, io_manager_key="memory")
    def polars_rows(orders: pl.DataFrame) -> int:
        return orders.height

    @dg.asset(ins={"orders": dg.AssetIn(key_prefix="shop")}, io_manager_key="memory")
    def arrow_rows(orders: pa.Table) -> int:
        return int(orders.num_rows)

    kept = {"io_manager": TABLES, "memory": dg.mem_io_manager}
    run = dg.materialize([orders, polars_rows, arrow_rows], resources=kept)
    assert (run.asset_value("polars_rows"), run.asset_value("arrow_rows")) == (2, 2)


def test_every_run_gives_new_data(workspace: dg.Workspace) -> None:
    """Others may write to the table too, so equal frames are not taken for equal tables."""
    workspace.define(orders, words)
    workspace.provide({"io_manager": TABLES})
    workspace.materialize()
    assert workspace.plan().is_empty
    again = workspace.materialize("shop/orders", force=True)
    assert not again.records[orders.key].tracked
    assert workspace.status("words").why == "upstream data changed (shop/orders)"


def test_an_undone_edit_finds_no_older_table(workspace: dg.Workspace) -> None:
    """The table was overwritten meanwhile, so that the asset runs again."""
    workspace.provide({"io_manager": TABLES})

    def version(number: int) -> dg.AssetsDefinition:
        @dg.asset(name="numbers", code_version=str(number))
        def numbers() -> pd.DataFrame:
            return pd.DataFrame({"n": [number]})

        return numbers

    for number in (1, 2, 1):
        workspace.define(version(number))
        assert workspace.materialize().restored == []
    assert workspace.value("numbers").n.tolist() == [1]


def test_a_moved_database_makes_its_assets_stale(workspace: dg.Workspace) -> None:
    """Their tables are not in the new one."""
    workspace.define(orders)
    workspace.provide({"io_manager": TABLES})
    workspace.materialize()
    workspace.provide({"io_manager": dg.DuckDBIOManager(database="moved.duckdb")})
    assert workspace.status("shop/orders").why == "config changed (I/O manager io_manager)"


def test_a_missing_table_is_a_missing_value() -> None:
    """The error names both assets; its cause names the table and what is there instead."""
    Path("empty.duckdb").unlink(missing_ok=True)
    resources = {"io_manager": dg.DuckDBIOManager(database="empty.duckdb")}
    with pytest.raises(ValueMissing) as caught:
        dg.materialize([orders, words], selection="words", resources=resources)
    assert str(caught.value) == (
        "`shop/orders`, which `words` reads, is not in the I/O manager `io_manager`. "
        "`%materialize shop/orders --force` makes it."
    )
    assert isinstance(caught.value.__cause__, TableMissing)
    assert str(caught.value.__cause__) == (
        "There is no table `shop.orders` in empty.duckdb. Materialize its asset first."
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [(lambda: 3, "a value of type builtins.int"), (lambda: [1], "a value of type builtins.list")],
)
def test_what_is_no_table_is_refused(body: Any, kind: str) -> None:
    """The error names the type and what to use instead."""
    made = dg.asset(name="made")(body)
    with pytest.raises(NotATableValue) as caught:
        dg.materialize([made], resources={"io_manager": TABLES})
    assert str(caught.value) == (
        f"DuckDBIOManager keeps tables and can't use {kind}. Use a pandas or Polars frame, an "
        "Arrow table, or another I/O manager."
    )


def test_a_column_that_is_not_there_is_named() -> None:
    """With those that there are."""

    @dg.asset(ins={"orders": dg.AssetIn(key_prefix="shop", metadata={"columns": ["wort"]})})
    def wrong(orders: pd.DataFrame) -> int:
        return len(orders)

    with pytest.raises(ColumnsMissing) as caught:
        dg.materialize([orders, wrong], resources={"io_manager": TABLES})
    assert str(caught.value) == ("The table `shop.orders` has no column `wort`. It has: id, word.")


@pytest.mark.skipif(os.name == "nt", reason="signals end processes otherwise there")
def test_names_are_quoted() -> None:
    """A schema and columns may be called as they like."""

    @dg.asset(key_prefix="select", metadata={"schema": 'odd "one"; drop'})
    def table() -> pd.DataFrame:
        return pd.DataFrame({'a"b': [1]})

    run = dg.materialize([table], resources={"io_manager": TABLES})
    assert run.asset_value("select/table").columns.tolist() == ['a"b']
