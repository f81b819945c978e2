"""Finds code that changes a global which it reads, so that no run of it leaves it fresh."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from dagbook.versions.canonical import parsed_again
from dagbook.versions.parts import Part

# Methods of containers, frames and arrays that change them.
_METHODS = frozenset(
    {"add", "append", "appendleft", "clear", "difference_update", "discard", "extend"}
    | {"extendleft", "fill", "insert", "intersection_update", "move_to_end", "pop", "popitem"}
    | {"popleft", "put", "remove", "resize", "reverse", "rotate", "setdefault", "sort"}
    | {"subtract", "symmetric_difference_update", "update", "__setitem__", "__delitem__"}
)


def changed_by(name: str, parts: Iterable[Part]) -> str:
    """What changes what the code reaches by this name: "body", a function or a class; empty for none.

    >>> changed_by("SEEN", [Part("body", "body", "1f", "SEEN.append(n)"), Part("f", "body", "2e", "n")])
    'body'
    """
    plain = re.sub(r"\[\d*\].*", "", name)
    module, _, own = plain.rpartition(".")
    for part in parts:
        if part.kind not in ("body", "code"):
            continue
        home = part.name.rpartition(".")[0]
        # What a function of a module calls by its name alone is the module's.
        said = own if home == module else plain
        names = {said, said.partition(".")[0]}
        if part.name == f"{module}.__class__":
            names = {"self", f"self.{own}"}
        elif home and not module:
            continue
        if _changes(part.text, names):
            made = re.match(r"(?:\s*@.*\n)*\s*class (\w+)", part.text)
            return made[1] if made else part.name
    return ""


def _changes(text: str, names: set[str]) -> bool:
    # Most code only reads it: that is seen without a tree.
    held = "|".join(map(re.escape, names))
    if re.search(rf"\b(?:{held})\s*[.\[]|\bglobal\b", text) is None:
        return False
    nodes = [*ast.walk(tree)] if (tree := _tree(text)) is not None else []
    declared = {one for node in nodes if isinstance(node, ast.Global) for one in node.names}
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and _is_target(n)}
    if names & declared & bound:
        return True
    given = {node.arg for node in nodes if isinstance(node, ast.arg)} - {"self"}
    return any(names & _of(node) for node in nodes) and not names & (bound | given)


def _of(node: ast.AST) -> set[str]:
    """What this changes in place, with the attribute that it sets there."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return {_base(node.func.value)} if node.func.attr in _METHODS else set()
    if isinstance(node, ast.Subscript) and _is_target(node):
        return {_base(node.value)}
    if isinstance(node, ast.Attribute) and _is_target(node):
        base = _base(node.value)
        return {base, f"{base}.{node.attr}"}
    return set()


def _base(node: ast.expr) -> str:
    """The name in `NAME[key].attribute[…]`, with what leads to it by attributes alone."""
    while isinstance(node, ast.Subscript):
        node = node.value
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError):
        return ""


def _is_target(node: ast.Name | ast.Subscript | ast.Attribute) -> bool:
    return isinstance(node.ctx, (ast.Store, ast.Del))


def _tree(text: str) -> ast.Module | None:
    try:
        return parsed_again(f"if 1:\n{text}" if text[:1] in (" ", "\t") else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
