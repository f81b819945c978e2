"""Whether a name of an ordinary cell is the cell's own variable, bound before anything reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

# Each binds names of its own.
_SCOPES = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def binds_first(text: str, name: str) -> bool:
    """Whether the first that the cell does with a name is to bind it.

    A loop counts as one that runs. What cannot be parsed, such as a magic, binds nothing.

    >>> binds_first("for low in range(3): pass\\nlow", "low")
    True
    >>> binds_first("low = low + 1", "low")
    False
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return next((store for found, store in _uses(tree) if found == name), False)


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
    for child in _in_order(node):
        for name, store in _uses(child):
            if not (own and store):
                yield name, store
    if isinstance(node, _FUNCTIONS):
        yield node.name, True


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            yield node.value
        yield from node.targets if isinstance(node, ast.Assign) else [node.target]
    elif isinstance(node, (ast.For, ast.AsyncFor)):
        yield from (node.iter, node.target, *node.body, *node.orelse)
    else:
        yield from ast.iter_child_nodes(node)
