"""The digests of nodes by all that they reach, against a plain slow comparison."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dagbook.versions.parts import Node
from dagbook.versions.reach import seal

Drawn = list[tuple[bool, list[int]]]


@st.composite
def webs(draw: st.DrawFn) -> Drawn:
    """Up to seven nodes: which of two kinds each is, and to which it leads, in order."""
    count = draw(st.integers(1, 7))
    led = st.lists(st.integers(0, count - 1), max_size=2)
    return draw(st.lists(st.tuples(st.booleans(), led), min_size=count, max_size=count))


def nodes_of(drawn: Drawn) -> list[Node]:
    """The nodes, with edges that are labelled by their place."""
    nodes = [Node("content", b"one" if kind else b"two") for kind, _ in drawn]
    for node, (_, led) in zip(nodes, drawn, strict=True):
        node.edges = [(str(at), nodes[other]) for at, other in enumerate(led)]
    return nodes


def alike(drawn: Drawn) -> list[int]:
    """A number for each node, equal where no walk from them tells a difference."""
    groups = [int(kind) for kind, _ in drawn]
    for _ in drawn:
        seen = [
            (groups[at], tuple([groups[other] for other in led]))
            for at, (_, led) in enumerate(drawn)
        ]
        groups = [seen.index(one) for one in seen]
    return groups


@given(webs(), st.integers(0, 6))
def test_equal_digests_say_the_same(drawn: Drawn, begin: int) -> None:
    """Wherever the walks begin: no two nodes that some walk tells apart have one digest."""
    nodes, groups = nodes_of(drawn), alike(drawn)
    for at in range(len(nodes)):
        seal(nodes[(at + begin) % len(nodes)])
    for one, first in enumerate(nodes):
        for other, second in enumerate(nodes):
            assert first.deep != second.deep or groups[one] == groups[other]


@given(st.integers(1, 5), st.integers(0, 4))
def test_what_leads_into_a_ring_as_its_member_does_has_its_digest(size: int, at: int) -> None:
    """A function from before its cell ran again calls the newer one, which calls itself."""
    owns = [bytes([65 + one]) for one in range(size)]
    ring = [Node("body", own) for own in owns]
    for place, node in enumerate(ring):
        node.edges = [("next", ring[(place + 1) % size])]
    member = ring[at % size]
    older = Node("body", member.own, edges=list(member.edges))
    table = Node("content", b"table", edges=[("[0]", older)])
    newer = Node("content", b"table", edges=[("[0]", member)])
    assert seal(older) == seal(member)
    assert seal(table) == seal(newer)
    assert seal(Node("body", b"other", edges=list(member.edges))) != seal(member)
