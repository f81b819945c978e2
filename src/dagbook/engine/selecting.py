"""What the selection language may ask of a workspace: states, checks, columns, the selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeAlias

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import Materialization
from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.fluent import AssetSelection, Selectable
from dagbook.selection.parser import parse
from dagbook.selection.protocol import World
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import Selection
from dagbook.staleness.causes import (
    ClassesChanged,
    CodeChanged,
    DependenciesChanged,
    FileChanged,
    UpstreamDataChanged,
)
from dagbook.staleness.status import AssetStatus, Statuses

# What a selection may be given as; None is everything.
Asked: TypeAlias = "Selectable | Selection | None"

NONE: frozenset[str] = frozenset()
# The words of `changed:` for the causes that they stand for.
_CHANGES: dict[type, str] = {
    CodeChanged: "code",
    ClassesChanged: "code",
    DependenciesChanged: "dependencies",
    UpstreamDataChanged: "data",
    FileChanged: "file",
}


def tree_of(asked: Asked) -> Selection | None:
    """The tree of what was asked for; raises SelectionSyntaxError or NotASelection."""
    if asked is None or isinstance(asked, Selection):
        return asked
    return parse(asked) if isinstance(asked, str) else AssetSelection.from_coercible(asked).tree


def selected(
    asked: Asked,
    graph: AssetGraph,
    statuses: Callable[[], Statuses],
    marked: frozenset[AssetKey],
) -> list[AssetKey]:
    """The keys that a selection names, in topological order; everything for None.

    `marked` is what `is:selected` stands for. Raises SelectionError, which points at the place.
    """
    tree = tree_of(asked)
    if tree is None:
        return list(graph.order)
    world = selection_world(graph, statuses, marked)
    return graph.sorted(resolve(tree, graph, world, strict_names=True))


def selection_world(
    graph: AssetGraph, statuses: Callable[[], Statuses], selected: frozenset[AssetKey]
) -> World:
    """The world of a selection; the statuses are only asked for when an expression needs them."""
    standing = _Standing(graph, statuses)
    return World(
        status_of=standing.status_words,
        checks_of=standing.check_words,
        changed=standing.changed,
        columns_of=standing.columns,
        table_of=standing.table,
        selected=selected,
    )


class _Standing:
    def __init__(self, graph: AssetGraph, statuses: Callable[[], Statuses]) -> None:
        self._graph = graph
        self._ask = statuses

    @cached_property
    def _statuses(self) -> Statuses:
        return self._ask()

    def _of(self, key: AssetKey) -> AssetStatus:
        return self._statuses.assets[key]

    def status_words(self, key: AssetKey) -> frozenset[str]:
        status = self._of(key)
        run = {"failed": status.has_failed, "running": status.last_run == "running"}
        return frozenset({status.state, *status.flags, *[word for word in run if run[word]]})

    def check_words(self, key: AssetKey) -> frozenset[str]:
        checks = self._graph.checks_of(key)
        return frozenset(self._statuses.checks[check].judgement for check in checks)

    def changed(self, key: AssetKey) -> frozenset[str]:
        causes = self._of(key).causes
        return frozenset([_CHANGES[type(cause)] for cause in causes if type(cause) in _CHANGES])

    def columns(self, key: AssetKey) -> frozenset[str]:
        record = self._record(key)
        if record is None:
            return NONE
        found = {
            column.name
            for one in record.metadata.values()
            if one.kind == "table_schema"
            for column in one.value.columns
        }
        named = record.metadata.get("columns")
        return frozenset(found.union(map(str, named.value) if named is not None else ()))

    def table(self, key: AssetKey) -> str | None:
        record = self._record(key)
        name = record.metadata.get("table_name") if record is not None else None
        return str(name.value) if name is not None else None

    def _record(self, key: AssetKey) -> Materialization | None:
        return self._of(key).materialization
