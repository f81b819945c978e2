"""Finds where a query names an asset as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def table_places(query: str, old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """From where to where a key stands as a table, or before a column, and what stands there then.

    Keys are written with slashes, `raw/orders`, for which a query has `raw.orders` or `orders`.

    >>> list(table_places("select orders.id from orders", "orders", "sales"))
    [(7, 13, 'sales'), (22, 28, 'sales')]
    """
    import sqlglot
    from sqlglot import expressions, tokens
    from sqlglot.errors import SqlglotError

    try:
        tree: Any = sqlglot.parse_one(query, dialect="duckdb")
    except (SqlglotError, RecursionError):
        return
    path, new_path = old.split("/"), new.split("/")
    words = tokens.Tokenizer.KEYWORDS.keys()
    own = {str(each.alias).casefold() for each in tree.find_all(expressions.CTE)}
    for node in tree.find_all(expressions.Table, expressions.Column):
        fields = ("catalog", "db", "this" if isinstance(node, expressions.Table) else "table")
        named = [part for part in map(node.args.get, fields) if _has_place(part)]
        written = [str(part.this).casefold() for part in named]
        if not written or written[-1] in own:
            continue
        for keys, then in ((path, new_path), (path[-1:], new_path[-1:])):
            if written == [key.casefold() for key in keys]:
                text = ".".join(_quoted(part, words) for part in then)
                yield named[0].meta["start"], named[-1].meta["end"] + 1, text
                break


def _has_place(part: Any) -> bool:
    return part is not None and "start" in getattr(part, "meta", {})


def _quoted(name: str, keywords: Any) -> str:
    plain = name.isidentifier() and name.isascii() and name.upper() not in keywords
    return name if plain else f'"{name}"'
