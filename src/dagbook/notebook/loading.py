"""The modules whose definitions a notebook has loaded, and what happens when their files change."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import field
from types import ModuleType

from dagbook.definitions.bundle import Bundle
from dagbook.engine.modules import (
    Stamp,
    load_definitions_from_module,
    module_named,
    reloaded,
    stamp_of,
)
from dagbook.errors.base import DagbookError
from dagbook.errors.modules import InvalidModule, ModuleError
from dagbook.notebook.session import AnyKey, NotebookSession, keys_of
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModule:
    """A module that was loaded by a cell: its file's state, and the keys that it defines."""

    module: ModuleType
    stamp: Stamp | None
    keys: tuple[AnyKey, ...]
    cell_id: str | None


@dataclass(slots=True)
class LoadedModules:
    """The modules of one notebook by name; whose file changes is loaded anew."""

    session: NotebookSession
    _known: dict[str, LoadedModule] = field(default_factory=dict)

    def load(self, name: str, cell_id: str | None) -> tuple[tuple[AnyKey, ...], list[str]]:
        """Bring in what a module defines; gives the keys, and sentences for the user.

        Raises UnknownModule, ModuleRaised, NothingDefined or InvalidModule, which name the module.
        """
        known = sys.modules.get(name)
        module = module_named(name)
        before = self._known.get(name)
        if before is not None and module is known and stamp_of(module) != before.stamp:
            module = reloaded(module)
        keys, notes = self._take(name, module, cell_id)
        return keys, [*notes, *self._left(name, keys, cell_id)]

    def renew(self) -> Iterator[str]:
        """Load anew what has changed on disk; gives a sentence for each such module.

        One that can't be loaded keeps what it defined.
        """
        for name, known in list(self._known.items()):
            stamp = stamp_of(known.module)
            if stamp is None or stamp == known.stamp:
                continue
            self._known[name] = LoadedModule(
                module=known.module, stamp=stamp, keys=known.keys, cell_id=known.cell_id
            )
            try:
                keys, notes = self._take(name, reloaded(known.module), known.cell_id)
            except ModuleError as error:
                yield f"{error}. Its earlier definitions stay."
                continue
            yield " ".join([f"`{name}` has changed and was loaded anew: {_listed(keys)}.", *notes])

    def _take(
        self, name: str, module: ModuleType, cell_id: str | None
    ) -> tuple[tuple[AnyKey, ...], list[str]]:
        try:
            found: Bundle = load_definitions_from_module(module)
            notes = self._defined(name, found, cell_id)
        except ModuleError:
            raise
        except DagbookError as error:
            raise InvalidModule(module=name, problem=str(error)) from error
        keys = tuple([key for one in found.definitions for key in keys_of(one)])
        self._known[name] = LoadedModule(
            module=module, stamp=stamp_of(module), keys=keys, cell_id=cell_id
        )
        return keys, notes

    def _left(self, name: str, keys: tuple[AnyKey, ...], cell_id: str | None) -> Iterator[str]:
        """Take out what the cell loaded when it named another module."""
        graph = self.session.workspace.graph
        for other, known in list(self._known.items()):
            if cell_id is None or known.cell_id != cell_id or other == name:
                continue
            if _names(self.session.source, other):
                continue
            del self._known[other]
            gone = [one for one in known.keys if one not in keys]
            gone = [one for one in gone if one in graph.nodes or one in graph.checks]
            if gone:
                self.session.workspace.forget(*gone)
                yield f"{_listed(gone)} left the graph: this cell now loads `{name}`."

    def still_loaded(self, cell_id: str, code: str) -> Iterator[AnyKey]:
        """What the modules define that a cell has loaded and names still; the others are let go."""
        for name, known in list(self._known.items()):
            if known.cell_id != cell_id:
                continue
            if _names(code, name):
                yield from known.keys
            else:
                del self._known[name]

    def _defined(self, name: str, found: Bundle, cell_id: str | None) -> list[str]:
        session, graph = self.session, self.session.workspace.graph
        keys = dict.fromkeys(key for one in found.definitions for key in keys_of(one))
        before = self._known.get(name)
        gone = [key for key in (before.keys if before is not None else ()) if key not in keys]
        gone = [key for key in gone if key in graph.nodes or key in graph.checks]
        notes = session.define(found.definitions, None)
        if cell_id is not None:
            session.cells[cell_id] = tuple(keys)
        if gone:
            session.workspace.forget(*gone)
            notes.append(f"{_listed(gone)} left the graph: `{name}` no longer defines it.")
        if found.resources:
            session.workspace.provide(found.resources)
        return notes


def _names(code: str, module: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(module)}(?![\w.])", code) is not None


def _listed(keys: Iterable[AnyKey]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
