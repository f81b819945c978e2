"""What the widget shows at this moment: the graph as it was last read, what is chosen and found."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.activity import Activity
from dagbook.engine.selecting import selection_world
from dagbook.graph.asset_graph import AssetGraph
from dagbook.planning.build import build
from dagbook.planning.plan import Plan
from dagbook.selection.completion import Completion, suggest
from dagbook.staleness.status import AssetStatus, CheckStatus, Statuses
from dagbook.views.dag import DagView, Scene, dag_view, folded_by_size, groups_of, node_id
from dagbook.widget.expressions import any_of, group_expression, key_expression
from dagbook.widget.live import LiveWorkspace

GROUP = "group:"
BOX = "box:"


class Picture:
    """The state behind the widget, without any widget.

    `focus` is the selection of what was clicked last; `chosen` are all assets that a ring marks;
    `found` those that the search names, or None where nothing is searched.
    """

    def __init__(self, workspace: LiveWorkspace, selection: str | None, activity: Activity) -> None:
        self.workspace = workspace
        self.selection = selection
        self.activity = activity
        self.focus = ""
        self.focused: AssetKey | None = None
        self.chosen: dict[AssetKey, None] = {}
        self.found: tuple[AssetKey, ...] | None = None
        self.searched = ""
        self._toggled: set[str] = set()
        self.read()

    def read(self) -> None:
        """Take in the graph and how it stands; raises SelectionError for its own selection."""
        _, standing = self.workspace.observe()
        # Looking at the world may find inputs that only helper functions read.
        self.graph: AssetGraph = self.workspace.graph
        self.statuses: dict[AssetKey, AssetStatus] = standing.assets
        self.checks: dict[AssetCheckKey, CheckStatus] = standing.checks
        self.keys = list(self.graph.order)
        if self.selection is not None:
            self.keys = [k for k in self.workspace.select(self.selection) if k in self.graph]
        self.chosen = {key: None for key in self.chosen if key in self.graph}
        if self.focused is not None and self.focused not in self.graph:
            self.focused, self.focus = None, ""
        self.refresh()

    def refresh(self) -> None:
        """Make the view anew from what was read, what runs and what is folded."""
        self.groups = groups_of(self.graph, self.keys)
        folded = folded_by_size(self.groups) ^ self._toggled
        self.view: DagView = dag_view(
            self.graph,
            Scene(
                statuses=self.statuses,
                checks=self.checks,
                shown=None if self.selection is None else self.keys,
                running=self.activity.running,
                marked=self.workspace.selected,
                folded=folded,
            ),
        )

    @property
    def structure(self) -> object:
        """Equal structures can be drawn by one canvas."""
        nodes = tuple((node.id, node.label) for node in self.view.nodes)
        return nodes, self.view.edges, self.view.groups

    @property
    def ringed(self) -> frozenset[str]:
        """The ids of the nodes with a ring."""
        return self.ids(self.chosen)

    @property
    def bright(self) -> frozenset[str] | None:
        """The ids of the nodes that the search names."""
        return None if self.found is None else self.ids(self.found)

    def click(self, node: str, *, several: bool) -> None:
        """Choose a node, a folded group or the members of a box; with `several` beside the others."""
        keys = self.members(node)
        if not keys:
            return
        if not several:
            self.chosen = dict.fromkeys(keys)
        elif all(key in self.chosen for key in keys):
            for key in keys:
                del self.chosen[key]
        else:
            self.chosen.update(dict.fromkeys(keys))
        group = group_of(node)
        self.focused = keys[0] if group is None else None
        self.focus = key_expression(keys[0]) if group is None else group_expression(group)

    def toggle(self, node: str) -> bool:
        """Fold or unfold the group that a node or a box stands for; whether it stands for one."""
        group = group_of(node)
        if group is None or group not in self.groups:
            return False
        self._toggled ^= {group}
        self.refresh()
        return True

    def search(self, expression: str) -> None:
        """Find what a selection names; nothing is searched for an empty one."""
        self.searched = expression.strip()
        self.found = tuple(self.workspace.select(self.searched)) if self.searched else None

    def suggest(self, text: str) -> list[Completion]:
        """What may stand at the end of a selection, by what was last read."""
        statuses = Statuses(self.statuses, self.checks)
        world = selection_world(self.graph, lambda: statuses, self.workspace.selected)
        return suggest(text, len(text), self.graph, world)

    def members(self, node: str) -> list[AssetKey]:
        """The assets that a node or a box stands for; empty where it is no longer there."""
        group = group_of(node)
        if group is not None:
            return list(self.groups.get(group, ()))
        return [key for key in self.keys if node_id(key) == node]

    def marked_expression(self) -> str:
        """The selection that the search, the rings, or `%select` make; empty where none does."""
        if len(self.chosen) > 1:
            return any_of(self.chosen)
        if self.found:
            return self.searched
        return "is:selected" if self.workspace.selected else ""

    def due_expression(self) -> str | None:
        """The selection of all that is drawn; None for everything."""
        return self.selection

    def has_due(self) -> bool:
        """Whether anything drawn is not up to date."""
        return any(not self.statuses[key].is_fresh for key in self.keys if key in self.statuses)

    def plan(self, expression: str | None) -> Plan:
        """What a run of this selection would do, by what was last read; raises SelectionError."""
        keys = self.keys if expression is None else self.workspace.select(expression)
        statuses = Statuses(self.statuses, self.checks)
        return build(self.graph, statuses, keys, durations=self.workspace.durations())

    def ids(self, keys: Iterable[AssetKey]) -> frozenset[str]:
        """The ids of the nodes that stand for these assets."""
        drawn = {node.id for node in self.view.nodes}
        ids = set()
        for key in keys:
            group, own = f"{GROUP}{self.graph.nodes[key].spec.group_name}", node_id(key)
            ids.add(group if group in drawn and own not in drawn else own)
        return frozenset(ids)


def group_of(node: str) -> str | None:
    """The group that a node's id stands for; None for an asset."""
    for prefix in (GROUP, BOX):
        if node.startswith(prefix):
            return node[len(prefix) :]
    return None
