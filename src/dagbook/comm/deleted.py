"""Cells that were deleted from the notebook: what they define leaves the graph, and can come back."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.comm.notebook_cells import AnyKey, NotebookCells
from dagbook.definitions.assets import Definition
from dagbook.definitions.keys import AssetCheckKey
from dagbook.engine.workspace import Workspace
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: tuple[AnyKey, ...]
    definitions: tuple[Definition, ...]
    digest: str


class DeletedCells:
    """Lets go of what deleted cells define, and remembers it for an undo."""

    def __init__(self, workspace: Workspace, cells: NotebookCells) -> None:
        self._workspace = workspace
        self._cells = cells
        self._kept: dict[str, _Kept] = {}

    def forget(self, cells: Iterable[str]) -> list[str]:
        """Take what these cells define out of the graph; gives its names."""
        names: list[str] = []
        for cell in cells:
            keys = tuple([key for key in self._cells.cells.get(cell, ()) if self._is_there(key)])
            if not keys:
                continue
            definitions = tuple(dict.fromkeys(self._definition(key) for key in keys))
            self._kept[cell] = _Kept(keys, definitions, self._cells.digests.get(cell, ""))
            self._workspace.forget(*keys)
            self._cells.forget_cell(keys)
            names += map(str, keys)
        return names

    def recall(self, cells: Iterable[str]) -> list[str]:
        """Put back what these cells defined, unless another cell defines it by now."""
        names: list[str] = []
        for cell in cells:
            kept = self._kept.pop(cell, None)
            if kept is None or any(self._is_there(key) for key in kept.keys):
                continue
            self._workspace.define(*kept.definitions)
            self._cells.recall_cell(cell, kept.keys)
            names += map(str, kept.keys)
        return names

    def _is_there(self, key: AnyKey) -> bool:
        """Whether the graph holds the definition itself, not only somebody who reads it."""
        graph = self._workspace.graph
        if isinstance(key, AssetCheckKey):
            return key in graph.checks
        return key in graph and graph.nodes[key].declared

    def _definition(self, key: AnyKey) -> Definition:
        graph = self._workspace.graph
        if isinstance(key, AssetCheckKey):
            return graph.checks[key].definition
        node = graph.nodes[key]
        return node.definition or node.spec
