"""What libraries that read in C++ or Rust are given by path, and what is asked about."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.feather
import pyarrow.parquet
import pytest
from polars import scan_csv

from dagbook.execution.opened import recording_opens


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One table in several formats."""
    monkeypatch.chdir(tmp_path)
    frame = pl.DataFrame({"a": [1]})
    frame.write_csv("x.csv")
    frame.write_parquet("x.parquet")
    frame.write_ipc("x.arrow")
    Path("folder").mkdir()
    frame.write_parquet("folder/part.parquet")


def opened_by(step: Callable[[], object]) -> set[str]:
    """Kind and name of each file that a step is seen to read."""
    before = (os.stat, os.path.expanduser)
    with recording_opens() as recorder:
        step()
    assert (os.stat, os.path.expanduser) == before
    here = os.getcwd()
    return {f"{one.kind} {os.path.relpath(one.path, here)}" for one in recorder.opened}


@pytest.mark.parametrize(
    ("step", "name"),
    [
        pytest.param(lambda: pd.read_parquet(Path("x.parquet")), "x.parquet", id="pandas"),
        pytest.param(lambda: pl.read_csv(Path("x.csv")), "x.csv", id="polars"),
        pytest.param(
            lambda: pl.scan_csv(str(Path("x").with_suffix(".csv"))).collect(), "x.csv", id="scan"
        ),
        pytest.param(lambda: scan_csv("x.csv"), "x.csv", id="imported by name"),
        pytest.param(lambda: pl.read_parquet("x.parquet"), "x.parquet", id="polars parquet"),
        pytest.param(lambda: pl.scan_ipc("x.arrow"), "x.arrow", id="polars ipc"),
        pytest.param(lambda: pa.parquet.read_table("x.parquet"), "x.parquet", id="pyarrow"),
        pytest.param(lambda: pa.parquet.ParquetFile("x.parquet"), "x.parquet", id="ParquetFile"),
        pytest.param(lambda: pa.csv.read_csv("x.csv"), "x.csv", id="pyarrow csv"),
        pytest.param(lambda: pa.feather.read_table("x.arrow"), "x.arrow", id="feather"),
        pytest.param(lambda: pa.dataset.dataset("x.parquet"), "x.parquet", id="dataset"),
        pytest.param(lambda: pa.ipc.open_file("x.arrow"), "x.arrow", id="ipc"),
    ],
)
def test_a_path_that_is_read_below_python_counts(step: Callable[[], object], name: str) -> None:
    """However it was computed, and by whichever name the reader was imported."""
    assert f"opened {name}" in opened_by(step)


@pytest.mark.parametrize("path", ["folder", "folder/*.parquet"])
def test_a_folder_counts_by_what_it_holds(path: str) -> None:
    """Each file, and that there are no others."""
    found = opened_by(lambda: pl.read_parquet(path))
    assert "opened folder/part.parquet" in found
    assert any(one.startswith("globbed folder") for one in found)


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda: pd.DataFrame({"a": [2]}).to_parquet("out"), id="pandas"),
        pytest.param(lambda: pl.DataFrame({"a": [2]}).write_parquet("out"), id="polars"),
        pytest.param(lambda: pl.LazyFrame({"a": [2]}).sink_csv("out"), id="sink"),
        pytest.param(lambda: pa.parquet.write_table(pa.table({"a": [2]}), "out"), id="pyarrow"),
    ],
)
def test_what_a_step_writes_is_no_input(write: Callable[[], object]) -> None:
    """Nor is it where the step asks for it afterwards."""

    def step() -> None:
        write()
        assert Path("out").exists()

    assert opened_by(step) == set()


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: os.path.exists("flag"), id="exists"),
        pytest.param(lambda: os.path.isfile("flag"), id="isfile"),
        pytest.param(lambda: Path("flag").exists(), id="pathlib"),
        pytest.param(lambda: Path("flag").is_dir(), id="is_dir"),
    ],
)
def test_asking_for_a_file_counts(ask: Callable[[], object]) -> None:
    """Also where there is none yet."""
    assert opened_by(ask) == {"exists flag"}


def test_making_a_folder_asks_for_nothing() -> None:
    """Although pathlib looks whether it is there."""
    assert opened_by(lambda: Path("folder").mkdir(exist_ok=True)) == set()


def test_an_address_is_untracked() -> None:
    """It is known without a request."""
    with recording_opens() as recorder:
        pl.scan_parquet("s3://bucket/x.parquet")
    assert [(one.kind, one.path) for one in recorder.opened] == [
        ("fetched", "s3://bucket/x.parquet")
    ]


READ = [f"opened {name}.csv" for name in ("one", "two", "x")]


@pytest.mark.parametrize(
    ("made", "names"),
    [
        ("pl.scan_csv('one.csv').filter(pl.col('a') > 1)", {"opened one.csv"}),
        ("pl.scan_csv(['one.csv', 'two.csv'])", {*READ[:2]}),
        ("pl.scan_csv(['one.csv', *['two.csv'] * 5])", {"globbed *.csv", *READ}),
        ("pyarrow.dataset.dataset('two.csv', format='csv')", {"opened two.csv"}),
        ("pl.DataFrame({'a': [1]}).lazy()", set()),
    ],
)  # fmt: skip
def test_a_query_that_a_cell_put_together_reads_where_it_is_used(
    made: str, names: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files were named before the step began."""
    monkeypatch.chdir(tmp_path)
    for name in ("one.csv", "two.csv"):
        Path(name).write_text("a\n1\n")
    body = eval("lambda: LATER", {"LATER": eval(made)})
    with recording_opens() as recorder:
        recorder.named(body)
    assert {f"{one.kind} {Path(one.path).name}" for one in recorder.opened} == names
