"""Bodies that run what may read files unseen: they always run again, unless their files are named."""

from __future__ import annotations

from pathlib import Path

import h5py
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagbook.engine.settings import Settings
from dagbook.engine.workspace import Workspace
from tests.engine.typed import define, states, words

HEAD = """
import multiprocessing, os, subprocess
def read_of(command):
    with os.popen(command) as program:
        return program.read()
def in_a_process():
    process = multiprocessing.get_context("fork").Process(target=os.getpid)
    process.start()
    process.join()
    return process.exitcode
"""
PROGRAMS = {
    "subprocess": "subprocess.run(['cat', 'data.csv'], capture_output=True, text=True).stdout",
    "popen": "read_of('cat data.csv')",
    "system": "os.system('true')",
    "spawn": "os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)[1]",
    "process": "in_a_process()",
}

READERS = """
import ctypes
import h5py
import pyarrow as pa
from h5py import File
from pyarrow import fs
NAME = "da" + "ta.h5"
def rows(name):
    with h5py.File(name) as file:
        return len(file["x"])
def first(name):
    import h5py as h
    return h.is_hdf5(name)
"""
IN_C = {
    "h5py": "rows(NAME)",
    "a name of it": "File(NAME)['x'][0]",
    "imported inside": "first(NAME)",
    "pyarrow.OSFile": "len(pa.OSFile(NAME).read())",
    "pyarrow.memory_map": "len(pa.memory_map(NAME).read())",
    "pyarrow.fs": "fs.LocalFileSystem().get_file_info(NAME).size",
    "ctypes.CDLL": "ctypes.CDLL(None).open(NAME.encode(), 0) > 0",
}


