"""Cells that were deleted from the notebook: what they define leaves the graph, and can come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from dagbook.comm.notebook_cells import AnyKey, NotebookCells
from dagbook.definitions.assets import Definition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import ValueMissing
from dagbook.graph.asset_graph import AssetGraph
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: tuple[AnyKey, ...]
    definitions: tuple[Definition, ...]
    # The versions that counted, and whether they were pinned.
    counting: dict[AssetKey, tuple[str, bool]]


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
            graph = self._workspace.graph
            keys = tuple([key for key in self._cells.cells.get(cell, ()) if defines(graph, key)])
            if not keys:
                continue
            definitions = tuple(dict.fromkeys(self._definition(key) for key in keys))
            self._kept[cell] = _Kept(keys, definitions, self._counting(keys))
            self._workspace.forget(*keys)
            self._cells.forget_cell(keys)
            names += map(str, keys)
        return names

    def recall(self, cells: Iterable[str]) -> list[str]:
        """Put back what these cells defined, unless another cell defines it by now."""
        names: list[str] = []
        for cell in cells:
            kept = self._kept.pop(cell, None)
            if kept is None or any(defines(self._workspace.graph, key) for key in kept.keys):
                continue
            self._workspace.define(*kept.definitions)
            self._count_again(kept.counting)
            self._cells.recall_cell(cell, kept.keys)
            names += map(str, kept.keys)
        return names

    def _counting(self, keys: Iterable[AnyKey]) -> dict[AssetKey, tuple[str, bool]]:
        current = self._workspace.history_of.current
        found = {key: current[key] for key in keys if isinstance(key, AssetKey) and key in current}
        return {
            key: (one.materialization.id, one.pinned)
            for key, one in found.items()
            if one.materialization is not None
        }

    def _count_again(self, counting: Mapping[AssetKey, tuple[str, bool]]) -> None:
        """Let what is stale be so again: without the version that counted it would be missing."""
        for key, (version, pinned) in counting.items():
            # Where it has been collected since, it is missing indeed.
            with suppress(ValueMissing):
                self._workspace.pin(key, version)
                if not pinned:
                    self._workspace.pin(key, None)

    def _definition(self, key: AnyKey) -> Definition:
        graph = self._workspace.graph
        if isinstance(key, AssetCheckKey):
            return graph.checks[key].definition
        node = graph.nodes[key]
        return node.definition or node.spec


def defines(graph: AssetGraph, key: AnyKey) -> bool:
    """Whether the graph holds the definition itself, not only somebody who reads it."""
    if isinstance(key, AssetCheckKey):
        return key in graph.checks
    return key in graph and graph.nodes[key].declared
