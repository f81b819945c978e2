"""Queries as functions: inputs, placeholders, isolation, forms."""

from __future__ import annotations

import datetime
import pickle
import threading
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dagbook.cells.query import SqlQuery, in_form
from dagbook.cells.sql import parse_query
from dagbook.errors.cells import NotAScalar, NotATable, QueryFailed, UnknownPlaceholder

TABLE = pa.table({"n": [1, 2, 3]})


def query(text: str, **namespace: Any) -> SqlQuery:
    """A query over a notebook's variables."""
    return SqlQuery(parse_query(text, name="q"), namespace)


@pytest.mark.parametrize(
    "form",
    [
        lambda: TABLE,
        lambda: TABLE.to_pandas(),
        lambda: TABLE.to_pandas()["n"],
        lambda: TABLE.to_batches()[0],
        lambda: TABLE.to_reader(),
        lambda: pl.DataFrame(TABLE),
        lambda: pl.DataFrame(TABLE).lazy(),
        lambda: duckdb.connect(":memory:").from_arrow(TABLE),
    ],
)
def test_inputs(form: Callable[[], Any]) -> None:
    """Frames, tables, streams and relations of every library are read."""
    run = query("select sum(n)::int as n from orders")
    assert run(orders=form()).to_pydict() == {"n": [6]}


@pytest.mark.parametrize("name", ["raw.flights", '"raw/flights"', "a.b.c", '"it""s"'])
def test_names_of_tables(name: str) -> None:
    """A table is found under its name as the query writes it."""
    run = query(f"from {name}")
    (table,) = run.analysis.tables
    assert run(**{table.name: TABLE}).equals(TABLE)


def test_case_of_names() -> None:
    """Names of tables are the same in any case, as DuckDB has it."""
    run = query("select * from Orders union all from orders")
    assert run(Orders=TABLE).num_rows == 6


def test_no_progress_bar_is_printed() -> None:
    """A notebook keeps what is printed: bars would make two runs of it differ."""
    run = query("select current_setting('enable_progress_bar') as shown")
    assert run().to_pydict() == {"shown": [False]}


def test_only_the_inputs_are_seen() -> None:
    """A variable of a Python frame that happens to have the name is no table."""
    orders = pd.DataFrame({"n": [1]})
    with pytest.raises(QueryFailed, match="orders"):
        query("from orders", orders=orders)()


@pytest.mark.parametrize(
    "value",
    [1, 1.5, True, None, "it's", datetime.date(2020, 1, 2), np.int64(3), np.array(2.5)],
    ids=repr,
)
def test_placeholders(value: Any) -> None:
    """A `$name` is bound as a value, whatever its text."""
    (found,) = query("select $x as x", x=value)().to_pydict()["x"]
    assert found == (value.item() if isinstance(value, np.generic | np.ndarray) else value)


def test_input_as_placeholder() -> None:
    """An input may be bound by `$name` too, and goes before a variable of that name."""
    assert query("select $x as x", x=1)(x=2).to_pydict() == {"x": [2]}


def test_placeholders_are_read_when_the_query_runs() -> None:
    """The notebook's value at the time of the run counts."""
    namespace = {"x": 1}
    run = SqlQuery(parse_query("select $x as x", name="q"), namespace)
    namespace["x"] = 2
    assert run().to_pydict() == {"x": [2]}


def test_bad_values() -> None:
    """What cannot be bound or read as a table is named with its kind."""
    with pytest.raises(UnknownPlaceholder, match=r"Did you mean `limit`"):
        query("select $limt", limit=3)()
    with pytest.raises(NotAScalar, match=r"`\$x`, which is a DataFrame"):
        query("select $x", x=pd.DataFrame())()
    with pytest.raises(NotATable, match="`orders` as a table, and its value is a dict"):
        query("from orders")(orders={})


def test_stream() -> None:
    """The result can be taken batch by batch."""
    with query("from range(300000)").batches() as reader:
        sizes = [batch.num_rows for batch in reader]
    assert sum(sizes) == 300000
    assert len(sizes) > 1


def test_interrupt() -> None:
    """Another thread can stop a run."""
    pairs = "range(1000000) a, range(1000000) b"
    run = query(f"select count(*) from {pairs} where hash(a.range, b.range) % 7 = 0")

    def stop() -> None:
        time.sleep(0.2)
        run.interrupt()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(duckdb.InterruptException):
        run()
    thread.join()


def test_query_travels_with_what_it_binds() -> None:
    """A query goes to another process with its placeholders and no other variable."""
    run = query("select $x as x", x=1, unpicklable=threading.Lock())
    assert pickle.loads(pickle.dumps(run))().to_pydict() == {"x": [1]}


def test_code() -> None:
    """The code of a query is its canonical text."""
    assert query("select 1 -- one").__dagbook_code__() == ("sql", "SELECT 1")


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("pandas", pd.DataFrame),
        ("polars", pl.DataFrame),
        ("arrow", pa.Table),
    ],
)
def test_forms(form: str, kind: type[Any]) -> None:
    """The result comes in the form that was asked for, with the same rows."""
    value: Any = in_form(TABLE, form)
    assert type(value) is kind
    assert len(value) == 3


DECIMALS = """
select sum(i) as total, sum(i * 1.1) as dear, max((i * 7919 / 100)::decimal(18, 2)) as cent,
       null::hugeint as nothing, max(i) as i, max(i)::text as t
from range(2000) as numbers(i) group by i % 900 order by i % 900
"""


def test_pandas_gets_decimals_as_floats() -> None:
    """The same as `duckdb.sql(...).df()` gives, to the last bit."""
    expected: Any = duckdb.connect().execute(DECIMALS).df()
    frame: Any = in_form(query(DECIMALS)(), "pandas")
    numbers = ["total", "dear", "cent", "nothing", "i"]
    pd.testing.assert_frame_equal(frame[numbers], expected[numbers], check_exact=True)
    assert list(frame) == list(expected)


@pytest.mark.parametrize("form", ["polars", "arrow"])
def test_other_forms_keep_decimals(form: str) -> None:
    """They have the type."""
    value: Any = in_form(query("select 2.5::decimal(4, 1) as n, sum(1)::hugeint as h")(), form)
    table = value if form == "arrow" else value.to_arrow()
    assert [pa.types.is_decimal(field.type) for field in table.schema] == [True, True]


def test_columns_of_one_name_keep_their_values() -> None:
    """Decimals or not."""
    table = pa.table([pa.array([1]), pa.array([2]).cast(pa.decimal128(38, 0))], names=["n", "n"])
    frame: Any = in_form(table, "pandas")
    assert frame.to_numpy().tolist() == [[1.0, 2.0]]
