"""Random small edits of a notebook's cells, by their syntax trees."""

from __future__ import annotations

import ast
import copy
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

_OTHER: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Pow: ast.Mult,
    ast.Mod: ast.Pow,
    ast.Lt: ast.GtE,
    ast.Gt: ast.LtE,
    ast.Eq: ast.NotEq,
    ast.In: ast.NotIn,
}
# Changes the node that it is for.
Way = Callable[[], object]


def _ways(node: Any) -> Iterator[Way]:
    """The edits of one node that may change a result."""
    match node:
        case ast.Constant(value=value):
            yield from (partial(setattr, node, "value", other) for other in _others(value))
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _OTHER:
            yield lambda: setattr(node, "op", _OTHER[type(op)]())
        case ast.Compare(ops=[op, *_]) if type(op) in _OTHER:
            yield lambda: node.ops.__setitem__(0, _OTHER[type(op)]())
        case ast.If() | ast.IfExp():
            yield lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension(ifs=[_, *_]):
            yield node.ifs.pop
        case ast.Call(keywords=[_, *_]):
            yield node.keywords.pop
        case ast.List(elts=[_, _, *_]) | ast.Tuple(elts=[_, _, *_], ctx=ast.Load()):
            yield node.elts.pop
            yield node.elts.reverse
        case ast.Dict(keys=[_, *_]):
            yield lambda: (node.keys.pop(), node.values.pop())
        case ast.FunctionDef(decorator_list=[_, *_]) | ast.ClassDef(decorator_list=[_, *_]):
            yield node.decorator_list.pop
    body: Any = getattr(node, "body", None)
    for at in range(len(body) if isinstance(body, list) and len(body) > 1 else 0):
        yield partial(body.pop, at)
        yield partial(_to_the_front, body, at)


def _others(value: object) -> list[object]:
    """Constants that differ from this one."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value + 0.5]
    return [f"{value}x"] if isinstance(value, str) else []


def _to_the_front(body: list[ast.stmt], at: int) -> None:
    body.insert(0, body.pop(at))


def edited(cell: str, chance: random.Random) -> str:
    """The cell with one edit that may change what it gives."""
    head, tree = _parsed(cell)
    while True:
        other = copy.deepcopy(tree)
        way = chance.choice([way for node in ast.walk(other) for way in _ways(node)])
        way()
        text = ast.unparse(ast.fix_missing_locations(other))
        if text != ast.unparse(tree):
            return head + text


def rewritten(cell: str, chance: random.Random) -> str:
    """The cell said otherwise: another layout, comments, docstrings, helpers that nobody calls."""
    head, tree = _parsed(cell)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and chance.random() < 0.5:
            node.body.insert(0, ast.Expr(ast.Constant("What it does.")))
    lines = ast.unparse(ast.fix_missing_locations(tree)).splitlines()
    text = "\n".join(f"{line}  # so" if chance.random() < 0.3 else line for line in lines)
    return head + text if head else f"def nobody_calls_this():\n    return 1\n\n{text}"


def _parsed(cell: str) -> tuple[str, ast.Module]:
    head, body = cell.split("\n", 1) if cell.startswith("%%") else ("", cell)
    return f"{head}\n" if head else "", ast.parse(body)
