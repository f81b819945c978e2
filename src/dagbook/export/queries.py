"""SQL in a plain module: what the body of a query asset calls."""

from __future__ import annotations

from typing import Any

from dagbook.cells.define_sql import TableQuery
from dagbook.cells.query import SqlQuery
from dagbook.cells.sql import parse_query
from dagbook.definitions.results import Output


def query(text: str, form: str = "pandas", /, **inputs: Any) -> Output[Any]:
    """Run one query on nothing but the frames and scalars that it is given.

    `text`: the query; `form`: `pandas`, `polars` or `arrow`; `inputs`: a frame for each table that
    it names, a scalar for each `$name`. Gives the result with the data version that it would have
    in a `--sql` cell: without a top-level ORDER BY, one that the order of rows does not change.
    Raises SqlSyntaxError, NotOneQuery, NotATable or NotAScalar.

    >>> import pandas as pd
    >>> query("select n + $by as n from t", t=pd.DataFrame({"n": [1]}), by=2).value.n.tolist()
    [3]
    """
    analysis = parse_query(text, name="query")
    run = TableQuery(SqlQuery(analysis, {}, form), frozenset(inputs))
    return run(**inputs)
