"""Finds where Python code means an asset by a name, and not an attribute or argument called alike."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

# A magic or a command: no Python, so that it is blanked out before the rest is read.
_MAGIC_LINE = re.compile(r"^[^\S\n]*[%!][^\n]*", re.MULTILINE)
_F_STRING = re.compile(r"[a-zA-Z]*[fF][a-zA-Z]*['\"]")
_DEFINES = frozenset(
    ["asset", "asset_check", "multi_asset", "op", "graph_asset", "multi_asset_check"]
)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_QUIET = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT)


def name_places(text: str, name: str) -> Iterator[tuple[int, int]]:
    """From where to where the name stands, in the order of the text.

    >>> list(name_places("orders = f(orders.x, orders=1)", "orders"))
    [(0, 6), (11, 17)]
    """
    if name not in text:
        return
    code = _blanked(text)
    starts = _line_starts(code)
    own = _lines_of_others(code, name)
    for token, is_keyword in _names_of(code):
        line, column = token.start
        begin = starts[line - 1] + column
        if line in own:
            continue
        if token.type == tokenize.NAME and token.string == name and not is_keyword:
            yield begin, begin + len(name)
        elif token.type == tokenize.STRING and _F_STRING.match(token.string):
            # Before Python 3.12 a formatted string is one token.
            for found in re.finditer(rf"(?<=\{{){re.escape(name)}\b", token.string):
                yield begin + found.start(), begin + found.end()


def binds(text: str, name: str) -> bool:
    """Whether an ordinary cell makes the name a variable of its own, other than by defining an asset.

    >>> binds("orders = 1", "orders"), binds("@asset\\ndef orders(): ...", "orders")
    (True, False)
    """
    try:
        tree = ast.parse(_blanked(text))
    except (SyntaxError, ValueError, RecursionError):
        return False
    return any(_binds(statement, name) for statement in tree.body)


def _binds(statement: ast.stmt, name: str) -> bool:
    if isinstance(statement, _Function | ast.ClassDef):
        return statement.name == name and not _is_definition(statement)
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            return True
        if isinstance(node, ast.alias) and (node.asname or node.name.partition(".")[0]) == name:
            return True
    return False


def _is_definition(node: _Function | ast.ClassDef) -> bool:
    """Whether a decorator makes an asset or a check of it."""
    return any(
        isinstance(part, ast.Name | ast.Attribute)
        and (part.id if isinstance(part, ast.Name) else part.attr) in _DEFINES
        for decorator in node.decorator_list
        for part in ast.walk(decorator)
    )


def _lines_of_others(code: str, name: str) -> frozenset[int]:
    """The lines of functions whose own parameter has the name: it is not the asset there."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, _Function) and not _is_definition(node):
            given = node.args
            parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs]
            if any(one.arg == name for one in [*parameters, given.vararg, given.kwarg] if one):
                lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(lines)


def _names_of(code: str) -> Iterator[tuple[tokenize.TokenInfo, bool]]:
    """The tokens, each with whether it is an attribute or the name of an argument in a call."""
    tokens = [token for token in _tokens(code) if token.type not in _QUIET]
    calls: list[bool] = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1].string if place else ""
        after = tokens[place + 1].string if place + 1 < len(tokens) else ""
        if token.string in ("(", "[", "{"):
            defined = place > 1 and tokens[place - 2].string == "def"
            calls.append(token.string == "(" and not defined)
        elif token.string in (")", "]", "}") and calls:
            calls.pop()
        argument = after == "=" and bool(calls) and calls[-1] and before in ("(", ",")
        yield token, before == "." or argument


def _tokens(code: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens up to where the code can't be read any more."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(code).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _blanked(text: str) -> str:
    """The text with its magic lines as comments of equal length, so that places stay."""
    return _MAGIC_LINE.sub(lambda line: re.sub(r"[%!]", "#", line[0], count=1), text)


def _line_starts(code: str) -> list[int]:
    starts = [0]
    for line in io.StringIO(code):
        starts.append(starts[-1] + len(line))
    return starts
