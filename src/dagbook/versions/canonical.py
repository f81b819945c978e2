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
import re
import warnings
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

# `ctx` follows from the place in the tree, `kind` is the u of u"", the others hold comments.
_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_OF_DEFINITION = frozenset({"name", "decorator_list"})
_MAYBE_IDLE = frozenset({ast.Expr, ast.Pass})
_NAMES_KEPT = 10_000
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

# Writes a node: puts its head among the pieces, and its children on the stack, the first on top.
_Writer = Callable[[Any, Callable[[bytes], None], list[Any]], None]
_FIELD = re.compile(r"(\w+)([?*]*) (\w+)")
_PLAIN = {
    "identifier": "identifier",
    "string": "identifier",
    "int": "constant",
    "constant": "constant",
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
    put, pop = out.append, stack.pop
    kind: Any = type(node)
    write = _SPECIAL.get(kind) or _writer(kind, anonymous, keep_last)
    write(node, put, stack)
    while stack:
        item = pop()
        kind = type(item)
        if kind is ast.Name:  # most are, and so they are written without a call
            put(_names[item.id])
        else:
            (_writers.get(kind) or _writer(kind))(item, put, stack)
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
        tree = parsed_again(f"if 1:\n{text}" if indented else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    first = tree.body[0] if indented else None
    return normalised_text(ast.Module(first.body, []) if isinstance(first, ast.If) else tree)


def parsed_again(text: str, filename: str = "<unknown>") -> ast.Module:
    """The tree of a text that was compiled before: Python's warnings about it were told then."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, filename)


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


@cache
def _writer(kind: type, anonymous: bool = False, keep_last: bool = False) -> _Writer:
    """What writes the nodes of a class, compiled from the grammar that its docstring gives.

    A loop over the fields, which asks anew what each of them is, takes twice as long.
    """
    grammar = (kind.__doc__ or "").partition("(")[2]
    pieces: list[Any] = [kind.__name__.encode() + b"("]
    children: list[str] = []
    for sort, many, field in _FIELD.findall(grammar):
        if field in _LEFT_OUT or (anonymous and field in _OF_DEFINITION):
            continue
        mark, value = field.encode() + b"=", f"node.{field}"
        plain = _PLAIN.get(sort)
        if "*" in many:
            items = f"kept({value})" if sort == "stmt" else value
            pieces += [f"{field} = {items}", f"if {field}: put({mark!r} + b'%d' % len({field}))"]
            children.append(f"if {field}: stack += {field}[::-1]")
        elif plain:
            written = f"put({mark!r} + {plain}({value}))"
            # A constant is the None of `case None`, which writes nothing either.
            optional = many or sort == "constant"
            pieces.append(f"if {value} is not None: {written}" if optional else written)
        elif many:
            said = f"said({value})" if field == "format_spec" else value
            pieces += [f"{field} = {said}", f"if {field} is not None: put({mark!r})"]
            children.append(f"if {field} is not None: stack.append({field})")
        else:
            pieces.append(mark)
            children.append(f"stack.append({value})")
    lines: list[str] = []
    for sort, some in groupby([*pieces, b")"], type):
        if sort is bytes:
            lines.append(f"put({b''.join(some)!r})")
        else:
            lines += some
    made = _compiled([*lines, *reversed(children)], _kept_with_last if keep_last else _kept)
    if not (anonymous or keep_last):
        _writers[kind] = made
    return made


def _compiled(lines: list[str], kept: Callable[[list[ast.stmt]], list[ast.stmt]]) -> _Writer:
    space: dict[str, Any] = {"constant": _constant, "identifier": _identifier, "said": _said}
    space["kept"] = kept
    exec("def write(node, put, stack):\n    " + "\n    ".join(lines), space)
    made: _Writer = space["write"]
    return made


def _kept(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that do something; a bare string and `pass` do not."""
    return [one for one in statements if type(one) not in _MAYBE_IDLE or not _idle(one)]


def _kept_with_last(statements: list[ast.stmt]) -> list[ast.stmt]:
    kept = _kept(statements)
    return [*kept, statements[-1]] if statements and _idle(statements[-1]) else kept


def _idle(statement: ast.AST) -> bool:
    if type(statement) is ast.Expr:
        value = statement.value
        return type(value) is ast.Constant and type(value.value) is str
    return type(statement) is ast.Pass


def _write_joined(node: ast.JoinedStr, put: Callable[[bytes], None], stack: list[Any]) -> None:
    """An f-string; versions of Python cut its constant pieces at different places."""
    pieces = _merged(node.values)
    if len(pieces) == 1 and type(pieces[0]) is str:
        put(_constant(pieces[0]))
        return
    put(b"JoinedStr(%d)" % len(pieces))
    stack += reversed(pieces)


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


def _said(spec: ast.expr | None) -> ast.expr | None:
    """A format specification that says anything: `{x:}` is `{x}`."""
    return None if isinstance(spec, ast.JoinedStr) and _merged(spec.values) == [""] else spec


def _string(text: str) -> bytes:
    # The characters themselves, never repr(): that follows the Unicode version of the Python.
    data = text.encode("utf-8", "surrogatepass")
    return b"%d:%b" % (len(data), data)


@lru_cache(maxsize=4096)
def _identifier(text: str) -> bytes:
    return _string(text)


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


class _Names(dict[str, bytes]):
    """Names as they are written, each made once."""

    def __missing__(self, name: str) -> bytes:
        if len(self) >= _NAMES_KEPT:
            self.clear()
        written = self[name] = b"Name(id=%b)" % _string(name)
        return written


_names = _Names()
# Texts that stand on the stack are parts of f-strings and names in lists, None is the place of a
# `**` in a dictionary.
_SPECIAL: dict[type, _Writer] = {
    ast.Constant: lambda node, put, _: put(_constant(node.value)),
    ast.JoinedStr: _write_joined,
    str: lambda text, put, _: put(_constant(text)),
    type(None): lambda _none, put, _: put(b"-"),
}
_writers = {**_SPECIAL}


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
