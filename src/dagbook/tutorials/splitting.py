"""Gives each decorated definition a cell of its own."""

from __future__ import annotations

import ast
import re

from dagbook.tutorials.python_text import parsed

_INDENTED = re.compile(r"\s+#")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def split_definitions(text: str) -> list[str]:
    """The cell's text in parts: a decorated definition, or what stands between two of them.

    Comments above a definition go with it. A cell without decorated definitions stays whole.

    >>> split_definitions("import a\\n\\n@a.b\\ndef c(): ...")
    ['import a', '@a.b\\ndef c(): ...']
    """
    tree = parsed(text)
    if tree is None or not any(map(_decorated, tree.body)):
        return [text]
    lines = text.split("\n")
    cuts: list[int] = []
    for statement in tree.body:
        if _decorated(statement):
            cuts += [_begin(statement, lines), _end(statement, lines)]
    parts = [
        "\n".join(lines[a:b]).strip("\n") for a, b in zip([0, *cuts], [*cuts, None], strict=True)
    ]
    return [part for part in parts if part.strip()]


def _end(statement: ast.stmt, lines: list[str]) -> int:
    """The place after its last line; comments that are indented like its body belong to it."""
    end = statement.end_lineno or statement.lineno
    while end < len(lines) and _INDENTED.match(lines[end]):
        end += 1
    return end


def _decorated(statement: ast.stmt) -> bool:
    return isinstance(statement, _DEFINITIONS) and bool(statement.decorator_list)


def _begin(statement: ast.stmt, lines: list[str]) -> int:
    """The place of its first line, with the comments right above it."""
    decorators = statement.decorator_list if isinstance(statement, _DEFINITIONS) else []
    first = min(each.lineno for each in decorators) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first
