"""Which groups and which graphs of ops the names after `--expand` mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetKey
from dagbook.errors.base import nearest
from dagbook.errors.notebook import NothingToExpand
from dagbook.records import dataclass
from dagbook.views.dag import groups_of
from dagbook.views.ops import Computation, computation

if TYPE_CHECKING:
    from dagbook.graph.asset_graph import AssetGraph


@dataclass(frozen=True, slots=True)
class ToExpand:
    """The groups by name, and the graphs of ops by the first asset that each makes."""

    groups: frozenset[str] = frozenset()
    computations: frozenset[AssetKey] = frozenset()


def to_expand(graph: AssetGraph, names: Iterable[str]) -> ToExpand:
    """What these names of groups, of assets that are backed by ops, or of graphs stand for.

    Raises NothingToExpand for a name that is none of these.
    """
    names = list(names)
    if not names:
        return ToExpand()
    groups = groups_of(graph, graph.order)
    behind = _openable(graph)
    found_groups: set[str] = set()
    found: set[AssetKey] = set()
    for name in names:
        made = behind.get(name)
        if made is None and name not in groups:
            plain = any(str(key) == name for key in graph.keys)
            known = [*groups, *behind]
            raise NothingToExpand(name=name, plain=plain, suggestions=nearest(name, known))
        if name in groups:
            found_groups.add(name)
        if made is not None:
            found.add(made.key)
            # Ops are only drawn where the group of their assets is open.
            found_groups.update(
                graph.nodes[key].spec.group_name for key in made.definition.keys if key in graph
            )
    return ToExpand(frozenset(found_groups), frozenset(found))


def _openable(graph: AssetGraph) -> dict[str, Computation]:
    """The computations with ops by the names of their assets, and by their own."""
    found: dict[str, Computation] = {}
    for key in graph.order:
        made = computation(graph, key)
        if made is not None and made.composed is not None:
            found.setdefault(made.definition.op.name, made)
            found[str(key)] = made
    return found
