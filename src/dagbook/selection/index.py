"""Indexes of a graph's names and labels, each built once a graph, when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.records import dataclass
from dagbook.selection.protocol import SelectableGraph

T = TypeVar("T")
Label = TypeVar("Label")
Keys = frozenset[AssetKey]
NO_KEYS: Keys = frozenset()


def per_graph(build: Callable[[SelectableGraph], T]) -> Callable[[SelectableGraph], T]:
    """`build`, called once for each graph that lives; what it gives must not refer to the graph."""
    built: WeakKeyDictionary[SelectableGraph, T] = WeakKeyDictionary()

    @wraps(build)
    def look(graph: SelectableGraph) -> T:
        found = built.get(graph)
        if found is None:
            found = built[graph] = build(graph)
        return found

    return look


@dataclass(frozen=True, slots=True)
class Labels(Generic[Label]):
    """The keys by a label of theirs: of `every` asset, and of those that are `computed`."""

    every: dict[Label, Keys]
    computed: dict[Label, Keys]

    def of(self, label: Label, *, external: bool) -> Keys:
        """The keys with this label."""
        return (self.every if external else self.computed).get(label, NO_KEYS)


@per_graph
def everything(graph: SelectableGraph) -> Keys:
    """Every key, external ones too."""
    return frozenset(graph.keys)


@per_graph
def computed(graph: SelectableGraph) -> Keys:
    """The keys of the assets that something here computes."""
    return frozenset([key for key, node in graph.nodes.items() if not node.is_external])


def externals_only_begin(graph: SelectableGraph) -> bool:
    """Whether no way between two computed assets leads through an external one."""
    if len(computed(graph)) == len(graph.keys):
        return True
    return not any(map(graph.parents, everything(graph) - computed(graph)))


@per_graph
def names(graph: SelectableGraph) -> dict[str, AssetKey]:
    """The keys by how people write them, in definition order."""
    return {"/".join(key.path): key for key in graph.keys}


@per_graph
def groups(graph: SelectableGraph) -> Labels[str]:
    """The keys by group."""
    return _labels(graph, lambda spec: (spec.group_name,))


@per_graph
def kinds(graph: SelectableGraph) -> Labels[str]:
    """The keys by kind; those without one stand below the empty text."""
    return _labels(graph, lambda spec: spec.kinds or ("",))


@per_graph
def owners(graph: SelectableGraph) -> Labels[str]:
    """The keys by owner."""
    return _labels(graph, lambda spec: spec.owners)


@per_graph
def tags(graph: SelectableGraph) -> Labels[tuple[str, str]]:
    """The keys by tag and value."""
    return _labels(graph, lambda spec: spec.tags.items())


@per_graph
def tag_values(graph: SelectableGraph) -> dict[str, tuple[str, ...]]:
    """The values that each tag has, in order."""
    found: dict[str, set[str]] = {}
    for node in graph.nodes.values():
        for tag, value in node.spec.tags.items():
            found.setdefault(tag, set()).add(value)
    return {tag: tuple(sorted(found[tag])) for tag in sorted(found)}


def _labels(
    graph: SelectableGraph, labels_of: Callable[[AssetSpec], Iterable[Label]]
) -> Labels[Label]:
    every: defaultdict[Label, list[AssetKey]] = defaultdict(list)
    for key, node in graph.nodes.items():
        for label in labels_of(node.spec):
            every[label].append(key)
    inside = computed(graph)
    sets = {label: frozenset(keys) for label, keys in every.items()}
    if len(inside) == len(graph.keys):
        return Labels(sets, sets)
    return Labels(sets, {label: keys & inside for label, keys in sets.items()})
