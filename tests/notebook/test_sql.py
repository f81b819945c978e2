"""`%%asset --sql`: queries over assets, frames and variables of the notebook."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.errors.cells import QueryFailed
from tests.notebook.shells import Notebook

ORDERS = "%%asset orders\nimport pandas as pd\npd.DataFrame({'id': [1, 2, 3], 'n': [5, 6, 7]})"


def rows(notebook: Notebook, name: str) -> list[dict[str, object]]:
    """The rows of a frame's value."""
    found: list[dict[str, object]] = notebook.workspace.value(name).to_dict("records")
    return found


def test_tables_of_a_query_are_inputs_and_a_cte_is_none(notebook: Notebook) -> None:
    """The query reads assets by their names; what `with` defines is its own."""
    notebook(ORDERS)
    notebook("%%asset users\n1")
    notebook("%%asset big --sql\nwith users as (select * from orders where n > 5) from users")
    assert [r["id"] for r in rows(notebook, "big")] == [2, 3]
    assert [str(i.key) for i in notebook.workspace.graph.node(AssetKey("big")).inputs] == ["orders"]


def test_a_path_is_read_as_schema_and_table(notebook: Notebook) -> None:
    """`raw.flights` is the asset `raw/flights`."""
    notebook("%%asset raw/flights\nimport pandas as pd\npd.DataFrame({'n': [1, 2]})")
    notebook("%%asset total --sql\nselect sum(n)::int as total from raw.flights")
    assert rows(notebook, "total") == [{"total": 3}]


def test_a_variable_is_bound_and_followed(notebook: Notebook) -> None:
    """`$name` is a variable's value; another value makes the asset stale and says which."""
    notebook(ORDERS)
    notebook("low = 5")
    notebook("%%asset big --sql\nselect id from orders where n > $low")
    notebook("low = 6")
    assert "big: variable `low` changed: 5 → " in notebook("%stale").text
    notebook("%materialize big")
    assert rows(notebook, "big") == [{"id": 3}]


def test_an_asset_is_bound_as_a_scalar(notebook: Notebook) -> None:
    """`$name` reads an asset of that name too."""
    notebook(ORDERS)
    notebook("%%asset low\n6")
    notebook("%%asset big --sql\nselect id from orders where n > $low")
    assert rows(notebook, "big") == [{"id": 3}]


def test_a_frame_of_the_notebook_is_a_table_and_followed(notebook: Notebook) -> None:
    """A variable that holds a frame can be joined; a change of its content is a cause."""
    notebook(ORDERS)
    notebook("import pandas as pd\nnames = pd.DataFrame({'id': [1], 'name': ['a']})")
    notebook("%%asset named --sql\nselect name from orders join names using (id)")
    assert rows(notebook, "named") == [{"name": "a"}]
    notebook("names.loc[0, 'name'] = 'z'")
    assert "named: variable `names` changed" in notebook("%stale").text


def test_an_unknown_table_is_suggested(notebook: Notebook) -> None:
    """Defining says what is not there yet; planning raises, both with the nearest name."""
    notebook(ORDERS)
    ran = notebook("%%asset big --sql\nselect * from ordrs")
    assert "No cell defines `ordrs` yet. Did you mean `orders`?" in ran.text
    assert "no asset has that name. Did you mean `orders`?" in notebook.message("%materialize big")


def test_an_unknown_table_is_told_when_nothing_was_to_run(notebook: Notebook) -> None:
    """A misspelt table is told at `--lazy` too, and leaves the graph with the asset that named it."""
    notebook("%%asset orders\n[1]")
    ran = notebook("%%asset daily --sql --lazy\nfrom ordrs")
    assert "No cell defines `ordrs` yet. Did you mean `orders`?" in ran.text
    notebook("%forget daily")
    assert "ordrs" not in notebook("%asset").text


def test_results_without_an_order_are_equal_in_any_order(notebook: Notebook) -> None:
    """A query that is written anew and gives the same rows leaves its readers fresh."""
    notebook(ORDERS)
    notebook("%%asset big --sql\nselect id from orders where n > 5")
    notebook("%%asset size\nlen(big)")
    notebook("%%asset big --sql\nfrom (select id from orders where n > 5 order by id desc)")
    assert notebook.state("size") == "fresh"


def test_readers_get_the_form_that_was_asked_for(notebook: Notebook) -> None:
    """`--as` decides what consumers of a query's result get."""
    notebook(ORDERS)
    notebook("%%asset t --sql --as arrow\nfrom orders")
    notebook("%%asset p --sql --as polars\nfrom orders")
    kinds = notebook("type(t).__module__.split('.')[0], type(p).__module__.split('.')[0]").value
    assert kinds == ("pyarrow", "polars")


def test_a_query_is_never_expanded(notebook: Notebook) -> None:
    """IPython's `{name}` and `$name` leave the text of a query alone."""
    notebook("low = 1")
    notebook("%%asset text --sql\nselect '{low} $low' as t")
    assert rows(notebook, "text") == [{"t": "{low} $low"}]


def test_a_body_of_two_queries_is_refused(notebook: Notebook) -> None:
    """An asset is one query; the message says what to do instead."""
    assert notebook.message("%%asset two --sql\nselect 1; select 2") == (
        "NotOneQuery: The body holds 2 statements, and an asset is one query: use WITH for the "
        "steps, or a cell of its own for each.\n"
        "  cell [2], line 2\n    select 1; select 2\n    ^"
    )


