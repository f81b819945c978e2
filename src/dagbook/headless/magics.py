"""The magics of a notebook as they stand in its cells: which define, which run or show."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

DEFINING = frozenset(
    {"asset", "asset_check", "multi_asset", "op", "graph_asset", "graph_multi_asset"}
)
SHOWING = frozenset({"materialize", "select", "dag", "asset", "failing", "stale", "runs"})
# Cell magics of IPython whose body is Python of the notebook.
TRANSPARENT = frozenset({"time", "timeit", "capture", "prun"})

_HEADER = re.compile(r"%%(\w+)[ \t]*([^\n]*)")
_KEY = re.compile(r"\w+(?:/\w+)*\Z")


def cell_magic(text: str) -> str | None:
    """The name of the cell magic that the cell begins with.

    >>> cell_magic("%%asset orders")
    'asset'
    """
    found = _HEADER.match(text.lstrip())
    return found.group(1) if found else None


def defines(text: str) -> bool:
    """Whether the cell begins with a magic that defines assets, checks or ops."""
    return cell_magic(text) in DEFINING


def asset_names(text: str) -> tuple[str, ...]:
    """The names by which cells read the assets that a defining cell's header names.

    >>> asset_names("%%asset raw/flights --group air")
    ('flights',)
    """
    found = _HEADER.match(text.lstrip())
    if found is None or found.group(1) not in DEFINING - {"asset_check", "op"}:
        return ()
    words = found.group(2).partition("#")[0].replace(",", " ").split()
    keys = words[: next((i for i, word in enumerate(words) if word.startswith("-")), len(words))]
    return tuple(key.rpartition("/")[2] for key in keys if _KEY.match(key))


def magic_calls(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    """The magics in transformed code: `line` or `cell`, the name, and its line or body."""
    for each in ast.walk(node):
        match each:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Name(id="get_ipython")), attr="run_line_magic"
                ),
                args=[ast.Constant(value=str(name)), ast.Constant(value=str(line))],
            ):
                yield "line", name, line
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Name(id="get_ipython")), attr="run_cell_magic"
                ),
                args=[ast.Constant(value=str(name)), _, ast.Constant(value=str(body))],
            ):
                yield "cell", name, body


def needs_shell(node: ast.AST) -> bool:
    """Whether transformed code asks IPython for something: by a magic, by `!`."""
    return any(_is_shell(each) for each in ast.walk(node))


def runs_command(node: ast.AST) -> bool:
    """Whether transformed code runs a command by `!`, or a cell magic."""
    return any(
        isinstance(each, ast.Attribute)
        and each.attr in ("system", "getoutput", "run_cell_magic")
        and _is_shell(each.value)
        for each in ast.walk(node)
    )


def _is_shell(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="get_ipython")):
            return True
    return False


def loads_assets(statement: ast.AST) -> bool:
    """Whether a statement brings in what a module defines."""
    return any((kind, name) == ("line", "load_assets") for kind, name, _ in magic_calls(statement))


def taken_for_a_body(tree: ast.Module) -> bool:
    """Whether the cell begins with `%asset NAME` and goes on with Python: one sign too few."""
    first, *others = [list(magic_calls(statement)) for statement in tree.body] or [[]]
    named = any((kind, name) == ("line", "asset") and line.strip() for kind, name, line in first)
    return named and not all(others)


def expanded(tree: ast.Module, transform: Callable[[str], str]) -> ast.Module:
    """The cell with the Python that `%time` and its like hold in place of their call.

    Each statement stays one statement; what does not parse stays as it is.
    """
    body = [_expanded(statement, transform) for statement in tree.body]
    return ast.Module(body=body, type_ignores=[])


def _expanded(statement: ast.stmt, transform: Callable[[str], str]) -> ast.stmt:
    if not isinstance(statement, ast.Expr):
        return statement
    match statement.value:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Name(id="get_ipython")),
                attr="run_line_magic" | "run_cell_magic",
            ),
            args=[ast.Constant(value=str(name)), *_, ast.Constant(value=str(code))],
        ) if name in TRANSPARENT:
            try:
                inner = expanded(ast.parse(transform(code)), transform).body
            except (SyntaxError, ValueError):
                return statement
            always = ast.copy_location(ast.Constant(value=True), statement)
            block = ast.If(test=always, body=inner, orelse=[])
            return ast.copy_location(block, statement) if inner else statement
    return statement
