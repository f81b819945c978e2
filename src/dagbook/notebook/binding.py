"""Which names an ordinary cell reads, and which it binds as variables of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from dagbook.cells.paths import at
from dagbook.cells.reads import may_read_before_binding
from dagbook.notebook.cell_text import words_of

_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# Each binds names of its own.
_SCOPES = (*_NAMED, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


def names_read(text: str) -> set[str] | None:
    """The names that a cell may read before it binds them, in its code or in the texts there.

    A loop counts as one that runs. None of what cannot be parsed, such as a magic.

    >>> sorted(names_read("low = high + eval('top')\\ndef add(base): return base + low") or ())
    ['eval', 'high', 'top']
    """
    try:
        tree = ast.parse(text)
        reads = may_read_before_binding(tree)
    except (SyntaxError, ValueError, RecursionError):
        return None
    first: dict[str, bool] = {}
    for name, store in _uses(tree):
        first.setdefault(name, store)
    told = {at(node.value) for node in ast.walk(tree) if _is_remark(node)}
    texts = [word for line, place in reads.strings if place not in told for word in words_of(line)]
    return {name for name in (*reads.names, *texts) if not first.get(name)}


def names_bound(text: str) -> frozenset[str] | None:
    """The names that a cell binds as variables of the notebook.

    None where that is not known: it takes all that a module has, or cannot be parsed.

    >>> sorted(names_bound("from shop import orders\\ntotal = orders.value"))
    ['orders', 'total']
    """
    try:
        tree = ast.parse(text)
        found = may_read_before_binding(tree).assigned
    except (SyntaxError, ValueError, RecursionError):
        return None
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return None if any(one.names[0].name == "*" for one in imports) else found


def without_comments(text: str) -> str:
    """The code of a cell alone; the whole text where it cannot be parsed.

    >>> without_comments("a = 1  # from shop import orders")
    'a = 1'
    """
    try:
        return ast.unparse(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return text


def _is_remark(node: ast.AST) -> TypeGuard[ast.Expr]:
    """Whether it is a text that nothing uses, such as the one that describes a function."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _uses(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Each name that is used and whether it is bound there, in the order in which that happens."""
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
        return
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, False
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0], True
    own = isinstance(node, _SCOPES)
    parameters = _parameters(node)
    for child in _in_order(node):
        for name, store in _uses(child):
            if not (own and store) and name not in parameters:
                yield name, store
    if isinstance(node, _NAMED):
        yield node.name, True


def _parameters(node: ast.AST) -> set[str]:
    given = getattr(node, "args", None)
    if not isinstance(given, ast.arguments):
        return set()
    return {one.arg for one in ast.walk(given) if isinstance(one, ast.arg)}


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            yield node.value
        yield from node.targets if isinstance(node, ast.Assign) else [node.target]
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from (node.iter, node.target, *node.body, *node.orelse)
    else:
        yield from ast.iter_child_nodes(node)
