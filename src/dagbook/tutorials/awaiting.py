"""`asyncio.run(…)` of a page as `await …`, since a notebook's event loop runs already."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dagbook.tutorials.python_text import parsed

_ELSEWHERE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# What `await` may stand before as it is.
_PRIMARY = (ast.Call, ast.Name, ast.Attribute)


def awaiting(text: str) -> str:
    """A cell's text that awaits what it had run, but for what functions run when they are called.

    >>> awaiting("import asyncio\\nprint(asyncio.run(main()))")
    'import asyncio\\nprint((await main()))'
    """
    if "asyncio.run(" not in text:
        return text
    tree = parsed(text)
    lines = [line.encode() for line in text.split("\n")]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    source = b"\n".join(lines)
    for call, alone in reversed([] if tree is None else list(_runs(tree, alone=False))):
        (given,) = call.args
        first, last = (starts[n.lineno - 1] + n.col_offset for n in (call, given))
        end, after = (
            starts[(n.end_lineno or 1) - 1] + (n.end_col_offset or 0) for n in (given, call)
        )
        inner = source[last:end] if isinstance(given, _PRIMARY) else b"(%b)" % source[last:end]
        made = b"await %b" % inner if alone else b"(await %b)" % inner
        source = source[:first] + made + source[after:]
    return source.decode()


def _runs(node: ast.AST, *, alone: bool) -> Iterator[tuple[ast.Call, bool]]:
    """The calls of `asyncio.run`, in order, each with whether it is all of an expression."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="asyncio"), attr="run"), args=[_], keywords=[]
        ):
            yield node, alone
            return
    if not isinstance(node, _ELSEWHERE):
        whole = isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign)
        for child in ast.iter_child_nodes(node):
            yield from _runs(child, alone=whole)
