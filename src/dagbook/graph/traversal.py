"""Walks over the graph: levels, reachability, cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from dagbook.definitions.keys import AssetKey
from dagbook.graph.nodes import AssetNode

Next = Callable[[AssetKey], Iterable[AssetKey]]


def levels(
    nodes: Mapping[AssetKey, AssetNode], children: Mapping[AssetKey, tuple[AssetKey, ...]]
) -> tuple[tuple[AssetKey, ...], ...]:
    """The keys by their distance from the roots, in definition order; the rest of cycles last."""
    waiting = {key: len(node.parents) for key, node in nodes.items()}
    place = {key: index for index, key in enumerate(nodes)}
    level = [key for key, count in waiting.items() if count == 0]
    found: list[tuple[AssetKey, ...]] = []
    while level:
        found.append(tuple(level))
        below: list[AssetKey] = []
        for key in level:
            for child in children.get(key, ()):
                waiting[child] -= 1
                if waiting[child] == 0:
                    below.append(child)
        below.sort(key=place.__getitem__)
        level = below
    rest = tuple([key for key, count in waiting.items() if count > 0])
    return (*found, rest) if rest else tuple(found)


def reach(start: Iterable[AssetKey], step: Next) -> set[AssetKey]:
    """Everything that can be reached from `start`, itself included."""
    found = set(start)
    todo = list(found)
    while todo:
        for key in step(todo.pop()):
            if key not in found:
                found.add(key)
                todo.append(key)
    return found


def find_cycle(keys: Iterable[AssetKey], parents: Next) -> list[AssetKey] | None:
    """One ring of keys that wait for each other among `keys`, in reading order; None where there is none."""
    inside = set(keys)
    done: set[AssetKey] = set()
    for start in keys:
        ring = _walk(start, parents, inside, done)
        if ring is not None:
            return ring
    return None


def _walk(
    start: AssetKey, parents: Next, inside: set[AssetKey], done: set[AssetKey]
) -> list[AssetKey] | None:
    path: dict[AssetKey, None] = {}
    stack: list[tuple[AssetKey, bool]] = [(start, False)]
    while stack:
        key, leaving = stack.pop()
        if leaving:
            path.pop(key)
            done.add(key)
        elif key in path:
            ring = list(path)
            return ring[ring.index(key) :][::-1]
        elif key not in done and key in inside:
            path[key] = None
            stack.append((key, True))
            stack.extend((parent, False) for parent in parents(key))
    return None
