"""Finds the variables that texts of a function name: frames in queries, and `@name` for pandas."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import CodeType
from typing import Any

from dagbook.versions.bytecode import nested_codes

_TABLE = re.compile(
    r"""\b(?:from|join|describe|summarize|pivot|unpivot|copy)\s+["]?([^\W\d]\w*)""", re.IGNORECASE
)
# What follows the first table of a list, such as `, lines l, customers`.
_LISTED = re.compile(
    r"""\bfrom\s+["\w.]+(?:\s+\w+){0,2}\s*((?:,\s*["\w]+(?:\s+\w+){0,2}\s*)+)""", re.IGNORECASE
)
_IN_LIST = re.compile(r""",\s*["]?([^\W\d]\w*)""")
_AT = re.compile(r"(?<!\w)@([^\W\d]\w*)")
# Of pandas and numexpr, which find variables in the frame of their caller.
_EVALUATING = frozenset({"eval", "evaluate"})
# Where a text is put together that names a variable: `f"amount > @{name}"`, `"amount > @" + name`.
_OPEN = re.compile(r"(?<!\w)@(?:\Z|[{%])")
_ASKING = frozenset({"query"}) | _EVALUATING
# Stand among the names: for what is evaluated and is in no text of the code; for an expression of
# which the texts may be that name variables, and for one that is put together here.
EVALUATED, ASKED, OPEN = "", "@", "@{"
_FRAMES = frozenset({"pandas", "polars", "pyarrow", "duckdb", "numpy"})


def named_in_texts(code: CodeType) -> tuple[tuple[str, bool], ...]:
    """The names in the texts of a code object, nested code included, and whether each is a table's.

    >>> named_in_texts((lambda q: q("select * from orders where n > @limit")).__code__)
    (('limit', False), ('orders', True))
    """
    found: dict[str, bool] = {}
    for inner in nested_codes(code):
        local = {*inner.co_varnames, *inner.co_cellvars, *inner.co_freevars}
        evaluates = not _EVALUATING.isdisjoint(inner.co_names)
        if evaluates:
            found[EVALUATED] = False
        if not _ASKING.isdisjoint(inner.co_names):
            found[ASKED] = False
        for text in [one for one in inner.co_consts if type(one) is str]:
            if is_open(text):
                found[OPEN] = False
            for name in (*asked_for(text), *(names_in(text) if evaluates else ())):
                if name not in local:
                    found[name] = False
            for name in tables_in(text):
                if name not in local:
                    found.setdefault(name, True)
    if OPEN in found:
        found |= dict.fromkeys(_words(code), False)
    return tuple(sorted(found.items()))


def tables_in(text: str) -> list[str]:
    """The tables that a query names.

    >>> tables_in("select * from orders o, lines join parts on true")
    ['orders', 'parts', 'lines']
    """
    others = [name for listed in _LISTED.findall(text) for name in _IN_LIST.findall(listed)]
    return _TABLE.findall(text) + others


def is_open(text: str) -> bool:
    """Whether the name of a variable is still to be put into an expression.

    >>> is_open("amount > @{}"), is_open("amount > @"), is_open("ana@{}.org")
    (True, True, False)
    """
    return "@" in text and _OPEN.search(text) is not None


def asked_for(text: str) -> list[str]:
    """The variables that an expression for pandas names.

    >>> asked_for("day > @since and mail != 'ana@example.org'")
    ['since']
    """
    return _AT.findall(text)


def names_in(text: str) -> set[str]:
    """The names in a text that is evaluated, as `pd.eval` does it, where it is an expression."""
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _words(code: CodeType) -> Iterator[str]:
    """The texts of a code object, nested code included, that may be a name."""
    todo: list[Any] = [*code.co_consts]
    for one in todo:  # which grows meanwhile
        if type(one) is CodeType:
            todo += one.co_consts
        elif type(one) is tuple:
            todo += one
        elif type(one) is str and one.isidentifier():
            yield one


def is_frame(value: Any) -> bool:
    """Whether a query may read a value by its name."""
    return type(value).__module__.partition(".")[0] in _FRAMES
