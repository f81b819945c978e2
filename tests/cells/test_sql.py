"""SQL bodies: one query, what it reads, its canonical text."""

from __future__ import annotations

import pytest

from dagbook.cells.sql import QueryAnalysis, parse_query
from dagbook.errors.base import DagbookError
from dagbook.errors.cells import NotOneQuery, SqlSyntaxError, UnnamedPlaceholder


def read(text: str) -> QueryAnalysis:
    """A query that begins on the second line of its cell."""
    return parse_query(text, 2, name="late")


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("select * from orders", "orders"),
        ("from orders;", "orders"),
        ("from Orders, orders o", "Orders"),
        ("from a join b using (x) asof join c on a.t >= c.t", "a b c"),
        ("from raw.flights join 'x.csv' on true", "raw/flights"),
        ('from "raw/flights"', "raw/flights"),
        ("with a as (from b) from a", "b"),
        ("with a as (from b), c as (from a) from c join d on true", "b d"),
        ("with a as (from a) from a", "a"),
        ("with c as (from a), a as (from b) from c, a", "a b"),
        ("with recursive t as (select 1 n union all select n + 1 from t) from t", ""),
        ("with a as (from b) select (with a as (from c) select 1 from a) from a", "b c"),
        ("from (with a as (from b) from a) join a on true", "b a"),
        ("with a as (from b) from s.a", "b s/a"),
        ("select * from a where x in (select x from b where b.y = a.y)", "a b"),
        ("from a union all from b except from c", "a b c"),
        ("pivot orders on year using sum(x)", "orders"),
        ("unpivot orders on a, b into name k value v", "orders"),
        ("summarize orders", "orders"),
        ("from range(3), unnest([1]), lateral (from b)", "b"),
        ("from read_csv('a.csv')", ""),
        ("values (1), (2)", ""),
        ("-- from x\nselect 'from y' from z /* from w */", "z"),
        ("#| deps: q\nfrom orders", "orders"),
    ],
)
def test_tables(text: str, tables: str) -> None:
    """The tables are what no CTE in sight defines; functions, files and comments are none."""
    assert [table.name for table in read(text).tables] == tables.split()


def test_place_of_a_table() -> None:
    """A table's place is the cell's own line and column."""
    (table,) = read("select *\nfrom  raw.orders o").tables
    place = table.place
    assert (place.line, place.column, place.end_column) == (3, 6, 16)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("from 'data/a.csv'", "data/a.csv"),
        ("from read_csv('a.csv', delim = ';')", "a.csv"),
        ("from read_parquet(['a', 'b']), read_json('c'), read_json_auto('d')", "a b c d"),
        ("from glob('*.txt'), read_text('x')", "*.txt x"),
        ("from orders where x = 'y.csv'", ""),
    ],
)
def test_files(text: str, files: str) -> None:
    """The files that a query names are listed."""
    assert sorted(read(text).files) == files.split()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("select $a + $b from t limit $a", ("a", "b")),
        ("select '$a' from t -- $b", ()),
        ("select $year::int", ("year",)),
        ("select $limit", ("limit",)),
    ],
)
def test_placeholders(text: str, names: tuple[str, ...]) -> None:
    """Each `$name` outside of strings and comments is listed once."""
    assert read(text).placeholders == names


@pytest.mark.parametrize(
    ("text", "fault", "line", "column"),
    [
        ("select a,\nfrom orders where where x", SqlSyntaxError, 3, 18),
        ("select (1", SqlSyntaxError, 2, 8),
        ("selec 1 from x", SqlSyntaxError, 2, 6),
        ("select 1,\n 'a", SqlSyntaxError, 3, 1),
        ("", NotOneQuery, 2, 0),
        ("-- nothing", NotOneQuery, 2, 0),
        ("select 1; select 2", NotOneQuery, 2, 0),
        ("\ncreate table x as select 1", NotOneQuery, 3, 0),
        ("copy orders to 'x.csv'", NotOneQuery, 2, 0),
        ("insert into x select 1", NotOneQuery, 2, 0),
        ("set threads = 1", NotOneQuery, 2, 0),
        ("select\n ?", UnnamedPlaceholder, 3, 1),
        ("select $1", UnnamedPlaceholder, 2, 7),
    ],
)
def test_faults(text: str, fault: type[DagbookError], line: int, column: int) -> None:
    """What is not one query is refused at its place in the cell."""
    with pytest.raises(fault) as caught:
        read(text)
    place = caught.value.place  # type: ignore[attr-defined]
    assert (place.line, place.column) == (line, column)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ("select a from t", "SELECT  a\n FROM t; -- note", True),
        ("select a /* x */ from t", "select a from t", True),
        ("#| lazy: true\nselect a from t", "select a from t", True),
        ("select a from t", "select A from t", False),
        ("select date from t", "select Date from t", False),
        ("select 'a  b'", "select 'a b'", False),
        ("select 'from'", "select 'FROM'", False),
        ('select "a" from t', "select a from t", False),
        ("select a from t", "select a from t using sample 10", False),
        ("select $a", "select $b", False),
    ],
)
def test_canonical_text(one: str, other: str, equal: bool) -> None:
    """Spacing, comments and the case of reserved words carry no meaning; all else does."""
    assert (read(one).canonical == read(other).canonical) is equal


@pytest.mark.parametrize(
    ("text", "ordered"),
    [
        ("from t order by a", True),
        ("from t union all from u order by a limit 3", True),
        ("with a as (from t) from a order by all", True),
        ("from (from t order by a)", False),
        ("select row_number() over (order by a) from t", False),
    ],
)
def test_order(text: str, ordered: bool) -> None:
    """Only an ORDER BY of the query itself puts its rows in order."""
    assert read(text).ordered is ordered


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("select now(), current_date from t", "now(), current_date"),
        ("select a from t where day = today()", "today()"),
        ("select LOCALTIMESTAMP as n", "localtimestamp"),
        ("select random() from t using sample 5 rows", "random(), a sample without a seed"),
        ("select uuid()", "uuid()"),
        ("select * from t using sample 5 rows (reservoir, 1)", ""),
        ("select * from t tablesample 10% repeatable (3)", ""),
        ("select now, random, 'now()' as \"current_date\" from t", ""),
        ("select day from t -- now()", ""),
    ],
)
def test_what_gives_another_result_in_every_run_is_told(text: str, moments: str) -> None:
    """The clock, chance, and samples without a seed; not columns and texts that are called so."""
    assert ", ".join(read(text).moments) == moments


@pytest.mark.parametrize(
    ("text", "zoned"),
    [
        ("select n::date from t", False),
        ("select * from range(3), unnest([1])", False),
        ("select ts at time zone 'UTC' from t", True),
        ("select n::timestamptz from t", True),
        ("select to_timestamp(n) from t", True),
        ("select * from 'x.csv'", True),
        ("select * from read_parquet($path)", True),
    ],
)
def test_a_query_that_may_read_the_time_zone_is_told(text: str, zoned: bool) -> None:
    """Where it makes times with a zone, or reads files, whose columns are not known."""
    assert read(text).zoned is zoned
