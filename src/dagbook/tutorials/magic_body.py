"""The body of a decorated function as the body of a cell, word for word."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from dagbook.tutorials.python_text import masked


class Inexact(Exception):
    """The definition has no form as a cell that means exactly the same; the argument says why."""


def body_of(text: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The function's statements and comments at the left margin.

    Raises Inexact where they would not be the same statements there.

    >>> text = "def a():\\n    # why\\n    return 1"
    >>> body_of(text, ast.parse(text).body[0])
    '# why\\nreturn 1'
    """
    lines = text.split("\n")
    first = function.body[0]
    comments, begin = _header(text, function)
    if first.lineno <= begin:  # `def a(): return 1`
        head = lines[begin - 1].encode()[first.col_offset :].decode()
        found = [*comments, head, *lines[begin:]]
    else:
        found = [*comments, *_dedented(lines, begin, first.col_offset, _within_texts(function))]
    body = "\n".join(found).strip("\n")
    try:
        # Parsed and not compiled: a `return` is allowed here.
        same = _shape(ast.parse(masked(body)).body) == _shape(function.body)
    except (SyntaxError, ValueError):
        same = False
    if not same:
        raise Inexact("its statements are not the same at the left margin")
    return body


def _header(text: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[list[str], int]:
    """The comments above the body that stand with the header, and the line of its colon."""
    comments: list[str] = []
    depth, begun = 0, False
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comments.append(token.string)
        elif token.start[0] >= function.lineno:
            begun = begun or token.string == "def"
            depth += (token.string in "([{") - (token.string in ")]}") if token.string else 0
            if begun and depth == 0 and token.string == ":":
                return comments, token.start[0]
    raise Inexact("its header can't be read")


def _dedented(lines: list[str], begin: int, indent: int, verbatim: set[int]) -> Iterator[str]:
    for number, line in enumerate(lines[begin:], begin + 1):
        if number in verbatim:
            yield line
        elif not line[:indent].strip():
            yield line[indent:]
        else:
            yield line.lstrip()  # a comment that stands further left


def _within_texts(function: ast.AST) -> set[int]:
    """The lines that begin within a text: their leading spaces belong to it."""
    return {
        number
        for node in ast.walk(function)
        if isinstance(node, ast.Constant | ast.JoinedStr)
        for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def _shape(body: list[ast.stmt]) -> list[str]:
    return [ast.dump(statement) for statement in body]
