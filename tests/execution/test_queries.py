"""What a step has DuckDB read, seen by DuckDB's own log."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import cloudpickle
import duckdb
import pandas as pd
import pytest

from dagbook.execution.opened import recording_opens

CSV, QUERY = "data.csv", "from 'data.csv'"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files and a database, in the folder in which bodies run."""
    monkeypatch.chdir(tmp_path)
    for name in (CSV, "data2.csv"):
        Path(name).write_text("a,b\n1,2\n")
    with duckdb.connect("my.db") as made:
        made.execute("create table t as select 1 a")
    return tmp_path


def seen(text: str, **names: object) -> set[tuple[str, str]]:
    """Kind and name of all files that these statements have opened."""
    space = {"duckdb": duckdb, **names}
    with recording_opens() as recorder:
        exec(text, space)
        recorder.named(eval("lambda: (CSV, QUERY)", space) if "CSV" in names else None)
    return {(one.kind, Path(one.path).name) for one in recorder.opened if one.kind != "environ"}


@pytest.mark.parametrize(
    "text",
    [
        "duckdb.sql(QUERY).fetchall()",
        "duckdb.execute(QUERY).fetchall()",
        "duckdb.sql(QUERY).df()",
        "duckdb.sql(QUERY)",
        "duckdb.read_csv(CSV).fetchall()",
        "duckdb.execute('from read_csv(?)', [CSV]).fetchall()",
        "con = duckdb.connect(); con.execute(QUERY); con.close()",
        "with duckdb.connect() as con: con.sql(QUERY).fetchall()",
        "duckdb.connect().sql(QUERY).fetchall(); duckdb.connect().sql('select 1').fetchall()",
        "from duckdb import sql; sql(QUERY).fetchall()",
        "duckdb.sql(\"copy (from 'data.csv') to 'out.parquet'\"); duckdb.sql(\"from 'out.parquet'\")",
    ],
)
def test_a_file_of_a_query_is_seen_however_it_is_run(text: str) -> None:
    """Also where the text of the query is put together by the body."""
    assert seen(text, QUERY=QUERY, CSV=CSV) == {("opened", CSV)}


def test_a_view_that_was_made_before_is_followed() -> None:
    """What it reads is told by DuckDB, and the pattern stands in the view."""
    con = duckdb.connect()
    con.execute("create view inner_one as from 'data*.csv'")
    con.execute("create view v as from inner_one")
    found = seen("con.sql('from v').fetchall()", con=con)
    assert found == {("opened", CSV), ("opened", "data2.csv"), ("globbed", "data*.csv")}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("duckdb.connect('my.db').sql('from t').fetchall()", {("database", "my.db")}),
        ("duckdb.connect('my.db').table('t')", {("database", "my.db")}),
        (
            "with duckdb.connect('my.db') as c: c.execute('create or replace table u as select 2')",
            set(),
        ),
        ("duckdb.connect('my.db').execute('create table v as select 1; from v').fetchall()", set()),
        ("duckdb.connect('my.db').execute('create table w as from t')", {("database", "my.db")}),
    ],
)
def test_a_database_counts_where_tables_of_others_are_read(
    text: str, kinds: set[tuple[str, str]]
) -> None:
    """Not where the step only reads what it has made itself."""
    assert seen(text) == kinds


def test_a_database_can_be_opened_again_in_another_way() -> None:
    """No connection of ours is left on it."""
    seen("""
con = duckdb.connect("my.db")
con.execute("from t").fetchall()
con.close()
with duckdb.connect("my.db", read_only=True) as con:
    con.execute("from t").fetchall()
""")


def test_duckdb_finds_the_frames_of_its_caller_as_ever() -> None:
    """There is no frame of ours between."""
    text = "def run():\n    frame = pd.DataFrame({'a': [1]})\n    return duckdb.execute('from frame').fetchall()\nassert run() == [(1,)]"
    assert seen(text, pd=pd) == set()


def test_the_log_of_a_connection_is_left_as_it_was() -> None:
    """Off and empty; and one that is in use makes what is read unseen."""
    con = duckdb.connect()
    seen("con.execute('select 1')", con=con)
    rows = con.execute("select count(*), current_setting('enable_logging') from duckdb_logs")
    assert rows.fetchone() == (0, False)
    con.execute("call enable_logging()")
    assert {kind for kind, _ in seen("con.execute(QUERY)", con=con, QUERY=QUERY)} == {"unseen"}


def test_functions_that_hold_the_module_can_still_be_pickled() -> None:
    """By its name, as ever."""
    with recording_opens():
        again = pickle.loads(cloudpickle.dumps(lambda: duckdb.execute("select 1").fetchall()))
    assert again() == [(1,)]


def test_duckdb_is_watched_from_its_first_import(folder: Path) -> None:
    """Also where the body is the first to import it."""
    script = (
        "import sys\n"
        "from dagbook.execution.opened import recording_opens\n"
        "assert 'duckdb' not in sys.modules\n"
        "with recording_opens() as recorder:\n"
        "    from duckdb import execute\n"
        f"    execute({QUERY!r}).fetchall()\n"
        "    recorder.named(None)\n"
        "print([one.path for one in recorder.opened])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert CSV in done.stdout


@pytest.mark.parametrize(
    ("before", "step", "told"),
    [
        ("duckdb.sql('create or replace table t as select 1')", "duckdb.sql('from t').df()", True),
        ("duckdb.execute('create or replace temp table t as select 1')", "duckdb.table('t').df()", True),
        ("duckdb.register('t', frame)", "duckdb.sql('from t').df()", True),
        ("con.register('t', frame); con.sql('create or replace view v as from t')", "con.sql('from v').df()", True),
        ("duckdb.register('t', frame)", "duckdb.register('t', frame); duckdb.sql('from t').df()", False),
        ("duckdb.sql('create or replace table t as select 1')", "duckdb.sql('select 2').df()", False),
        ("", "con.sql('create or replace table t as select 1'); con.sql('from t').df()", False),
    ],
)  # fmt: skip
def test_what_cells_have_put_into_the_memory_of_duckdb_cannot_be_followed(
    before: str, step: str, told: bool
) -> None:
    """What the step itself has put there can."""
    space = {"con": duckdb.connect(), "frame": pd.DataFrame({"n": [1]}), "duckdb": duckdb}
    exec(before, space)
    try:
        found = seen(step, **space)
    finally:
        kind = "view" if "duckdb.register" in before else "table"
        duckdb.execute(f"drop {kind} if exists t")
    assert (("unseen", "a query of a table in DuckDB's memory") in found) is told
