"""The view model of the graph: which nodes are drawn, with which words, and which are folded up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.later import later
from dagbook.records import dataclass
from dagbook.views.lettering import clean_line, elide
from dagbook.views.opened import (
    LABEL_LENGTH,
    Drawn,
    boxes_of,
    drawn_computations,
    op_edges,
    op_nodes,
)
from dagbook.views.parts import VERDICTS, DagView, EdgeView, LegendEntry, NodeView, node_id
from dagbook.views.quantities import counted
from dagbook.views.states import LOOKS, marked, pinned_line, state_word

if TYPE_CHECKING:
    from dagbook.events.records import OpFinished
    from dagbook.graph.asset_graph import AssetGraph
    from dagbook.staleness.status import AssetStatus, CheckStatus
    from dagbook.views import layout
else:
    layout = later("dagbook.views.layout")

# Beyond this many nodes a picture is no longer read, nor is one drawn smaller than at this scale: so
# groups are folded up.
FOLD_ABOVE, FOLD_BELOW = 100, 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a picture is made of besides the graph.

    `shown`: the assets to draw, or None for all; `running` and `marked` are shown as such;
    `folded`: the names of groups that stand as one node, or None to decide by size; `opened`: the
    assets that are drawn with the ops that make them; `ops`: what became of these the last time,
    by the first asset of their graph.
    """

    statuses: Mapping[AssetKey, AssetStatus] = field(default_factory=dict)
    checks: Mapping[AssetCheckKey, CheckStatus] = field(default_factory=dict)
    shown: Collection[AssetKey] | None = None
    running: Collection[AssetKey] = frozenset()
    marked: Collection[AssetKey] = frozenset()
    folded: Collection[str] | None = None
    opened: Collection[AssetKey] = frozenset()
    ops: Mapping[AssetKey, Sequence[OpFinished]] = field(default_factory=dict)


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
    folded = folded_at_first(graph, keys) if scene.folded is None else scene.folded
    home = {
        key: f"group:{name}"
        for name, members in groups.items()
        if name in folded and len(members) > 1
        for key in members
    }
    made = drawn_computations(graph, [key for key in keys if key not in home], scene.opened)
    return DagView(
        nodes=_nodes(graph, scene, words, groups, home, made),
        edges=tuple(_edges(graph, keys, home, made)),
        boxes=boxes_of(groups, home, made.values()),
        legend=legend_of(words.values()),
        hidden=len(graph.keys) - len(keys),
    )


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


def folded_at_first(graph: AssetGraph, keys: Sequence[AssetKey]) -> frozenset[str]:
    """The groups of these assets that are folded at first: all, where they can't be read otherwise."""
    groups = groups_of(graph, keys)
    if len(keys) <= FOLD_ABOVE:
        if len(groups) < 2:
            return frozenset()
        opened = layout.arrange(dag_view(graph, Scene(shown=keys, folded=())))
        if layout.scale_of(opened) >= FOLD_BELOW:
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
    made: Mapping[AssetKey, Drawn],
) -> tuple[NodeView, ...]:
    nodes: dict[str, NodeView] = {}
    for key, word in words.items():
        place, drawn = home.get(key), made.get(key)
        if drawn is not None and key == drawn.keys[0]:
            records = scene.ops.get(drawn.made.key, ())
            nodes.update((node.id, node) for node in op_nodes(drawn, records, words))
        if place is None:
            nodes[node_id(key)] = _asset_node(graph, scene, key, word, drawn)
        elif place not in nodes:
            name = graph.nodes[key].spec.group_name
            nodes[place] = _group_node(graph, name, groups[name], words, scene)
    return tuple(nodes.values())


