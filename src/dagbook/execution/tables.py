"""Tells whether queries read tables that they have not made themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


def tables_read(queries: Iterable[str], tables: frozenset[str]) -> bool:
    """Whether one of the queries, in their order, reads one of the tables before it is written.

    What can't be understood is taken for a query that does.

    >>> tables_read(["create or replace table t as select 1", "from t"], frozenset({"t"}))
    False
    >>> tables_read(["insert into t select * from u"], frozenset({"t", "u"}))
    True
    """
    # Loaded here: it takes longer than all of this, and few steps ask for it.
    import sqlglot
    from sqlglot.errors import SqlglotError

    known = {name.lower() for name in tables}
    made: set[str] = set()
    for text in queries:
        try:
            statements = sqlglot.parse(text, dialect="duckdb")
        except (SqlglotError, RecursionError):
            if known & set(text.replace('"', " ").lower().split()):
                return True
            continue
        for statement in filter(None, statements):
            target = _target(statement)
            if any(name in known and name not in made for name in _read(statement, target)):
                return True
            if target is not None and statement.key == "create" and not statement.args["exists"]:
                made.add(target.name.lower())
    return False


def _target(statement: Any) -> Any:
    """The table that a statement makes, fills or changes."""
    from sqlglot import exp

    if not isinstance(statement, exp.Create | exp.Insert | exp.Drop):
        return None
    this = statement.this
    return this if isinstance(this, exp.Table) else this.find(exp.Table) if this else None


def _read(statement: Any, target: Any) -> Iterator[str]:
    from sqlglot import exp

    local = {one.alias.lower() for one in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        name = table.name.lower()
        if table is not target and name not in local:
            yield name
