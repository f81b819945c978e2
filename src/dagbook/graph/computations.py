"""Which assets one step makes: the parts in which computations of several assets can run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey, user_strings
from dagbook.errors.composition import AssetBetween, NotSubsettable
from dagbook.graph.asset_graph import AssetGraph

Part = tuple[AssetKey, ...]


def parts_of(graph: AssetGraph, wanted: Sequence[AssetKey]) -> dict[AssetKey, Part]:
    """The part that each wanted asset belongs to; `wanted` is in topological order.

    A computation that can't be subset is one part. Another one is as few parts as there can be
    while no part waits for an asset that waits for the same part.
    """
    found: dict[AssetKey, list[AssetKey]] = {}
    last: dict[int, list[AssetKey]] = {}
    for key in wanted:
        definition = graph.nodes[key].definition
        assert definition is not None
        if len(definition.specs) == 1 or not definition.can_subset:
            found[key] = list(definition.keys)
            continue
        part = last.get(id(definition))
        if part is None or _comes_back(graph, key, part, found):
            part = last[id(definition)] = []
        part.append(key)
        found[key] = part
    return {key: _in_order(graph, key, part) for key, part in found.items()}


def _in_order(graph: AssetGraph, key: AssetKey, part: list[AssetKey]) -> Part:
    """The keys as their definition names them."""
    if len(part) == 1:
        return (key,)
    definition = graph.nodes[key].definition
    assert definition is not None
    return tuple([one for one in definition.keys if one in part])


def _comes_back(
    graph: AssetGraph, key: AssetKey, part: list[AssetKey], parts: dict[AssetKey, list[AssetKey]]
) -> bool:
    """Whether an asset outside the part waits for it and this one waits for that asset."""
    own = set(part)
    return bool(_between(graph, [p for p in graph.parents(key) if p not in own], own, parts))


def _between(
    graph: AssetGraph,
    start: Iterable[AssetKey],
    own: set[AssetKey],
    parts: dict[AssetKey, list[AssetKey]],
) -> list[AssetKey]:
    """Assets on a way from `start` up to one of `own`; none where there is no such way."""
    below: dict[AssetKey, AssetKey | None] = dict.fromkeys(start)
    waiting = list(below)
    while waiting:
        key = waiting.pop()
        if key in own:
            return _way(below, below[key])
        for other in _at_once(graph, key, parts):
            for parent in graph.parents(other):
                if parent not in below:
                    below[parent] = key
                    waiting.append(parent)
    return []


def _way(below: dict[AssetKey, AssetKey | None], key: AssetKey | None) -> list[AssetKey]:
    found = []
    while key is not None:
        found.append(key)
        key = below[key]
    return found


def _at_once(
    graph: AssetGraph, key: AssetKey, parts: dict[AssetKey, list[AssetKey]]
) -> Sequence[AssetKey]:
    """The assets that are made together with one."""
    if key in parts:
        return parts[key]
    definition = graph.nodes[key].definition
    if definition is None or definition.can_subset:
        return (key,)
    return definition.keys


def computation_faults(graph: AssetGraph, keys: Iterable[AssetKey]) -> list[AssetBetween]:
    """The computations that would have to wait for themselves."""
    found: dict[int, AssetBetween] = {}
    for key in keys if graph.several else ():
        definition = graph.nodes[key].definition
        if definition is None or definition.can_subset or id(definition) in found:
            continue
        if not _differ(definition):
            continue
        own = set(definition.keys)
        above = [p for one in definition.keys for p in graph.parents(one) if p not in own]
        between = _between(graph, above, own, {})
        if between:
            found[id(definition)] = AssetBetween(
                computation=definition.op.name,
                between=tuple(user_strings(between)),
                place=definition.origin.place,
            )
    return list(found.values())


def _differ(definition: AssetsDefinition) -> bool:
    """Whether its assets depend on different things; else what is between them is a cycle anyway."""
    if len(definition.specs) == 1:
        return False
    return bool(definition.reads_by_key) or len({spec.deps for spec in definition.specs}) > 1


def partial_faults(
    graph: AssetGraph,
    chosen: Iterable[AssetKey],
    runs: Callable[[AssetKey], bool],
    needed: Set[AssetKey] = frozenset(),
) -> list[NotSubsettable]:
    """The computations of which only some assets are chosen, and which can't be subset.

    `runs` says of a chosen asset whether it is to run: what stays needs no other beside it.
    What is `needed` by something chosen would be made as a whole without being chosen too.
    """
    selected = set(chosen).intersection(graph.several) if graph.several else set()
    found: dict[int, NotSubsettable] = {}
    for key in selected:
        definition = graph.nodes[key].definition
        if definition is None or definition.can_subset or not runs(key):
            continue
        if selected.issuperset(definition.keys):
            continue
        wanted = [one for one in definition.keys if one in selected]
        if all(one in needed for one in wanted):
            continue
        others = [one for one in definition.keys if one not in selected]
        found[id(definition)] = NotSubsettable(
            computation=definition.op.name,
            wanted=tuple(user_strings(wanted)),
            others=tuple(user_strings(others)),
            place=definition.origin.place,
        )
    return sorted(found.values(), key=lambda fault: fault.wanted)
