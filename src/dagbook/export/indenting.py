"""Indents a cell's body so that it can stand in a function, its texts unchanged."""

from __future__ import annotations

import ast


def indented(text: str) -> str:
    """The lines moved right by four, but for those that begin within a text.

    >>> indented("a = '''b\\nc'''")
    "    a = '''b\\nc'''"
    """
    within = _within_texts(ast.parse(text))
    lines = text.split("\n")
    return "\n".join(
        line if number in within or not line.strip() else f"    {line}"
        for number, line in enumerate(lines, 1)
    )


def _within_texts(tree: ast.AST) -> set[int]:
    """The lines that begin within a text: spaces before them would belong to it."""
    return {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
        for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def with_return(text: str) -> str:
    """The text with a `return` before its last statement, an expression.

    >>> with_return("a = 1; a")
    'a = 1; return a'
    """
    last = ast.parse(text).body[-1]
    lines = [line.encode() for line in text.split("\n")]
    line = lines[last.lineno - 1]
    lines[last.lineno - 1] = line[: last.col_offset] + b"return " + line[last.col_offset :]
    return b"\n".join(lines).decode()
