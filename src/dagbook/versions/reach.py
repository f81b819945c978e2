"""Gives each node of the web that a function reaches the digest of all that it reaches."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from xxhash import xxh3_128_digest

from dagbook.versions.content import text_bytes
from dagbook.versions.parts import NO_NOTES, Node


def seal(root: Node) -> bytes:
    """The digest of a node and everything in its reach; also of all nodes on the way.

    Functions that call each other form a ring. Each member of a ring gets a digest of the whole
    ring as it is seen from there, so the digest does not depend on where the walk began.
    """
    if root.deep is None:
        for _, child in root.edges:
            if child.deep is None:
                for ring in _rings(root):
                    _seal_ring(ring)
                break
        else:
            _seal_single(root)
    assert root.deep is not None
    return root.deep


def _seal_ring(ring: list[Node]) -> None:
    if len(ring) == 1 and all(child is not ring[0] for _, child in ring[0].edges):
        _seal_single(ring[0])
        return
    members = {id(node): node for node in ring}
    outside = (child for node in ring for _, child in node.edges if id(child) not in members)
    notes = frozenset(node.mark for node in ring if node.mark is not None)
    notes = notes.union(*(node.notes for node in outside if node.notes))
    digests = [_seen_from(node, members) for node in ring]
    for node, digest in zip(ring, digests, strict=True):
        node.deep, node.notes, node.ring = digest, notes, ring


def _seal_single(node: Node) -> None:
    """A node that no ring goes through; all that it refers to is sealed."""
    notes = NO_NOTES if node.mark is None else frozenset((node.mark,))
    if not node.edges:
        node.deep, node.notes = node.own, notes
        return
    pieces = [node.own]
    rings: list[Sequence[Node]] = []
    for label, child in node.edges:
        assert child.deep is not None
        pieces.append(_label(label))
        pieces.append(child.deep)
        if child.notes:
            notes |= child.notes
        if child.ring:
            rings.append(child.ring)
    node.deep, node.notes = xxh3_128_digest(b"".join(pieces)), notes
    if rings:
        _as_member(node, rings)


def _as_member(node: Node, rings: list[Sequence[Node]]) -> None:
    """What says the same as a member of a ring that it leads to has the digest of that.

    Such is a function that calls itself by its name and stands in a table from before its cell ran
    again: it calls the newer one, which calls itself.
    """
    leads_to = [(name, child.deep) for name, child in node.edges]
    for ring in rings:
        for member in ring:
            if member.own == node.own and leads_to == [
                (name, child.deep) for name, child in member.edges
            ]:
                node.deep, node.ring = member.deep, ring
                return


_label = lru_cache(maxsize=1 << 16)(text_bytes)


def _seen_from(start: Node, members: dict[int, Node]) -> bytes:
    """The ring written in the order in which a walk from `start` meets its members."""
    order = {id(start): 0}
    waiting = [start]
    pieces: list[bytes] = [b"ring"]
    for node in waiting:
        pieces.append(node.own + b"%d;" % len(node.edges))
        for label, child in node.edges:
            pieces.append(_label(label))
            if id(child) not in members:
                assert child.deep is not None
                pieces.append(child.deep)
                continue
            if id(child) not in order:
                order[id(child)] = len(order)
                waiting.append(child)
            pieces.append(b"#%d;" % order[id(child)])
    return xxh3_128_digest(b"".join(pieces))


def _rings(root: Node) -> list[list[Node]]:
    """The strongly connected parts in reach, those that are reached before those that reach them.

    Tarjan's algorithm with a stack of its own, as chains of helpers may be long.
    """
    found: list[list[Node]] = []
    index: dict[int, int] = {id(root): 0}
    low: dict[int, int] = {id(root): 0}
    path = [root]
    on_path = {id(root)}
    work = [(root, iter(root.edges))]
    while work:
        node, edges = work[-1]
        for _, child in edges:
            key = id(child)
            if child.deep is not None:
                continue
            if key not in index:
                index[key] = low[key] = len(index)
                path.append(child)
                on_path.add(key)
                work.append((child, iter(child.edges)))
                break
            if key in on_path:
                low[id(node)] = min(low[id(node)], index[key])
        else:
            work.pop()
            if work:
                above = id(work[-1][0])
                low[above] = min(low[above], low[id(node)])
            if low[id(node)] == index[id(node)]:
                found.append(_cut(path, node, on_path))
    return found


def _cut(path: list[Node], node: Node, on_path: set[int]) -> list[Node]:
    """Take one finished part off the path."""
    at = next(at for at in range(len(path) - 1, -1, -1) if path[at] is node)
    ring = path[at:]
    del path[at:]
    on_path.difference_update(map(id, ring))
    return ring
