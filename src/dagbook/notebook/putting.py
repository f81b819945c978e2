"""Finds what a cell puts into modules: constants, functions, and what containers there hold."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from dagbook.later import later
from dagbook.notebook.cell_text import without_command

if TYPE_CHECKING:
    from dagbook.versions import origin, patched
else:
    origin = later("dagbook.versions.origin")
    patched = later("dagbook.versions.patched")

_CHANGING = frozenset({"add", "append", "clear", "extend", "insert", "pop", "remove", "update"})
# Most cells have nothing of it, and need not be parsed.
_MAY = re.compile(
    r"\w\.\w+(?:\[[^\n]*\])*\s*(?::[^=\n]*)?[-+*/%|&^@<>]*=(?!=)|\bsetattr\("
    rf"|\w\.\w+\.(?:{'|'.join(sorted(_CHANGING))})\("
)


def note_put(
    text: str, transform: Callable[[str], str], namespace: Mapping[str, Any], *, done: bool
) -> None:
    """Have what a cell puts into modules looked at from now on; asked before it runs, and after.

    `done`: it has run.
    """
    if _MAY.search(text) is None:
        return
    try:
        tree = ast.parse(transform(without_command(text)))
    except Exception:  # no Python, or an object that IPython looked at has raised
        return
    for chain in {*put_by(tree)}:
        value = namespace.get(chain[0])
        patched.note_put(value, chain, done=done)
        for module, name in _modules_of(value):
            patched.note_put(module, (module.__name__, name), done=True)


def _modules_of(value: Any) -> Iterator[tuple[ModuleType, str]]:
    """The user's own modules that hold this very object, such as settings, each with its name there."""
    kind = value if isinstance(value, type) else type(value)
    if kind.__module__ == "__main__" or origin.home_of_class(kind) != "own":
        return
    for name, module in [*sys.modules.items()]:
        if origin.is_own_module(name) and name != "__main__":
            yield from ((module, label) for label, held in [*vars(module).items()] if held is value)


def put_by(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """The attributes that code assigns or changes in place, as they are written.

    >>> sorted(put_by(ast.parse("a.b.C = 1; a.d['x'] = 2; setattr(a, 'e', 3); a.f.append(4)")))
    [('a', 'b', 'C'), ('a', 'd'), ('a', 'e'), ('a', 'f')]
    """
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ctx=ast.Store()):
                yield from _chain(node)
            case ast.Subscript(value=ast.Attribute() as held, ctx=ast.Store()):
                yield from _chain(held)
            case ast.Call(func=ast.Attribute(value=ast.Attribute() as held, attr=how)) if (
                how in _CHANGING
            ):
                yield from _chain(held)
            case ast.Call(
                func=ast.Name(id="setattr"), args=[owner, ast.Constant(value=str(name)), _]
            ):
                yield from ((*chain, name) for chain in _chain(owner))


def _chain(node: ast.expr) -> Iterator[tuple[str, ...]]:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        yield (node.id, *reversed(names))
