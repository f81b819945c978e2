"""Walks over a graph, done with the places of its keys, which are faster to compare than keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from weakref import WeakMethod

from dagbook.definitions.keys import AssetKey
from dagbook.records import dataclass
from dagbook.selection.index import Keys, per_graph
from dagbook.selection.protocol import SelectableGraph

Places = set[int]


class Links(dict[int, tuple[int, ...]]):
    """The neighbours of each place on one side, asked of the graph when a walk first comes by."""

    __slots__ = ("_keys", "_neighbours", "_places")

    def __init__(
        self,
        keys: tuple[AssetKey, ...],
        places: dict[AssetKey, int],
        neighbours: Callable[[AssetKey], tuple[AssetKey, ...]],
    ) -> None:
        super().__init__()
        self._keys = keys
        self._places = places
        self._neighbours = WeakMethod(neighbours)

    def __missing__(self, place: int) -> tuple[int, ...]:
        neighbours = self._neighbours()
        # Whoever walks holds the graph.
        assert neighbours is not None
        places = self._places
        found = self[place] = tuple([places[key] for key in neighbours(self._keys[place])])
        return found


@dataclass(slots=True)
class Ways:
    """The keys of a graph, their places, and the links between these both ways."""

    keys: tuple[AssetKey, ...]
    places: dict[AssetKey, int]
    up: Links
    down: Links
    _last: tuple[Keys, Places] | None = None

    def to_places(self, keys: Keys) -> Places:
        """The places of the keys; not to be changed."""
        last = self._last
        if last is not None and last[0] is keys:
            return last[1]
        return set(map(self.places.__getitem__, keys))

    def to_keys(self, places: Places) -> Keys:
        """The keys at the places, which nobody changes from now on."""
        keys = frozenset(map(self.keys.__getitem__, places))
        # In `sinks(x+)` one walk begins where the other has ended.
        self._last = keys, places
        return keys


@per_graph
def ways(graph: SelectableGraph) -> Ways:
    """The ways through a graph."""
    keys = tuple(graph.keys)
    places = {key: place for place, key in enumerate(keys)}
    up = Links(keys, places, graph.parents)
    return Ways(keys, places, up, Links(keys, places, graph.children))


def upstream(keys: Keys, graph: SelectableGraph, depth: int) -> Keys:
    """The keys and what up to `depth` steps up lead to."""
    around = ways(graph)
    return around.to_keys(_reached(around.to_places(keys), around.up, depth))


def downstream(keys: Keys, graph: SelectableGraph, depth: int) -> Keys:
    """The keys and what up to `depth` steps down lead to."""
    around = ways(graph)
    return around.to_keys(_reached(around.to_places(keys), around.down, depth))


def sinks(keys: Keys, graph: SelectableGraph) -> Keys:
    """Those of the keys that lead to no other of them."""
    around = ways(graph)
    return around.to_keys(_ends(around.to_places(keys), around.down, around.up))


def roots(keys: Keys, graph: SelectableGraph) -> Keys:
    """Those of the keys that no other of them leads to."""
    around = ways(graph)
    return around.to_keys(_ends(around.to_places(keys), around.up, around.down))


def _next(edge: Iterable[int], links: Links) -> Places:
    return set().union(*map(links.__getitem__, edge))


def _reached(start: Places, links: Links, depth: int) -> Places:
    reached = start.copy()
    edge = start
    while edge and depth > 0:
        edge = _next(edge, links) - reached
        reached |= edge
        depth -= 1
    return reached


def _ends(start: Places, onward: Links, back: Links) -> Places:
    """The places from which no way onward leads to another one, also not through others."""
    ends = {place for place in start if start.isdisjoint(onward[place])}
    between: Places = set()
    met: Places = set()
    edge = ends
    while edge:
        found = _next(edge, onward)
        met |= found & start
        edge = found - start - between
        between |= edge
    # Whoever leads to a place that was met is no end: found by going back through what is between.
    leading: Places = set()
    edge = met
    while edge:
        found = _next(edge, back)
        edge = (found & between) - leading
        leading |= edge | (found & ends)
    return ends - leading