def test_a_query_that_duckdb_refuses_fails_in_its_words(notebook: Notebook) -> None:
    """One error with what DuckDB says; no frame of dagbook's or DuckDB's own code."""
    notebook(ORDERS)
    ran = notebook("%%asset big --sql\nselect nothing from orders", fails=True)
    assert isinstance(ran.error, QueryFailed)
    assert 'column "nothing" not found' in ran.text
    assert "query.py" not in ran.text
    assert "contextlib" not in ran.text


@pytest.fixture
def new_york() -> Iterator[pytest.MonkeyPatch]:
    """Sets the time zone of this process, and puts it back."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch
    time.tzset()


def test_a_time_zone_counts_for_queries_that_may_show_it(
    notebook: Notebook, new_york: pytest.MonkeyPatch
) -> None:
    """By their text or by the columns of their inputs; a query of plain columns stays fresh."""
    notebook("%config Dagbook.on_define = 'register'")
    notebook(
        "%%asset seen\nimport pandas as pd\n"
        "pd.DataFrame({'moment': pd.to_datetime(['2024-01-01 02:00:00'], utc=True)})"
    )
    notebook(ORDERS)
    notebook("%%asset days --sql\nselect moment::date::varchar as day from seen", cell="days")
    notebook("%%asset fixed --sql\nselect timestamptz '2024-01-01 02:00+00'::varchar as day")
    notebook("%%asset plain --sql\nselect n from orders")
    notebook("%%asset body\nimport duckdb\nduckdb.sql('select 1').fetchall()")
    notebook("%materialize")
    new_york.setenv("TZ", "America/New_York")
    time.tzset()
    assert {
        name for name in ("days", "fixed", "plain", "body") if notebook.state(name) == "stale"
    } == {
        "days",
        "fixed",
        "body",
    }
    assert notebook.workspace.status("days").why == "the time zone changed"
    notebook("%materialize days")
    assert rows(notebook, "days") == [{"day": "2023-12-31"}]


def test_a_query_of_the_clock_is_fresh_only_for_as_long_as_was_said(notebook: Notebook) -> None:
    """Without an age it runs every time, and says why."""
    notebook("%%asset now_ --sql\nselect now() as at")
    notebook("%%asset today_ --max-age 1h --sql\nselect current_date as day")
    notebook("%materialize")
    assert (notebook.state("now_"), notebook.state("today_")) == ("stale", "fresh")
    assert notebook.workspace.status("now_").why == "reads what can't be tracked (now())"


def test_files_that_a_parameter_names_are_inputs(notebook: Notebook) -> None:
    """Their content, and for a pattern a new file that it matches; in Python bodies too."""
    Path("days").mkdir()
    Path("days/a.csv").write_text("n\n1\n")
    Path("one.csv").write_text("n\n1\n")
    notebook("%config Dagbook.on_define = 'register'")
    notebook("pattern, one = 'days/' + '*.csv', 'one' + '.csv'")
    notebook("%%asset many --sql\nselect * from read_csv($pattern)")
    notebook("%%asset single --sql\nselect * from read_csv($one)")
    notebook(
        "%%asset body\nimport duckdb\nduckdb.execute('from read_csv(?)', [pattern]).fetchall()"
    )
    notebook("%materialize")
    Path("one.csv").write_text("n\n2\n")
    assert [notebook.state(name) for name in ("many", "single", "body")] == [
        "fresh",
        "stale",
        "fresh",
    ]
    Path("days/b.csv").write_text("n\n3\n")
    assert [notebook.state(name) for name in ("many", "single", "body")] == ["stale"] * 3


def test_an_index_that_sql_does_not_see_is_told(notebook: Notebook) -> None:
    """As in DuckDB it is no column; the cell says so, and a query that asks for it does too."""
    told = "The index of `sums` (`k`) is no column in SQL; `sums.reset_index()` has it as one."
    notebook("import pandas as pd")
    notebook("%%asset sums\npd.DataFrame({'n': [1, 2]}, index=pd.Index(['x', 'y'], name='k'))")
    assert notebook("%%asset all_of_it --sql\nselect * from sums").text.startswith(told)
    assert notebook("%materialize all_of_it --force").data["text/plain"].endswith(told)
    assert notebook.message("%%asset by_index --sql\nselect k from sums").endswith(told)


def test_the_numbers_of_rows_are_no_index_to_tell_of(notebook: Notebook) -> None:
    """Filtering and sorting leave them; whoever wants them asks for them."""
    notebook("import pandas as pd")
    notebook("%%asset few\nall_rows = pd.DataFrame({'n': [1, 2]})\nall_rows[all_rows.n > 1]")
    assert "index" not in notebook("%%asset same --sql\nselect * from few").text


def test_a_sum_of_integers_is_a_number_below(notebook: Notebook) -> None:
    """In SQL it is a HUGEINT, which pandas would have as objects that refuse floats."""
    notebook(ORDERS, cell="a")
    notebook("%%asset sums --sql\nselect sum(n) as t from orders", cell="b")
    notebook("%%asset half\nfloat((sums.t * 0.5).sum())", cell="c")
    assert notebook("half").value == 9.0
