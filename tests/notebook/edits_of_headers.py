"""Edits of headers and of queries, and whether the asset must run again."""

from __future__ import annotations

# Header of `%%asset result`, before and after.
OF_HEADERS: list[tuple[str, str, str, bool]] = [
    ("group", "--group a", "--group b", False),
    ("description", "--description one", "--description two", False),
    ("tag", "--tag k=a", "--tag k=b", False),
    ("owner", "--owner team:a", "--owner team:b", False),
    ("kind", "--kind a", "--kind b", False),
    ("retries", "", "--retries 2", False),
    ("timeout", "", "--timeout 1m", False),
    ("lazy", "", "--lazy", False),
    ("deps", "", "--deps other", True),
    ("another dep", "--deps other", "--deps third", True),
    ("ins", "--ins x=other", "--ins x=third", True),
    ("reads", "", "--reads *.csv", True),
    ("code version", "--code-version 1", "--code-version 2", True),
    ("same code version", "--code-version 1", "--code-version 1 --group a", False),
    ("always", "", "--always", True),
    ("max age", "", "--max-age 0s", True),
    ("long max age", "", "--max-age 1h", False),
]

# A query, before and after, over the asset `orders`; and variables that it may bind.
OF_QUERIES: list[tuple[str, str, str, bool]] = [
    ("formatting", "select n from orders", "select  n\nfrom orders", False),
    ("comment", "select n from orders", "select n -- why\nfrom orders", False),
    ("case of words", "select n from orders", "SELECT n FROM orders", False),
    ("literal", "select n + 1 as m from orders", "select n + 2 as m from orders", True),
    ("column", "select n from orders", "select k from orders", True),
    ("name of a column", "select n as a from orders", "select n as b from orders", True),
    ("filter", "select n from orders", "select n from orders where n > 1", True),
    ("aggregate", "select sum(n) as m from orders", "select max(n) as m from orders", True),
    ("order", "select n from orders order by n", "select n from orders order by n desc", True),
    ("limit", "select n from orders limit 1", "select n from orders limit 2", True),
    (
        "bound variable",
        "select n * $rate as m from orders",
        "select n * $other as m from orders",
        True,
    ),
    ("text", "select 'a' as m from orders", "select 'b' as m from orders", True),
]
