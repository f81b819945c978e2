"""The parts of a picture of the graph as plain records: nodes, edges and boxes with their ids."""

from __future__ import annotations

import json

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import DEFAULT_GROUP
from dagbook.records import dataclass
from dagbook.views.states import LOOKS, OP_LOOKS, Look

GROUP, BOX, KEY, OP, MADE = "group:", "box:", "key:", "op:", "made:"
# The states whose colours the verdicts of checks have.
VERDICTS = {"failed": "failed", "warned": "stale"}
_PREFIXES = (GROUP, BOX, KEY, OP, MADE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """One node of the picture: an asset, a folded group of `members` assets, or an op.

    `id` is that of `node_id`, `op_id` or `group:NAME`, `label` what is written; `note` is the
    second line: state and checks; `verdict` is that of the worst check, `failed` or `warned`, or
    empty; `tooltip` says the rest in plain text; `ops` is how many ops an asset opens into.
    """

    id: str
    label: str
    state: str
    note: str
    checks: str = ""
    verdict: str = ""
    group: str = DEFAULT_GROUP
    kinds: tuple[str, ...] = ()
    tooltip: str = ""
    marked: bool = False
    pinned: bool = False
    members: int = 0
    ops: int = 0
    is_op: bool = False

    @property
    def look(self) -> Look:
        """The sign and the colours of the state."""
        return OP_LOOKS[self.state] if self.is_op else LOOKS[self.state]

    @property
    def line(self) -> str:
        """The colour of the line around it: that of a check that has something against it."""
        return LOOKS[VERDICTS[self.verdict]].line if self.verdict else self.look.line

    @property
    def sign(self) -> str:
        """The sign of the state."""
        return self.look.sign

    @property
    def is_group(self) -> bool:
        """Whether it stands for a folded group."""
        return self.members > 0

    @property
    def is_stack(self) -> bool:
        """Whether it is drawn as a stack of cards, because it opens into what it is made of."""
        return self.members > 0 or self.ops > 0


@dataclass(frozen=True, slots=True)
class EdgeView:
    """That `target` waits for `source`."""

    source: str
    target: str

    @property
    def id(self) -> str:
        """A name for the edge that no other one has."""
        return f"{self.source} → {self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxView:
    """A box around nodes that belong together: a group, or what is made by one computation.

    `members` are all nodes in it, also those in boxes within it; `within` is the id of the box
    around this one, which stands before it.
    """

    id: str
    label: str
    members: tuple[str, ...]
    within: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it stands for a group of assets."""
        return self.id.startswith(BOX)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A state that is present, and how many assets have it."""

    state: str
    count: int


@dataclass(frozen=True, slots=True)
class DagView:
    """The whole picture as data: nothing of it knows how it is drawn."""

    nodes: tuple[NodeView, ...] = ()
    edges: tuple[EdgeView, ...] = ()
    boxes: tuple[BoxView, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    hidden: int = 0


def node_id(key: AssetKey) -> str:
    """The id of an asset's node: the key as people write it, where that tells it from all others.

    >>> node_id(AssetKey(["a", "b"])), node_id(AssetKey("a/b"))
    ('a/b', 'key:["a/b"]')
    """
    # A slash within a part, or a name that looks like another kind of id, would be taken for it.
    plain = not any("/" in part for part in key.path) and not key.path[0].startswith(_PREFIXES)
    return str(key) if plain else f"{KEY}{json.dumps(key.path, ensure_ascii=False)}"


def op_id(key: AssetKey, path: str) -> str:
    """The id of an op's node, by the first asset of its graph.

    >>> op_id(AssetKey("orders"), "clean")
    'op:[["orders"], "clean"]'
    """
    return f"{OP}{json.dumps([key.path, path], ensure_ascii=False)}"


def made_id(key: AssetKey, path: str = "") -> str:
    """The id of the box around what one computation makes, or around a graph nested in it."""
    return f"{MADE}{json.dumps([key.path, path], ensure_ascii=False)}"


def computation_of(node: str) -> tuple[AssetKey, str] | None:
    """The first asset and the path that `op_id` or `made_id` was given; None for another id."""
    for prefix in (OP, MADE):
        if node.startswith(prefix):
            key, path = json.loads(node[len(prefix) :])
            return AssetKey(key), str(path)
    return None


def group_of(node: str) -> str | None:
    """The group that the id of a node or a box stands for; None for anything else."""
    for prefix in (GROUP, BOX):
        if node.startswith(prefix):
            return node[len(prefix) :]
    return None
