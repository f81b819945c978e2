"""Tells of assets that an ordinary cell changed in place, as the next cell reads them unchanged."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dagbook.errors.base import DagbookError
from dagbook.later import later
from dagbook.notebook.session import NotebookSession

if TYPE_CHECKING:
    from dagbook.versions import data
else:
    data = later("dagbook.versions.data")

# Methods that change what they are called on; of others it would cost a comparison to know.
_CHANGES = frozenset(
    ["add", "append", "clear", "discard", "extend", "fill", "insert", "pop", "popitem", "remove"]
    + ["reverse", "setdefault", "sort", "update"]
)


def names_changed(text: str, transform: Callable[[str], str]) -> set[str]:
    """The names whose values a cell seems to change in place, by an item, an attribute or a method.

    >>> sorted(names_changed("a['x'] = 1; b.append(2); c.head(); d = 1", str))
    ['a', 'b']
    """
    try:
        tree = ast.parse(transform(text))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return set(_changed(tree))


def _changed(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        target: ast.expr | None = None
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            target = node
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func if node.func.attr in _CHANGES or _in_place(node) else None
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def _in_place(call: ast.Call) -> bool:
    return any(one.arg == "inplace" for one in call.keywords)


def changes_noted(session: NotebookSession, transform: Callable[[str], str]) -> list[str]:
    """A sentence for each asset whose value the cell that has just run changed; told once."""
    names = names_changed(session.cell.text, transform) & session.cell.words
    notes = [_sentence(name) for name in sorted(names) if _is_changed(session, name)]
    return [note for note in notes if session.once(note)]


def _is_changed(session: NotebookSession, name: str) -> bool:
    """Whether the value that the cell was given is another one now than the kept one."""
    key = session.key_named(name)
    if key is None or not session.names.gives(name):
        return False
    known = None if key in session.made else session.statuses().get(key)
    try:
        kept = session.workspace.kept_value(key, known.materialization if known else None)
    except DagbookError:
        return False
    before, after = data.data_version(kept), data.data_version(session.names.given(name))
    return not before.weak and before.digest != after.digest


def _sentence(name: str) -> str:
    return (
        f"`{name}` was changed in this cell only; the kept value is as it was. "
        "Make the change an asset to keep it."
    )
