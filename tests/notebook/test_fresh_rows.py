"""Rows without an order: what a reader made of the order it saw is true of what is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dagbook import InMemoryIOManager
from tests.notebook.shells import Notebook

TABLE = """
%%asset raw
import pandas as pd
pd.DataFrame({{"c": {letters}, "n": range({count})}})
"""
QUERY = "%%asset rows --sql\nselect c from raw"
FIRST = "%%asset first\nrows.iloc[0].tolist()"


def with_rows(notebook: Notebook, letters: str) -> None:
    """The table has these letters, in this order."""
    notebook(TABLE.format(letters=[*letters], count=len(letters)).strip(), cell="raw")
    notebook("%materialize")


def positions(notebook: Notebook) -> tuple[Any, Any]:
    """What the reader says of the order, and what is kept."""
    kept = notebook.workspace.value("rows")
    return notebook.workspace.value("first"), kept.iloc[0].tolist()


def test_another_order_of_the_same_rows_leaves_the_rows_that_were_kept(notebook: Notebook) -> None:
    """So that its readers are fresh, and what they say of the first row is true."""
    with_rows(notebook, "abc")
    notebook(QUERY)
    notebook(FIRST)
    with_rows(notebook, "cab")
    assert notebook.state("first") == "fresh"
    assert positions(notebook) == (["a"], ["a"])


def test_rows_that_come_back_after_others_come_as_they_were_kept(notebook: Notebook) -> None:
    """The table in its earlier order, so that what was read of that is true and need not run."""
    with_rows(notebook, "abc")
    notebook(QUERY)
    notebook(FIRST)
    with_rows(notebook, "xyz")
    assert positions(notebook) == (["x"], ["x"])
    with_rows(notebook, "cab")
    assert positions(notebook) == (["a"], ["a"])
    ran = notebook("%materialize").value
    assert (ran.materialized, notebook.state("first")) == ([], "fresh")


def test_rows_of_which_nothing_is_kept_come_in_their_new_order(notebook: Notebook) -> None:
    """Their readers run again."""
    with_rows(notebook, "abc" * 5000)
    notebook(QUERY)
    notebook(FIRST)
    record = notebook.workspace.status("rows").materialization
    assert record is not None
    assert record.value is not None
    with_rows(notebook, "xyz")
    notebook.workspace.store.objects.delete(record.value.address)
    with_rows(notebook, "cab" * 5000)
    assert positions(notebook) == (["c"], ["c"])


def test_a_copy_of_a_query_has_an_order_of_its_own(notebook: Notebook) -> None:
    """The same rows in another asset are no reason to take over what was read of them."""
    with_rows(notebook, "abc")
    notebook(QUERY)
    notebook(FIRST)
    with_rows(notebook, "cab")
    notebook("%%asset again --sql\nselect c from raw")
    notebook("%%asset second --ins rows=again\nrows.iloc[0].tolist()")
    kept = notebook.workspace.value("again")
    assert notebook.workspace.value("second") == kept.iloc[0].tolist()


def test_a_lost_value_is_replaced_by_the_rows_in_their_new_order(
    restart: Callable[[], Notebook],
) -> None:
    """There is nothing left to stay with, and readers run again."""
    notebook = restart()
    with_rows(notebook, "abc" * 5000)
    notebook(QUERY)
    notebook(FIRST)
    record = notebook.workspace.status("rows").materialization
    assert record is not None
    assert record.value is not None
    notebook.workspace.store.objects.delete(record.value.address)
    with_rows(notebook, "cab" * 5000)
    assert positions(notebook) == (["c"], ["c"])


def test_the_form_of_the_rows_counts(notebook: Notebook) -> None:
    """The same rows as a frame of another library are another value."""
    with_rows(notebook, "abc")
    notebook(QUERY, cell="q")
    notebook(QUERY.replace("--sql", "--sql --as polars"), cell="q")
    assert type(notebook.workspace.value("rows")).__module__.startswith("polars")


def test_a_manager_s_rows_count_by_their_order(notebook: Notebook) -> None:
    """It has them in the order in which they came last."""
    notebook.workspace.provide({"io_manager": InMemoryIOManager()})
    with_rows(notebook, "abc")
    notebook(QUERY)
    notebook(FIRST)
    with_rows(notebook, "cab")
    notebook("%materialize")
    notebook("%%asset now\nrows.iloc[0].tolist(), first")
    assert notebook("now").value == (["c"], ["c"])
