"""The view model of the graph: which nodes are drawn, with which words, and which are folded up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import DEFAULT_GROUP
from dagbook.views.lettering import clean_line, elide
from dagbook.views.quantities import counted
from dagbook.views.states import LOOKS, marked, state_word

if TYPE_CHECKING:
    from dagbook.graph.asset_graph import AssetGraph
    from dagbook.staleness.status import AssetStatus, CheckStatus

# Beyond this many nodes a picture is no longer read, so groups are folded up.
FOLD_ABOVE = 100
LABEL_LENGTH = 30
_PREFIXES = ("group:", "box:", "key:")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeView:
    """One node of the picture: an asset, or a folded group of `members` assets.

    `id` is that of `node_id` (or `group:NAME`), `label` what is written; `note` is the
    second line: state and checks; `tooltip` says the rest in plain text.
    """

    id: str
    label: str
    state: str
    note: str
    checks: str = ""
    group: str = DEFAULT_GROUP
    kinds: tuple[str, ...] = ()
    tooltip: str = ""
    marked: bool = False
    pinned: bool = False
    members: int = 0

    @property
    def sign(self) -> str:
        """The sign of the state."""
        return LOOKS[self.state].sign

    @property
    def is_group(self) -> bool:
        """Whether it stands for a folded group."""
        return self.members > 0


@dataclass(frozen=True, slots=True)
class EdgeView:
    """That `target` waits for `source`."""

    source: str
    target: str

    @property
    def id(self) -> str:
        """A name for the edge that no other one has."""
        return f"{self.source} → {self.target}"


@dataclass(frozen=True, slots=True)
class GroupView:
    """A box around the nodes of one group that is not folded."""

    id: str
    label: str
    members: tuple[str, ...]


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
    groups: tuple[GroupView, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    hidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a picture is made of besides the graph.

    `shown`: the assets to draw, or None for all; `running` and `marked` are shown as such;
    `folded`: the names of groups that stand as one node, or None to decide by size.
    """

    statuses: Mapping[AssetKey, AssetStatus] = field(default_factory=dict)
    checks: Mapping[AssetCheckKey, CheckStatus] = field(default_factory=dict)
    shown: Collection[AssetKey] | None = None
    running: Collection[AssetKey] = frozenset()
    marked: Collection[AssetKey] = frozenset()
    folded: Collection[str] | None = None


def dag_view(graph: AssetGraph, scene: Scene | None = None) -> DagView:
    """The picture of the graph.

    >>> from dagbook.graph.asset_graph import AssetGraph
    >>> dag_view(AssetGraph()).nodes
    ()
    """
    scene = scene or Scene()
    keys = graph.order if scene.shown is None else graph.sorted(set(scene.shown))
    words = {key: _word(graph, scene, key) for key in keys}
    groups = groups_of(graph, keys)
    folded = folded_by_size(groups) if scene.folded is None else scene.folded
    home = {
        key: f"group:{name}"
        for name, members in groups.items()
        if name in folded and len(members) > 1
        for key in members
    }
    nodes = _nodes(graph, scene, words, groups, home)
    return DagView(
        nodes=nodes,
        edges=tuple(_edges(graph, keys, home)),
        groups=_boxes(groups, home, nodes),
        legend=legend_of(words.values()),
        hidden=len(graph.keys) - len(keys),
    )


def node_id(key: AssetKey) -> str:
    """The id of an asset's node: the key as people write it, where that tells it from all others.

    >>> node_id(AssetKey(["a", "b"])), node_id(AssetKey("a/b"))
    ('a/b', 'key:["a/b"]')
    """
    # A slash within a part, or a name that looks like another kind of id, would be taken for it.
    plain = not any("/" in part for part in key.path) and not key.path[0].startswith(_PREFIXES)
    return str(key) if plain else f"key:{json.dumps(key.path, ensure_ascii=False)}"


def dag_line(view: DagView) -> str:
    """The picture in one line of text that is the same on every run.

    >>> dag_line(DagView(legend=(LegendEntry("stale", 1), LegendEntry("fresh", 2))))
    'Graph of 3 assets: 1 stale, 2 fresh'
    """
    total = sum(entry.count for entry in view.legend)
    counts = ", ".join(f"{entry.count} {entry.state}" for entry in view.legend)
    return f"Graph of {counted(total, 'asset')}" + (f": {counts}" if counts else "")


def groups_of(graph: AssetGraph, keys: Iterable[AssetKey]) -> dict[str, list[AssetKey]]:
    """The keys by the name of their group, in their order."""
    groups: dict[str, list[AssetKey]] = {}
    for key in keys:
        groups.setdefault(graph.nodes[key].spec.group_name, []).append(key)
    return groups


