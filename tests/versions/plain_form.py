"""The canonical form written as its description says it, field by field, to compare with."""

from __future__ import annotations

import ast
from typing import Any

from dagbook.versions.canonical import canonical

_LEFT_OUT = {"ctx", "kind", "type_comment", "type_ignores"}


def plain_form(node: Any, *, anonymous: bool = False, keep_last: bool = False) -> bytes:
    """What `canonical` gives, as it could be written where time were no matter."""
    if isinstance(node, ast.JoinedStr):
        pieces = _merged(node)
        whole = len(pieces) == 1 and isinstance(pieces[0], str)
        return _many([b"" if whole else b"JoinedStr(%d)" % len(pieces)], pieces)
    if isinstance(node, str):
        return canonical(ast.Constant(node))
    if not isinstance(node, ast.AST) or isinstance(node, ast.Constant):
        return b"-" if node is None else canonical(node)
    head, children = [f"{type(node).__name__}(".encode()], []
    for field, value in ast.iter_fields(node):
        mark = field.encode() + b"="
        if field in _LEFT_OUT or (anonymous and field in ("name", "decorator_list")):
            continue
        if isinstance(value, list):
            within = [one for one in value if not _idle(one)]
            within += value[-1:] if keep_last and value and _idle(value[-1]) else []
            head += [mark + b"%d" % len(within)] if within else []
            children += within
        elif isinstance(value, ast.AST) and not (field == "format_spec" and _is_empty(value)):
            head.append(mark)
            children.append(value)
        elif isinstance(value, str):
            head.append(mark + canonical(ast.Constant(value))[1:])
        elif value is not None and not isinstance(value, ast.AST):
            head.append(mark + canonical(ast.Constant(value)))
    return _many([*head, b")"], children)


def _many(head: list[bytes], children: list[Any]) -> bytes:
    return b"".join([*head, *map(plain_form, children)])


def _merged(node: ast.JoinedStr) -> list[Any]:
    """The pieces of an f-string, texts side by side made one, empty ones left out."""
    merged: list[Any] = [""]
    for one in node.values:
        text = one.value if isinstance(one, ast.Constant) else None
        if isinstance(text, str) and isinstance(merged[-1], str):
            merged[-1] += text
        else:
            merged.append(one if text is None else text)
    return [one for one in merged if one != ""] or [""]


def _is_empty(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) and _merged(node) == [""]


def _idle(node: Any) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    return isinstance(node, ast.Pass)
