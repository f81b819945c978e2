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
    "macro that a macro calls": (
        "create or replace macro inner_(x) as x + {}; create or replace macro plus(x) as inner_(x)",
        ("1", "2"),
    ),
    "view that a macro reads": (
        "create or replace view inner_ as select {} as x;"
        " create or replace macro seen() as table from inner_",
        ("1", "2"),
    ),
    "macro after a dot": ("create or replace macro plus(x) as x + {}", ("1", "2")),
    "macro by a builtin's name": ("create or replace macro upper(x) as x || {}", ("'a'", "'b'")),
    "macro by a name in quotes": ('create or replace macro "a b"(x) as x + {}', ("1", "2")),
    "view by a name in quotes": ('create or replace view "a b" as select {} as x', ("1", "2")),
    "view of a schema": (
        "create schema if not exists one; create or replace view one.seen as select {} as x;"
        " create schema if not exists two; create or replace view two.seen as select 3",
        ("1", "2"),
    ),
    "statement": ("prepare seen as select {}", ("1", "2")),
    "setting that is asked for": ("set errors_as_json = {}", ("false", "true")),
    "table that is asked for": ("create table if not exists {} (a int)", ("one", "two")),
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
    "macro that a macro calls": "select plus(1)",
    "view that a macro reads": "from seen()",
    "macro after a dot": "select (1).plus()",
    "macro by a builtin's name": "select upper('c')",
    "macro by a name in quotes": 'select "a b"(1)',
    "view by a name in quotes": 'from "a b"',
    "view of a schema": "from one.seen",
    "statement": "execute seen",
    "setting that is asked for": "select current_setting('errors_as_json')",
    "table that is asked for": "show tables",
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
    undo = "duckdb.execute('deallocate seen'); " if name == "statement" else ""
    notebook(f"{undo}_ = duckdb.execute({text.format(said[0])!r})")
    assert notebook.state("result") == "fresh"
    notebook(f"{undo}_ = duckdb.execute({text.format(said[1])!r})")
    assert (notebook.state("result"), notebook.state("apart")) == ("stale", "fresh")
    notebook("%materialize result")
    assert notebook.workspace.value("result") != before
    assert notebook.state("result") == "fresh"


LATER = {
    "macro by a builtin's name": ("select upper('a')", "create macro upper(x) as 'b'"),
    "view by a frame's name": ("from frame", "create view frame as select 5"),
    "table by a frame's name": ("from frame", "create table frame as select 5 as a"),
    "variable": ("select getvariable('seen')", "set variable seen = 2"),
}


@pytest.mark.parametrize("name", LATER)
def test_what_is_made_by_a_name_in_a_query_after_its_run_counts(
    notebook: Notebook, name: str
) -> None:
    """DuckDB would take that from now on."""
    query, made = LATER[name]
    notebook("import duckdb, pandas as pd\nframe = pd.DataFrame({'a': [1]})")
    notebook(f"%%asset result\nduckdb.sql({query!r}).fetchall()", cell="result")
    assert notebook.state("result") == "fresh"
    notebook(f"_ = duckdb.execute({made!r})")
    assert notebook.state("result") == "stale"


def test_a_setting_counts_where_a_body_reads_a_relation_of_a_cell(notebook: Notebook) -> None:
    """Its query runs when the body asks for the rows."""
    notebook("import duckdb\nrelation = duckdb.sql('select 3 / 2')")
    notebook("%%asset result\nrelation.fetchall()", cell="result")
    notebook("_ = duckdb.execute('set integer_division = true')")
    assert notebook.state("result") == "stale"


def test_another_database_by_the_same_name_counts(notebook: Notebook) -> None:
    """A cell has attached another file."""
    for name in ("one", "two"):
        with duckdb.connect(f"{name}.duckdb") as made:
            made.execute(f"create table sales as select '{name}' as a")
    notebook("import duckdb\n_ = duckdb.execute(\"attach 'one.duckdb' as shop\")")
    notebook("%%asset result\nduckdb.sql('from shop.sales').fetchall()", cell="result")
    assert notebook.state("result") == "fresh"
    notebook("_ = duckdb.execute(\"detach shop; attach 'two.duckdb' as shop\")")
    assert notebook.state("result") == "stale"
    notebook("_ = duckdb.execute('detach shop')")


def test_a_macro_in_a_file_counts_for_a_body_that_opens_it(notebook: Notebook) -> None:
    """Though it reads no table there."""
    with duckdb.connect("shop.duckdb") as made:
        made.execute("create macro plus(x) as x + 1")
    notebook("import duckdb")
    notebook(
        "%%asset result\nwith duckdb.connect('shop.duckdb') as shop:\n"
        "    found = shop.sql('select plus(1)').fetchall()\nfound",
        cell="result",
    )
    assert notebook.state("result") == "fresh"
    with duckdb.connect("shop.duckdb") as made:
        made.execute("create or replace macro plus(x) as x + 2")
    assert notebook.state("result") == "stale"


@pytest.mark.parametrize("query", ["select * from apart, seen", "copy seen to 'seen.csv'"])
def test_a_frame_that_a_query_names_anywhere_counts(notebook: Notebook, query: str) -> None:
    """After a comma, and where it is copied to a file."""
    notebook("import duckdb, pandas as pd\napart = seen = pd.DataFrame({'a': [1]})")
    notebook(f"%%asset result\nduckdb.execute({query!r}).fetchall()", cell="result")
    assert notebook.state("result") == "fresh"
    notebook("seen = pd.DataFrame({'a': [2]})")
    assert notebook.state("result") == "stale"


def test_texts_in_queries_are_not_kept(notebook: Notebook) -> None:
    """They may be secret, such as a password by which a database is attached."""
    notebook("import duckdb")
    notebook("%%asset result\nduckdb.sql(\"select 'pass' || 'word1' as a\").fetchall()", cell="r")
    shown = notebook("%asset result").text
    assert "anything called a" in shown
    assert "word1" not in shown


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
        "duckdb.execute('create or replace table own as select 1 as x')\n"
        "duckdb.sql('from own').fetchall()",
        "import pandas as pd\nduckdb.register('own', pd.DataFrame({'a': [1]}))\n"
        "duckdb.sql('from own').fetchall()",
    ],
)
def test_what_a_body_sets_or_makes_is_its_own(notebook: Notebook, body: str) -> None:
    """A setting is put back, so that no other body and no cell meets it."""
    notebook("import duckdb\n_ = duckdb.execute(\"set timezone = 'UTC'\")")
    notebook("%%asset other\nduckdb.sql('select 1').fetchall()", cell="other")
    notebook(f"%%asset result\n{body}", cell="result")
    assert (notebook.state("result"), notebook.state("other")) == ("fresh", "fresh")
    notebook("%materialize result --force")
    assert notebook.state("result") == "fresh"
    assert duckdb.execute("select current_setting('timezone')").fetchall() == [("UTC",)]


def test_a_function_that_is_registered_unseen_runs_every_time(notebook: Notebook) -> None:
    """Its code can't be had back from DuckDB."""
    notebook(
        "import duckdb\ndef plus(n: int) -> int: return n + 1\n"
        "for one in [duckdb.default_connection()]:\n    _ = one.create_function('unseen', plus)"
    )
    notebook("%%asset result\nduckdb.sql('select unseen(1)').fetchall()", cell="result")
    assert notebook.state("result") == "stale"
