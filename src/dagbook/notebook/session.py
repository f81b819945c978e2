"""One notebook and its workspace: which cell defined what, and what its names stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import ValueMissing
from dagbook.errors.store import StoreError
from dagbook.events.records import Event, Materialized, Restored
from dagbook.notebook.names import AssetNames

AnyKey = AssetKey | AssetCheckKey


@dataclass(slots=True)
class NotebookSession:
    """The state that the magics share.

    `cells` maps a cell's id to what it defined; `derived` a variable that an ordinary cell computed
    from assets to that cell and these assets.
    """

    workspace: Workspace
    namespace: dict[str, Any]
    names: AssetNames = field(init=False)
    cells: dict[str, tuple[AnyKey, ...]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    derived: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = AssetNames(self.namespace, self.is_readable, self.value_of)

    # --- definitions

    def define(self, definition: Definition, cell_id: str | None) -> list[str]:
        """Take a cell's definition in; gives the sentences that the user should read."""
        keys = keys_of(definition)
        notes = [*self._replaced(keys, cell_id), *self._captured(definition)]
        dropped = self._dropped(keys, cell_id)
        if dropped:
            self.workspace.forget(*dropped)
            notes.append(
                f"{_listed(dropped)} left the graph: this cell now defines {_listed(keys)}."
            )
        self.workspace.define(definition)
        if cell_id is not None:
            self.cells[cell_id] = keys
        return notes

    def _replaced(self, keys: Iterable[AnyKey], cell_id: str | None) -> list[str]:
        owners = {key: cell for cell, defined in self.cells.items() for key in defined}
        notes = []
        for key in keys:
            owner = owners.get(key)
            if owner is not None and owner != cell_id:
                self.cells.pop(owner)
                where = place_of(self.workspace, key)
                notes.append(f"{key} replaces its definition in {where}.")
        return notes

    def _dropped(self, keys: Iterable[AnyKey], cell_id: str | None) -> list[AnyKey]:
        """What the same cell defined before under other names."""
        before = self.cells.get(cell_id, ()) if cell_id is not None else ()
        graph = self.workspace.graph
        return [
            key for key in before if key not in keys and (key in graph.nodes or key in graph.checks)
        ]

    def _captured(self, definition: Definition) -> list[str]:
        """The assets that read a variable of this name until now, and from now on read the asset."""
        if not isinstance(definition, AssetsDefinition):
            return []
        graph, notes = self.workspace.graph, []
        for key in definition.keys:
            if key in graph and graph.node(key).declared:
                continue
            readers = [
                str(other)
                for other, node in graph.nodes.items()
                if node.definition is not None
                and other != key
                and key.name in node.definition.candidates
                and key.name in self.namespace
            ]
            if readers:
                notes.append(
                    f"{', '.join(readers)} read a variable `{key.name}` so far, and now read the asset."
                )
        return notes

    def forget_cell(self, keys: Iterable[AnyKey]) -> None:
        """No cell defines these any more."""
        gone = set(keys)
        for cell, defined in list(self.cells.items()):
            self.cells[cell] = tuple([key for key in defined if key not in gone])

    # --- names

    def key_named(self, name: str) -> AssetKey | None:
        """The asset that a bare name stands for: in the graph, or kept from the last time."""
        found = self.workspace.graph.named(name)
        whole = AssetKey(name)
        if whole in found or (not found and whole in self.workspace.history_of.current):
            return whole
        return found[0] if len(found) == 1 else None

    def is_readable(self, name: str) -> bool:
        """Whether a bare name is read as an asset."""
        return self.key_named(name) is not None

    def value_of(self, name: str) -> Any:
        """The kept value of the asset of this name; raises LookupError where there is none."""
        key = self.key_named(name)
        if key is None:
            raise LookupError(name)
        try:
            return self.workspace.kept_value(key)
        except (ValueMissing, StoreError) as error:
            raise LookupError(str(error)) from error

    def heard(self, events: Iterable[Event]) -> None:
        """Let names stand for what a run in this cell just made."""
        made = [e.materialization.key for e in events if isinstance(e, (Materialized, Restored))]
        self.names.renew(key.name for key in made)

    def once(self, sentence: str) -> bool:
        """Whether a sentence has not been told yet; from now on it has."""
        new = sentence not in self.told
        self.told.add(sentence)
        return new


def keys_of(definition: Definition) -> tuple[AnyKey, ...]:
    """The assets or checks that a definition defines."""
    if isinstance(definition, AssetChecksDefinition):
        return tuple([spec.key for spec in definition.specs])
    if isinstance(definition, AssetSpec):
        return (definition.key,)
    return definition.keys


def place_of(workspace: Workspace, key: AnyKey) -> str:
    """Where something was defined, in words."""
    graph = workspace.graph
    node: Mapping[Any, Any] = graph.checks if isinstance(key, AssetCheckKey) else graph.nodes
    found = node.get(key)
    definition = found.definition if found is not None else None
    return str(definition.origin.where) if definition is not None else "another cell"


def _listed(keys: Iterable[AnyKey]) -> str:
    return ", ".join(map(str, keys))
