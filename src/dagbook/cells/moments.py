"""Finds what in a query depends on when and where it runs: the clock, chance, the time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Written with or without parentheses.
_CLOCK = frozenset(
    ["current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"]
)
_MOVING = frozenset(
    [
        "current_connection_id",
        "current_query_id",
        "current_transaction_id",
        "currval",
        "gen_random_uuid",
        "get_current_time",
        "get_current_timestamp",
        "nextval",
        "now",
        "random",
        "today",
        "transaction_timestamp",
        "txid_current",
        "uuid",
        "uuidv4",
        "uuidv7",
    ]
)
# What makes times with a zone, or takes them apart, of what has none.
_ZONED = re.compile(
    r"\b(?:timestamptz|timetz|time\s+zone|timezone|to_timestamp|make_timestamptz|(?:try_)?strptime"
    r"|current_setting)\b",
    re.IGNORECASE,
)
# These give rows by themselves; any other function in place of a table may read a file.
_MAKING = frozenset({"generate_series", "range", "unnest", "repeat"})


def moments_in(tokens: list[Any], tree: Any) -> Iterator[str]:
    """What gives another result in every run: functions of the clock and of chance, samples.

    Args:
        tokens: the query's, as sqlglot makes them.
        tree: the same, parsed.
    """
    from sqlglot import exp

    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        word = token.text.casefold()
        if token.token_type.name in ("STRING", "IDENTIFIER"):
            continue
        called = after is not None and after.text == "("
        if word in _CLOCK:
            yield word
        elif word in _MOVING and called:
            yield f"{word}()"
    for sample in tree.find_all(exp.TableSample):
        if sample.args.get("seed") is None:
            yield "a sample without a seed"


def may_read_zone(sql: str, tree: Any) -> bool:
    """Whether a query makes or reads times with a zone by itself, whatever its inputs hold."""
    from sqlglot import exp

    if _ZONED.search(sql):
        return True
    tables = [table.this for table in tree.find_all(exp.Table)]
    return any(_name(one).casefold() not in _MAKING for one in tables if _is_function(one))


def _is_function(node: Any) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Func)


def _name(node: Any) -> str:
    from sqlglot import exp

    return str(node.this) if isinstance(node, exp.Anonymous) else str(node.sql_name())