@pytest.fixture(autouse=True)
def beside(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the folder in which bodies run."""
    monkeypatch.chdir(tmp_path)
    Path("data.csv").write_text("1")
    with h5py.File("data.h5", "w") as file:
        file["x"] = [1, 2]


@pytest.mark.parametrize("how", PROGRAMS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_another_program_leaves_it_stale_with_the_reason(workspace: Workspace, how: str) -> None:
    """What a program reads can't be seen, so that its result is never taken for fresh."""
    define(workspace, f"{HEAD}@asset\ndef a():\n    return {PROGRAMS[how]}\n")
    workspace.materialize()
    why = workspace.status("a").why
    assert why.startswith(("program ", "another process"))
    assert why.endswith(" may read files unseen: `--reads`")
    assert words(workspace.materialize().materialized) == ["a"]


@pytest.mark.parametrize("how", IN_C)
def test_what_reads_in_c_leaves_it_stale_with_the_reason(workspace: Workspace, how: str) -> None:
    """A path that is computed and given to a reader in C is seen nowhere."""
    define(workspace, f"{READERS}@asset\ndef a():\n    return {IN_C[how]}\n")
    workspace.materialize()
    package = how if "." in how else "h5py"
    why = workspace.status("a").why
    assert why.startswith(f"{package} may read files unseen: `--reads` names these")
    assert f"`%config Dagbook.read_nothing = ['{package}']`" in why
    assert words(workspace.materialize().materialized) == ["a"]
    define(workspace, f"{READERS}@asset(reads=['*.h5'])\ndef a():\n    return {IN_C[how]}\n")
    workspace.materialize()
    assert states(workspace) == {"a": "fresh"}
    Path("data.h5").write_bytes(b"")
    assert states(workspace) == {"a": "stale"}


@pytest.mark.parametrize("how", IN_C)
def test_what_is_said_to_read_nothing_is_fresh(workspace: Workspace, how: str) -> None:
    """A package by its name, or a part of one as it is told; and no longer when that is taken back."""
    define(workspace, f"{READERS}@asset\ndef a():\n    return {IN_C[how]}\n")
    workspace.materialize()
    package = how if "." in how else "h5py"
    for said, state in (((package,), "fresh"), ((), "stale"), (("elsewhere",), "stale")):
        workspace.settings = Settings(read_nothing=said)
        assert states(workspace) == {"a": state}


@pytest.mark.parametrize(
    "body",
    [
        "pd.read_csv('data.csv').to_numpy().sum()",
        "pl.read_csv('data.csv').height",
        "pa.table({'a': [1]})",
        "pq.read_table(NAME).num_rows",
        "np.random.default_rng(1).normal()",
        "duckdb.sql(f\"from '{NAME}'\").fetchall()",
        "pl.sql(f\"select * from read_parquet('{NAME}')\", eager=True).height",
    ],
)
def test_a_reader_whose_paths_are_seen_is_not_suspected(workspace: Workspace, body: str) -> None:
    """What pandas, Polars, Arrow and DuckDB read is known by name; a change of that is noticed."""
    head = "import duckdb, numpy as np, pandas as pd, polars as pl, pyarrow as pa\nimport pyarrow.parquet as pq\n"
    pq.write_table(pa.table({"a": [1]}), "a.parquet")
    define(
        workspace,
        f"{head}NAME = 'a.' + 'parquet'\n@asset\ndef a():\n    return int(bool({body}))\n",
    )
    workspace.materialize()
    assert states(workspace) == {"a": "fresh"}
    pq.write_table(pa.table({"a": [1, 2]}), "a.parquet")
    assert states(workspace) == {"a": "stale" if "NAME" in body else "fresh"}


def test_a_check_that_reads_in_c_is_asked_in_every_run(workspace: Workspace) -> None:
    """Its verdict does not hold for longer."""
    define(
        workspace,
        f"{READERS}@asset\ndef a():\n    return 1\n"
        "@asset_check(asset=a)\ndef fine(a):\n    return rows(NAME) == 2\n",
    )
    workspace.materialize()
    (status,) = workspace.check_statuses().values()
    assert not status.steady


def test_named_files_make_it_tracked(workspace: Workspace) -> None:
    """Fresh while they are as they were."""
    text = f"{HEAD}@asset(reads=['data.csv'])\ndef a():\n    return {PROGRAMS['subprocess']}\n"
    define(workspace, text)
    workspace.materialize()
    assert states(workspace) == {"a": "fresh"}
    Path("data.csv").write_text("2")
    assert states(workspace) == {"a": "stale"}


def test_what_ran_a_program_is_adopted_by_nobody(workspace: Workspace) -> None:
    """Undoing an edit does not bring the result back."""
    text = f"{HEAD}@asset\ndef a():\n    return {PROGRAMS['popen']}"
    for ending in ("", " + '1'", ""):
        define(workspace, f"{text}{ending}\n")
        result = workspace.materialize()
    assert (words(result.materialized), result.restored) == (["a"], [])


def test_a_check_that_runs_a_program_is_asked_in_every_run(workspace: Workspace) -> None:
    """Its verdict does not hold for longer."""
    define(
        workspace,
        f"{HEAD}@asset\ndef a():\n    return 1\n"
        "@asset_check(asset=a)\ndef fine(a):\n    return os.system('true') == 0\n",
    )
    workspace.materialize()
    (status,) = workspace.check_statuses().values()
    assert not status.steady


def test_what_asks_for_the_machine_is_no_input(workspace: Workspace) -> None:
    """Some libraries run a program to learn about the processor."""
    define(workspace, "import platform\n@asset\ndef a():\n    return platform.processor()\n")
    workspace.materialize()
    assert states(workspace) == {"a": "fresh"}


def test_a_database_counts_unless_others_are_waited_for(workspace: Workspace) -> None:
    """One that names who fills its tables trusts these to say when they are new."""
    read = "    with duckdb.connect('my.db', read_only=True) as con:\n        return con.sql('from t').fetchall()\n"
    define(
        workspace,
        f"""
import duckdb
@asset
def filled() -> None:
    with duckdb.connect('my.db') as con:
        con.execute('create or replace table t as select 1 a')

@asset(deps=[filled])
def after():
{read}
@asset(deps=[filled])
def other() -> None:
    with duckdb.connect('my.db') as con:
        con.execute('create or replace table u as select 1 a')

@asset
def alone():
{read}""",
    )
    workspace.materialize("filled+")
    workspace.materialize("alone")
    assert set(states(workspace).values()) == {"fresh"}
    workspace.materialize("other", force=True)
    assert [key for key, state in states(workspace).items() if state != "fresh"] == ["alone"]
