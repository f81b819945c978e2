"""Loading into a notebook: the store, the magics, the names, and what runs around each cell."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from IPython.core.interactiveshell import ExecutionInfo, ExecutionResult, InteractiveShell

from dagbook.definitions.context import take_context
from dagbook.definitions.current import surroundings
from dagbook.engine.current import set_workspace
from dagbook.engine.store import open_store
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.io.layout import find_store
from dagbook.later import later
from dagbook.notebook.announcing import asset_names_noted, hint_for_missing
from dagbook.notebook.cell_text import read_cell
from dagbook.notebook.completing import complete_names
from dagbook.notebook.completing_magics import complete_magics
from dagbook.notebook.configuration import Dagbook
from dagbook.notebook.decorated import Collector
from dagbook.notebook.empty_bodies import allow_empty_bodies
from dagbook.notebook.face import Connects, DrawsGraph, Face
from dagbook.notebook.formatters import register_formatters
from dagbook.notebook.in_place import changes_noted
from dagbook.notebook.inspecting import inspect_names
from dagbook.notebook.names import kept_through_run
from dagbook.notebook.putting import note_put
from dagbook.notebook.registry import register_magics
from dagbook.notebook.scope import scope_of
from dagbook.notebook.session import NotebookSession
from dagbook.notebook.shown import tell
from dagbook.notebook.tracebacks import hide_ours, sentences_for_ours
from dagbook.records import dataclass
from dagbook.views.quantities import counted, size

if TYPE_CHECKING:
    from dagbook.notebook import deriving, leaving, provenance
    from dagbook.notebook.provenance import Provenance
else:
    deriving = later("dagbook.notebook.deriving")
    leaving = later("dagbook.notebook.leaving")
    provenance = later("dagbook.notebook.provenance")

_LARGE = 2 << 30


@dataclass(slots=True, repr=False)
class Extension:
    """What is loaded into one shell, and how it is taken out again."""

    face: Face
    given: list[str] = field(default_factory=list)
    _origins: Provenance | None = None
    _keeps_names: bool = False
    _undo: list[Callable[[], None]] = field(default_factory=list)

    def before_cell(self, info: ExecutionInfo) -> None:
        """Make the assets that the cell mentions readable by their names."""
        take_context()
        session = self.face.session
        session.source = info.raw_cell or ""
        note_put(session.source, self.face.shell.transform_cell, session.namespace, done=False)
        if self.face.loaded:
            tell(self.face.modules.renew())
        self.face.collector.begin()
        if self.face.cell_id is not None:
            # That the cell ran is known from now on: a page is to forget what it showed before.
            session.made_with[self.face.cell_id] = {}
        if "%run" in session.source and not self._keeps_names:
            self._keeps_names = True
            self.undo(kept_through_run(self.face.shell, session.names))
        self.given = session.before_cell(read_cell(info.raw_cell or ""))
        if not session.cell.brings_up:
            tell(asset_names_noted(session, self.given))

    def after_cell(self, result: ExecutionResult) -> None:
        """Take in what decorators defined; say what to type where a value was missing."""
        take_context()
        session = self.face.session
        session.after_cell()
        note_put(session.source, self.face.shell.transform_cell, session.namespace, done=True)
        if session.cell.brings_up:
            # Only now is it known which of them the cell has left stale.
            tell(asset_names_noted(session, self.given))
        if session.cell.text.strip():
            self._note_origins(session.cell.text)
        try:
            self.face.take_in()
        except DagbookError as error:
            # The cell has ended, so that there is nobody to raise it to.
            tell([f"{type(error).__name__}: {error}"])
        else:
            # A cell that has failed may still come to what it defines.
            if result.success and self.face.cell_id in session.cells:
                tell(leaving.defined_no_more(self.face))
        self.face.collector.let_go(session.is_defined)
        session.note_end(self.face.cell_id, self.face.where, succeeded=result.success)
        self._note_made(succeeded=result.success)
        if self.given:
            tell(changes_noted(session, self.face.shell.transform_cell))
        hint = hint_for_missing(session, result.error_in_exec)
        tell([hint] if hint else [])
        # A helper or a constant may be another one now: whoever draws the graph should see that.
        self.face.workspace.look_again()

    def _note_made(self, *, succeeded: bool) -> None:
        """Remember what the cell made of assets; of one that failed, its variables alone."""
        face, session = self.face, self.face.session
        if session.cell.text.strip() and session.reads_assets():
            read = deriving.note_derived(session, face.where, face.shell.transform_cell)
        else:
            read = {}
        if succeeded and face.cell_id is not None and (read or face.cell_id in session.cells):
            session.made_with[face.cell_id] = deriving.versions_shown(session, face.cell_id, read)

    def _note_origins(self, text: str) -> None:
        """Remember the cell as the origin of what it bound, for values without readable content."""
        if self._origins is None:
            session = self.face.session
            self._origins = provenance.Provenance(session.namespace, session.names.mentioned)
            session.workspace.provenance = self._origins
        self._origins.note_cell(text, self.face.shell.transform_cell)

    def install(self) -> None:
        """Put everything in place."""
        shell, session = self.face.shell, self.face.session
        session.names.install()
        self.face.collector.install()
        surroundings.cell_of = self.face.cell_of
        events = shell.events
        events.register("pre_run_cell", self.before_cell)
        events.register("post_run_cell", self.after_cell)
        self._undo += [
            lambda: events.unregister("pre_run_cell", self.before_cell),
            lambda: events.unregister("post_run_cell", self.after_cell),
            session.workspace.subscribe(session.heard),
            register_magics(self.face),
            register_formatters(shell),
            complete_names(shell, session),
            inspect_names(shell, session),
            complete_magics(shell, session),
            allow_empty_bodies(shell),
            hide_ours(shell),
            self.face.collector.remove,
            session.names.remove,
            session.workspace.close,
        ]

    def undo(self, last: Callable[[], None]) -> None:
        """Have something more taken out at the end."""
        self._undo.append(last)

    def uninstall(self) -> None:
        """Take everything out again."""
        for undo in self._undo:
            undo()
        surroundings.value_of = surroundings.cell_of = None
        set_workspace(None)


# What is loaded into which shell: `%load_ext` may come again, and says nothing then.
_loaded: WeakKeyDictionary[InteractiveShell, Extension] = WeakKeyDictionary()


def load(shell: InteractiveShell, draw: DrawsGraph | None, connect: Connects | None = None) -> None:
    """Open the notebook's store and give the shell the magics, once; says so in one line.

    `connect` begins to talk with the pages that show the notebook.
    Raises StoreError where the store can't be opened.
    """
    if shell not in _loaded:
        _loaded[shell] = sentences_for_ours(_opened)(shell, draw, connect)


def unload(shell: InteractiveShell) -> None:
    """Take out of a shell what was loaded."""
    extension = _loaded.pop(shell, None)
    if extension is not None:
        extension.uninstall()


def _opened(
    shell: InteractiveShell, draw: DrawsGraph | None, connect: Connects | None
) -> Extension:
    folder = Path.cwd()
    root = find_store(folder, os.environ)
    settings = Dagbook(parent=shell)
    workspace = Workspace(
        store=open_store(None, durability="kill"),
        scope=settings.scope or scope_of(root, folder, os.environ),
        settings=settings.as_settings(),
        base=folder,
    )
    set_workspace(workspace)
    surroundings.value_of = workspace.value
    settings.follow(workspace)
    configurables: list[Any] = shell.configurables
    configurables.append(settings)
    session = NotebookSession(workspace, shell.user_ns, transform=shell.transform_cell)
    face = Face(shell=shell, session=session, collector=Collector(shell.user_ns), draw=draw)
    extension = Extension(face)
    extension.install()
    extension.undo(lambda: configurables.remove(settings))
    if connect is not None and extension.face.has_front_end:
        extension.undo(connect(session))
    tell([greeting(workspace)])
    return extension


def greeting(workspace: Workspace) -> str:
    """What the store holds for this notebook, in one line, and how its last run ended."""
    kept = sum(one.record is not None for one in workspace.history_of.current.values())
    held = workspace.store.objects.size()
    words = ["dagbook is ready"]
    words += [f"{counted(kept, 'asset')} kept from before, readable by name"] if kept else []
    last = workspace.store.log.runs(workspace.scope, limit=1)
    if last and last[0].outcome == "interrupted":
        words.append("the last run was interrupted: `%runs --retry` goes on with it")
    words += [f"the store holds {size(held)}: `dagbook gc` makes room"] if held > _LARGE else []
    return "; ".join(words) + "."