def folded_by_size(groups: Mapping[str, Collection[AssetKey]]) -> frozenset[str]:
    """The groups that are folded at first: all, where there are too many nodes to read."""
    if sum(map(len, groups.values())) <= FOLD_ABOVE:
        return frozenset()
    return frozenset(groups)


def legend_of(words: Iterable[str]) -> tuple[LegendEntry, ...]:
    """The states that occur, in the order of their urgency, with counts."""
    counts = Counter(words)
    return tuple(LegendEntry(word, counts[word]) for word in LOOKS if counts[word])


def _word(graph: AssetGraph, scene: Scene, key: AssetKey) -> str:
    declared = graph.nodes[key].declared
    return state_word(scene.statuses.get(key), running=key in scene.running, declared=declared)


def _nodes(
    graph: AssetGraph,
    scene: Scene,
    words: Mapping[AssetKey, str],
    groups: Mapping[str, list[AssetKey]],
    home: Mapping[AssetKey, str],
) -> tuple[NodeView, ...]:
    nodes: dict[str, NodeView] = {}
    for key, word in words.items():
        place = home.get(key)
        if place is None:
            nodes[node_id(key)] = _asset_node(graph, scene, key, word)
        elif place not in nodes:
            name = graph.nodes[key].spec.group_name
            nodes[place] = _group_node(name, groups[name], words, scene)
    return tuple(nodes.values())


def _asset_node(graph: AssetGraph, scene: Scene, key: AssetKey, word: str) -> NodeView:
    spec = graph.nodes[key].spec
    status = scene.statuses.get(key)
    checks = checks_summary([scene.checks.get(check) for check in graph.checks_of(key)])
    flags = status.flags if status else frozenset()
    parts = [marked(word), checks, "pinned" if "pinned" in flags else ""]
    if "unverified" in flags:
        parts.append("unverified")
    why = f": {clean_line(status.why)}" if status and status.why else ""
    lines = [clean_line(key), f"{word}{why}", checks]
    if spec.description:
        lines.append(clean_line(spec.description))
    return NodeView(
        id=node_id(key),
        label=elide(clean_line(key), LABEL_LENGTH),
        state=word,
        note=" · ".join(filter(None, parts)),
        checks=checks,
        group=spec.group_name,
        kinds=tuple(sorted(clean_line(kind) for kind in spec.kinds)),
        tooltip="\n".join(elide(line, 400) for line in lines if line),
        marked=key in scene.marked,
        pinned="pinned" in flags,
    )


def checks_summary(statuses: Iterable[CheckStatus | None]) -> str:
    """The checks of an asset in a few words: `2 checks ✓`, `1 of 2 failed`."""
    counts = Counter("missing" if status is None else status.judgement for status in statuses)
    total = sum(counts.values())
    if not total:
        return ""
    if counts["failed"]:
        return f"{counts['failed']} of {total} failed" if total > 1 else "check failed ✗"
    if counts["warned"]:
        return f"{counts['warned']} of {total} warned" if total > 1 else "check warned !"
    if counts["missing"]:
        return f"{counts['missing']} of {total} unchecked" if total > 1 else "unchecked"
    return f"{total} checks ✓" if total > 1 else "check ✓"


def _group_node(
    name: str, members: list[AssetKey], words: Mapping[AssetKey, str], scene: Scene
) -> NodeView:
    legend = legend_of(words[key] for key in members)
    parts = [f"{entry.count} {marked(entry.state)}" for entry in legend]
    return NodeView(
        id=f"group:{name}",
        label=f"{elide(clean_line(name), LABEL_LENGTH - 6)} ({len(members)})",
        state=legend[0].state,
        note=" · ".join(parts[:3]) + (" · …" if len(parts) > 3 else ""),
        group=name,
        tooltip=elide(clean_line(name), 400) + "\n" + "\n".join(parts),
        marked=any(key in scene.marked for key in members),
        members=len(members),
    )


def _edges(
    graph: AssetGraph, keys: Iterable[AssetKey], home: Mapping[AssetKey, str]
) -> Iterable[EdgeView]:
    drawn = set(keys)
    edges: dict[tuple[str, str], None] = {}
    for key in graph.sorted(drawn):
        target = home.get(key) or node_id(key)
        for parent in graph.parents(key):
            source = home.get(parent) or node_id(parent)
            if parent in drawn and source != target:
                edges[source, target] = None
    return (EdgeView(source, target) for source, target in edges)


def _boxes(
    groups: Mapping[str, list[AssetKey]], home: Mapping[AssetKey, str], nodes: tuple[NodeView, ...]
) -> tuple[GroupView, ...]:
    """Boxes for open groups that were given a name, where they tell something from something else."""
    found = []
    for name, members in groups.items():
        here = tuple(node_id(key) for key in members if key not in home)
        if here and name != DEFAULT_GROUP:
            found.append(GroupView(name, elide(clean_line(name), LABEL_LENGTH), here))
    return tuple(found)
