"""Variables that ordinary cells compute from assets: bodies that read them are warned."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import FunctionType, ModuleType

from dagbook.cells.reads import may_read_before_binding
from dagbook.notebook.kinds import is_a
from dagbook.notebook.session import NotebookSession


def note_derived(session: NotebookSession, where: str, transform: Callable[[str], str]) -> None:
    """Remember what the cell that just ended bound to something that comes from assets.

    `transform` turns line magics into Python; `where` is the cell, in words.
    """
    cell = session.cell
    if not cell.text.strip():
        return
    if not session.derived and not any(
        map(session.is_readable, session.names.mentioned(cell.words))
    ):
        return
    try:
        reads = may_read_before_binding(ast.parse(transform(cell.text)))
    except (SyntaxError, ValueError, RecursionError):
        return
    come_from = _assets_behind(session, reads.names)
    for name in reads.assigned:
        # What a function reads is followed when it is called; a module comes from nowhere.
        apart = is_a(session.namespace.get(name), (FunctionType, ModuleType, type))
        if come_from and name in session.namespace and not apart:
            session.derived[name] = (where, come_from)
        else:
            session.derived.pop(name, None)


def _assets_behind(session: NotebookSession, names: frozenset[str]) -> tuple[str, ...]:
    """The assets that these names stand for, themselves or through functions and variables."""
    found = set[str]()
    for name in session.names.mentioned(names):
        if name in session.derived:
            found.update(session.derived[name][1])
        elif name not in session.namespace and session.is_readable(name):
            found.add(name)
    return tuple(sorted(found))
