"""What cells set and make in DuckDB's default connection counts for the bodies that query there."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.notebook.shells import Notebook


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """The default connection is a new one."""
    before = duckdb.default_connection()
    duckdb.set_default_connection(duckdb.connect())
    yield
    duckdb.set_default_connection(before)


SETS = {
    "nulls": ("set default_null_order = {}", ("nulls_last", "nulls_first")),
    "order": ("set default_order = '{}'", ("asc", "desc")),
    "time zone": ("set timezone = {}", ("'UTC'", "'Asia/Tokyo'")),
    "division": ("set integer_division = {}", ("false", "true")),
    "macro": ("create or replace macro plus(x) as x + {}", ("1", "2")),
    "view": ("create or replace view seen as select {} as x", ("1", "2")),
    "passing view": ("create or replace temp view seen as select {} as x", ("1", "2")),
    "variable": ("set variable seen = {}", ("1", "2")),
}
READS = {
    "nulls": "select a from (values (1), (null)) t(a) order by a",
    "order": "select a from (values (1), (2)) t(a) order by a",
    "time zone": "select cast(timestamptz '2020-01-01 00:00:00+00' as varchar)",
    "division": "select 3 / 2",
    "macro": "select plus(1)",
    "view": "from seen",
    "passing view": "from seen",
    "variable": "select getvariable('seen')",
}


@pytest.mark.parametrize("name", SETS)
def test_what_a_cell_sets_or_makes_counts_where_a_query_may_show_it(
    notebook: Notebook, name: str
) -> None:
    """To say the same again changes nothing, and whatever runs no query does not care."""
    text, said = SETS[name]
    notebook(f"import duckdb\n_ = duckdb.execute({text.format(said[0])!r})")
    notebook(f"%%asset result\nduckdb.sql({READS[name]!r}).fetchall()", cell="result")
    notebook("%%asset apart\nsum([1, 2])", cell="apart")
    before = notebook.workspace.value("result")
    notebook(f"_ = duckdb.execute({text.format(said[0])!r})")
    assert notebook.state("result") == "fresh"
    notebook(f"_ = duckdb.execute({text.format(said[1])!r})")
    assert (notebook.state("result"), notebook.state("apart")) == ("stale", "fresh")
    notebook("%materialize result")
    assert notebook.workspace.value("result") != before
    assert notebook.state("result") == "fresh"


def test_a_view_that_no_query_names_does_not_count(notebook: Notebook) -> None:
    """Nor does a macro."""
    notebook("import duckdb")
    notebook("%%asset result\nduckdb.sql('select 1').fetchall()", cell="result")
    notebook("_ = duckdb.execute('create view seen as select 1; create macro plus(x) as x + 1')")
    assert notebook.state("result") == "fresh"


@pytest.mark.parametrize(
    "body",
    [
        "duckdb.execute(\"set timezone = 'Asia/Tokyo'\")\n"
        "duckdb.sql(\"select cast(timestamptz '2020-01-01 00:00:00+00' as varchar)\").fetchall()",
        "duckdb.execute('create or replace view own as select 1 as x')\n"
        "duckdb.sql('from own').fetchall()",
        "duckdb.execute('create or replace macro plus(x) as x + 1')\n"
        "duckdb.sql('select plus(1)').fetchall()",
    ],
)
def test_what_a_body_sets_or_makes_is_its_own(notebook: Notebook, body: str) -> None:
    """A setting is put back, so that no other body and no cell meets it."""
    notebook("import duckdb\n_ = duckdb.execute(\"set timezone = 'UTC'\")")
    notebook("%%asset other\nduckdb.sql('select 1').fetchall()", cell="other")
    notebook(f"%%asset result\n{body}", cell="result")
    assert (notebook.state("result"), notebook.state("other")) == ("fresh", "fresh")
    assert duckdb.execute("select current_setting('timezone')").fetchall() == [("UTC",)]


def test_a_function_that_is_registered_unseen_runs_every_time(notebook: Notebook) -> None:
    """Its code can't be had back from DuckDB."""
    notebook(
        "import duckdb\ndef plus(n: int) -> int: return n + 1\n"
        "for one in [duckdb.default_connection()]:\n    _ = one.create_function('unseen', plus)"
    )
    notebook("%%asset result\nduckdb.sql('select unseen(1)').fetchall()", cell="result")
    assert notebook.state("result") == "stale"
