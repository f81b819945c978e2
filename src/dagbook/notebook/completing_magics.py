"""Completion by Tab in the lines of the magics: selections, names and options."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from IPython.core.completer import (
    CompletionContext,
    SimpleCompletion,
    SimpleMatcherResult,
    context_matcher,
)
from IPython.core.interactiveshell import InteractiveShell

from dagbook.later import later
from dagbook.notebook.registry import CELL_MAGICS, LINE_MAGICS
from dagbook.notebook.session import NotebookSession

if TYPE_CHECKING:
    from dagbook.cells import completing, magics
    from dagbook.engine import selecting
else:
    completing = later("dagbook.cells.completing")
    magics = later("dagbook.cells.magics")
    selecting = later("dagbook.engine.selecting")

# A magic at the head of a line, or at the right of an assignment.
_MAGIC = re.compile(r"\s*(?:[^=%'\"#]+=\s*)?(?P<signs>%%?)(?P<name>\w+)[ \t]")


def complete_magics(shell: InteractiveShell, session: NotebookSession) -> Callable[[], None]:
    """Offer what may follow in the line of a magic; gives what ends it."""

    @context_matcher()
    def dagbook_magics(context: CompletionContext) -> SimpleMatcherResult:
        line, cursor = context.line_with_cursor, context.cursor_position
        found = offered(session, line, cursor)
        # A front end replaces one and the same piece of text, whichever is taken.
        start = min((one.start for one in found), default=cursor)
        return SimpleMatcherResult(
            completions=[
                SimpleCompletion(line[start : one.start] + one.text, type=one.kind) for one in found
            ],
            matched_fragment=line[start:cursor],
            ordered=True,
            # Names of Python and files of the folder would only be in the way.
            suppress=True,
        )

    matchers = shell.Completer.custom_matchers
    matchers.append(dagbook_magics)
    return lambda: matchers.remove(dagbook_magics)


def offered(session: NotebookSession, line: str, cursor: int) -> list[Any]:
    """What may stand at the cursor of a line; empty where no magic of ours stands before it."""
    magic = _MAGIC.match(line[:cursor])
    if magic is None:
        return []
    table = LINE_MAGICS if magic["signs"] == "%" else CELL_MAGICS
    declared = table.get(magic["name"])
    if declared is None:
        return []
    spec = getattr(magics, declared[0])
    end = magic.end()
    found = completing.complete_header(line[end:], cursor - end, spec, *_known(session))
    return [type(one)(one.text, one.start + end, one.kind) for one in found]


def _known(session: NotebookSession) -> tuple[Any, Any]:
    """The graph, and what the records add to it, which is looked up only where it is asked for."""
    workspace = session.workspace
    world = selecting.selection_world(workspace.graph, workspace.standing, workspace.selected)
    return workspace.graph, world
