"""Walks over the graph: reachability, cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dagbook.definitions.keys import AssetKey

Next = Callable[[AssetKey], Iterable[AssetKey]]


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