def _asset_node(
    graph: AssetGraph, scene: Scene, key: AssetKey, word: str, drawn: Drawn | None
) -> NodeView:
    spec = graph.nodes[key].spec
    status = scene.statuses.get(key)
    judged = [scene.checks.get(check) for check in graph.checks_of(key)]
    checks = checks_summary(judged)
    flags = status.flags if status else frozenset()
    remark = drawn.remark(key) if drawn is not None else ""
    parts = [marked(word), checks, "pinned" if "pinned" in flags else ""]
    if "unverified" in flags:
        parts.append("unverified")
    why = f": {clean_line(status.why or status.remark)}" if status else ""
    why = why if why != ": " else ""
    lines = [clean_line(key), f"{word}{why}", checks, _made_by(drawn, key)]
    if status is not None and (pinned := pinned_line(key, status)):
        lines.append(pinned)
    if spec.description:
        lines.append(clean_line(spec.description))
    return NodeView(
        id=node_id(key),
        label=elide(clean_line(key), LABEL_LENGTH),
        state=word,
        note=" · ".join(filter(None, [*parts, remark])),
        checks=checks,
        verdict=_worst(judged),
        group=spec.group_name,
        kinds=tuple(sorted(clean_line(kind) for kind in spec.kinds)),
        tooltip="\n".join(elide(line, 400) for line in lines if line),
        marked=key in scene.marked,
        pinned="pinned" in flags,
        ops=_opens_into(drawn),
    )


def _made_by(drawn: Drawn | None, key: AssetKey) -> str:
    """What makes the asset, and what comes with it, where that is not one function for it alone."""
    if drawn is None:
        return ""
    others = ", ".join(clean_line(other) for other in drawn.made.definition.keys if other != key)
    together = f", together with {others}" if others else ""
    return f"made by {clean_line(drawn.made.title)}{together}"


def _opens_into(drawn: Drawn | None) -> int:
    """How many ops the card of an asset opens into; none where a box says so."""
    if drawn is None or drawn.is_boxed or drawn.made.composed is None:
        return 0
    return len(drawn.made.composed.nodes)


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


def _worst(judged: Iterable[CheckStatus | None]) -> str:
    """The verdict of these checks that is to be seen to; empty where all are well."""
    found = {status.judgement for status in judged if status is not None}
    return next((word for word in VERDICTS if word in found), "")


def _group_node(
    graph: AssetGraph,
    name: str,
    members: list[AssetKey],
    words: Mapping[AssetKey, str],
    scene: Scene,
) -> NodeView:
    legend = legend_of(words[key] for key in members)
    parts = [f"{entry.count} {marked(entry.state)}" for entry in legend]
    judged = [scene.checks.get(check) for key in members for check in graph.checks_of(key)]
    verdict = _worst(judged)
    against = [status for status in judged if status and status.judgement == verdict]
    sign = "✗" if verdict == "failed" else "!"
    checks = f"{counted(len(against), 'check')} {verdict} {sign}" if against else ""
    seen = parts if len(parts) <= 3 else [*parts[:3], "…"]
    return NodeView(
        id=f"group:{name}",
        label=f"{elide(clean_line(name), LABEL_LENGTH - 6)} ({len(members)})",
        state=legend[0].state,
        note=" · ".join(filter(None, [*seen, checks])),
        checks=checks,
        verdict=verdict,
        group=name,
        tooltip="\n".join(
            [
                elide(clean_line(name), 400),
                *parts,
                *[f"{clean_line(status.key)} {verdict}" for status in against],
            ]
        ),
        marked=any(key in scene.marked for key in members),
        members=len(members),
    )


def _edges(
    graph: AssetGraph,
    keys: Iterable[AssetKey],
    home: Mapping[AssetKey, str],
    made: Mapping[AssetKey, Drawn],
) -> Iterable[EdgeView]:
    shown = set(keys)
    edges: dict[tuple[str, str], None] = {}

    def place(key: AssetKey) -> str:
        return home.get(key) or node_id(key)

    for key in graph.sorted(shown):
        drawn = made.get(key)
        if drawn is not None and drawn.ops:
            if key == drawn.keys[0]:
                edges.update(dict.fromkeys(op_edges(graph, drawn, place, shown)))
            continue
        for parent in graph.parents(key):
            if parent in shown and place(parent) != place(key):
                edges[place(parent), place(key)] = None
    return (EdgeView(source, target) for source, target in edges)
