"""Writes a syntax tree as bytes that are equal wherever the code means the same.

Positions, comments, docstrings and formatting do not appear; neither does anything that differs
between Python 3.11 and 3.13 or between two hash seeds. The module needs the standard library only,
so that other Python versions can be compared with this one.

The form is a preorder with arities: every node gives its name, its plain fields and how many
children stand in each of the others; then the children follow. That can be decoded in one way
only, so two trees that differ never give equal bytes.
"""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache
from typing import Any, NamedTuple

_STATEMENTS = frozenset({"body", "orelse", "finalbody"})
# `ctx` follows from the place in the tree, `kind` is the u of u"", the others hold comments.
_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class _Plan(NamedTuple):
    """How the nodes of one class are written."""

    tag: bytes
    fields: tuple[tuple[str, bytes, bool], ...]


_plans: dict[type, _Plan] = {}
# The nodes that are nothing but their class, as operators are.
_bare = {
    kind: kind.__name__.encode() + b"()"
    for base in (ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
    for kind in base.__subclasses__()
}


def canonical(node: ast.AST, *, anonymous: bool = False, keep_last: bool = False) -> bytes:
    """The canonical bytes of a tree.

    Args:
        node: a module, a statement or an expression.
        anonymous: leave out the name and the decorators of `node` itself.
        keep_last: keep a string that stands last in the body of `node`: in a cell it is the value.

    Returns:
        Bytes; equal for trees that differ only in what Python ignores.

    Example:
        >>> canonical(ast.parse("x = 1  # one")) == canonical(ast.parse("x=(1)"))
        True
    """
    out: list[bytes] = []
    stack: list[Any] = []
    skipped = {"name", "decorator_list"} if anonymous else set()
    _write(node, out, stack, skipped=skipped, keep_last=keep_last)
    # Most of a tree are names, literals and operators; they are written without a call each.
    while stack:
        item = stack.pop()
        kind = type(item)
        if kind is bytes:
            out.append(item)
        elif kind is ast.Name:
            out.append(_name(item.id))
        elif kind in _bare:
            out.append(_bare[kind])
        elif kind is ast.Constant:
            out.append(_constant(item.value))
        else:
            _write(item, out, stack)
    return b"".join(out)


def docstrings(node: ast.AST) -> bytes:
    """The docstrings in a tree, in order, for code that reads them at run time."""
    found = (
        ast.get_docstring(inner, clean=False)
        for inner in ast.walk(node)
        if isinstance(inner, _DEFINITIONS)
    )
    return b"".join(_string(text) for text in found if text is not None)


def normalised_text(node: ast.AST) -> str:
    """The code without comments, docstrings and formatting, for people to read and compare."""
    try:
        if not _has_docstring(node):
            return ast.unparse(node)
        return ast.unparse(_Plainer().visit(_copied(node)))
    except (RecursionError, ValueError):
        return f"<{type(node).__name__} nested too deeply to be shown>"


def plain_source(text: str) -> str | None:
    """A text of Python as `normalised_text` has it, also one that stands indented; else None.

    >>> plain_source("    def half(x):  # of it\\n        return x/2")
    'def half(x):\\n    return x / 2'
    """
    indented = text[:1] in (" ", "\t")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they were told when it was compiled
            tree = ast.parse(f"if 1:\n{text}" if indented else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    first = tree.body[0] if indented else None
    return normalised_text(ast.Module(first.body, []) if isinstance(first, ast.If) else tree)


def _begins_with_docstring(node: ast.AST) -> bool:
    """Whether its first statement only describes it; the only one of a cell is its value."""
    if isinstance(node, ast.Module):
        return len(node.body) > 1 and type(node.body[0]) is ast.Expr and _idle(node.body[0])
    return isinstance(node, _DEFINITIONS) and ast.get_docstring(node, clean=False) is not None


def _has_docstring(tree: ast.AST) -> bool:
    """Whether a definition within has one; definitions only stand among statements."""
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        if _begins_with_docstring(node):
            return True
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            within = getattr(node, field, None)
            if isinstance(within, list):
                waiting += within
    return False


def _write(
    node: ast.AST,
    out: list[bytes],
    stack: list[Any],
    *,
    skipped: set[str] | frozenset[str] = frozenset(),
    keep_last: bool = False,
) -> None:
    """Write the head of a node and put its children on the stack, the first on top."""
    kind = type(node)
    if kind is ast.Constant:
        out.append(_constant(getattr(node, "value", None)))
        return
    if kind is ast.JoinedStr:
        _write_joined(getattr(node, "values", []), out, stack)
        return
    tag, fields = _plans.get(kind) or _plan(kind)
    out.append(tag)
    children: list[Any] = []
    for field, mark, holds_statements in fields:
        value = getattr(node, field, None)
        if value is None or field in skipped:
            continue
        sort = type(value)
        if sort is list:
            items = _kept(value, keep_last) if holds_statements else value
            if items:
                out.append(b"%b%d" % (mark, len(items)))
                children += [item if isinstance(item, ast.AST) else _leaf(item) for item in items]
        elif sort is str:
            out.append(mark + _identifier(value))
        elif isinstance(value, ast.AST):
            if kind is ast.FormattedValue and field == "format_spec" and not _pieces(value):
                continue
            out.append(mark)
            children.append(value)
        else:
            out.append(mark + _constant(value))
    out.append(b")")
    children.reverse()
    stack += children


def _leaf(item: str | None) -> bytes:
    """A name in a list of names, or the place of a `**` in a dictionary."""
    return b"-" if item is None else b"s" + _string(item)


def _plan(kind: type) -> _Plan:
    fields = tuple(
        (field, field.encode() + b"=", field in _STATEMENTS)
        for field in kind._fields  # type: ignore[attr-defined]
        if field not in _LEFT_OUT
    )
    plan = _plans[kind] = _Plan(kind.__name__.encode() + b"(", fields)
    return plan


def _kept(statements: list[ast.stmt], keep_last: bool) -> list[ast.stmt]:
    """The statements that do something; a bare string and `pass` do not."""
    kept = [statement for statement in statements if not _idle(statement)]
    if keep_last and statements and _idle(statements[-1]):
        kept.append(statements[-1])
    return kept


def _idle(statement: ast.AST) -> bool:
    if type(statement) is ast.Expr:
        value = statement.value
        return type(value) is ast.Constant and type(value.value) is str
    return type(statement) is ast.Pass


def _write_joined(values: list[ast.expr], out: list[bytes], stack: list[Any]) -> None:
    """An f-string; versions of Python cut its constant pieces at different places."""
    pieces = _merged(values)
    if len(pieces) == 1 and type(pieces[0]) is str:
        out.append(_constant(pieces[0]))
        return
    out.append(b"JoinedStr(%d)" % len(pieces))
    stack.extend(
        _constant(piece) if isinstance(piece, str) else piece for piece in reversed(pieces)
    )


def _merged(values: list[ast.expr]) -> list[str | ast.expr]:
    merged: list[str | ast.expr] = []
    for value in values:
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            merged.append(value)
        elif merged and isinstance(merged[-1], str):
            merged[-1] += value.value
        elif value.value:
            merged.append(value.value)
    return merged or [""]


def _pieces(spec: ast.AST) -> bool:
    """Does a format specification say anything? (`{x:}` is `{x}`)"""
    return not (isinstance(spec, ast.JoinedStr) and _merged(spec.values) == [""])


def _string(text: str) -> bytes:
    # The characters themselves, never repr(): that follows the Unicode version of the Python.
    data = text.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(data), data)


@lru_cache(maxsize=4096)
def _identifier(text: str) -> bytes:
    return _string(text)


@lru_cache(maxsize=4096)
def _name(identifier: str) -> bytes:
    return b"Name(id=%b)" % _string(identifier)


def _constant(value: Any) -> bytes:
    """A literal with its type: 1, 1.0 and True differ, as 0.0 and -0.0 do."""
    kind = type(value)
    if kind is str:
        return b"s" + _string(value)
    if kind is bool or value is None or value is Ellipsis:
        return b"<%b>" % str(value).encode()
    if kind is int:
        return b"i%x;" % value
    if kind is float:
        return b"f%b;" % value.hex().encode()
    if kind is complex:
        return b"c%b,%b;" % (value.real.hex().encode(), value.imag.hex().encode())
    if kind is bytes:
        return b"b%d:%b" % (len(value), value)
    if kind in (tuple, frozenset):  # made by optimisers of trees, never by the parser
        items = [_constant(item) for item in value]
        ordered = items if kind is tuple else sorted(items)
        return b"%b%d(%b)" % (kind.__name__.encode(), len(items), b"".join(ordered))
    raise TypeError(f"a syntax tree cannot hold a constant of type {kind.__name__}")


def _copied(node: ast.AST) -> ast.AST:
    """A copy of the tree deep enough to be changed; leaves are shared."""
    fields: dict[str, Any] = {}
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            value = [_copied(item) if isinstance(item, ast.AST) else item for item in value]
        elif isinstance(value, ast.AST):
            value = _copied(value)
        fields[field] = value
    return ast.copy_location(type(node)(**fields), node)


class _Plainer(ast.NodeTransformer):
    """Takes the docstrings out of a copied tree."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if _begins_with_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]  # type: ignore[attr-defined]
        return node
