"""The imports that a part of a file needs and does not show."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator

from dagbook.cells.reads import may_read_before_binding
from dagbook.tutorials.python_text import parsed


def bound_by(text: str) -> frozenset[str]:
    """The names that a cell binds."""
    tree = parsed(text)
    return may_read_before_binding(tree).assigned if tree is not None else frozenset()


def needed_imports(part: str, whole: str, known: Collection[str]) -> str:
    """The imports of the whole file that bind names which the part reads and nothing before binds.

    >>> needed_imports("dg.asset", "import os\\nimport dagster as dg\\ndg.asset", [])
    'import dagster as dg'
    """
    inner, outer = parsed(part), parsed(whole)
    if inner is None or outer is None:
        return ""
    wanted = may_read_before_binding(inner).names - set(known) - set(dir(builtins))
    return "\n".join(_imports(outer, wanted))


def _imports(tree: ast.Module, wanted: Collection[str]) -> Iterator[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            names = [each for each in statement.names if _binds(each) in wanted]
            if names and not (isinstance(statement, ast.ImportFrom) and statement.level):
                statement.names = names
                yield ast.unparse(statement)


def _binds(each: ast.alias) -> str:
    return each.asname or each.name.partition(".")[0]
