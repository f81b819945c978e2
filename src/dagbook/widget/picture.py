"""What the widget shows at this moment: the graph as it was last read, what is chosen and found."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.selecting import selection_world
from dagbook.graph.asset_graph import AssetGraph
from dagbook.planning.build import build
from dagbook.planning.plan import Plan
from dagbook.selection.completion import Completion, suggest
from dagbook.staleness.status import AssetStatus, CheckStatus, Statuses
from dagbook.views.dag import Scene, dag_view, folded_at_first, groups_of
from dagbook.views.expanding import to_expand
from dagbook.views.ops import Computation, computation
from dagbook.views.parts import OP, DagView, computation_of, group_of, node_id
from dagbook.widget.expressions import any_of, group_expression
from dagbook.widget.live import LiveWorkspace

GROUP = "group:"


class Picture:
    """The state behind the widget, without any widget.

    `focus` is the selection of what was clicked last; `chosen` are all assets that a ring marks,
    `gathered` whether one by one; `found` those that the search names, or None where nothing is
    searched: of clicks, a search and `%select` the newest makes the selection; `picked` is the id of the
    op that was clicked last; `opened` are the computations whose ops are drawn, by their first asset.
    """

    def __init__(self, workspace: LiveWorkspace, selection: str | None) -> None:
        self.workspace = workspace
        self.selection = selection
        self.focus = ""
        self.focused: AssetKey | None = None
        self.chosen: dict[AssetKey, None] = {}
        self.gathered = False
        self.found: tuple[AssetKey, ...] | None = None
        self.searched = ""
        self.picked = ""
        self.opened: set[AssetKey] = set()
        # What was clicked of the groups: whether each is folded; and how they are otherwise.
        self._folds: dict[str, bool] = {}
        self._selected = workspace.selected
        self._at_first: tuple[AssetGraph, list[AssetKey], frozenset[str]] | None = None
        self.read()

    def read(self) -> None:
        """Take in the graph and how it stands; raises SelectionError for its own selection."""
        _, standing = self.workspace.observe(passive=True)
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
        if self._selected != self.workspace.selected:
            self._selected = self.workspace.selected
            self._let_go_of_search()
            self._let_go_of_clicks()
        self.refresh()

    def expand(self, names: Iterable[str]) -> None:
        """Open the groups, assets and graphs of these names; raises NothingToExpand."""
        found = to_expand(self.graph, names)
        self.opened |= found.computations
        self._folds.update(dict.fromkeys(found.groups, False))
        self.refresh()

    def refresh(self) -> None:
        """Make the view anew from what was read, what runs and what is folded."""
        self.groups = groups_of(self.graph, self.keys)
        if self._at_first is None or self._at_first[:2] != (self.graph, self.keys):
            self._at_first = self.graph, self.keys, folded_at_first(self.graph, self.keys)
        folded = {name for name in self.groups if self._folds.get(name, name in self._at_first[2])}
        self.opened = {key for key in self.opened if key in self.graph}
        self.view: DagView = dag_view(
            self.graph,
            Scene(
                statuses=self.statuses,
                checks=self.checks,
                shown=None if self.selection is None else self.keys,
                running=self.workspace.activity.running,
                marked=self.workspace.selected,
                folded=folded,
                opened=self.opened,
                ops={key: self.workspace.history_of.ops(key) for key in self.opened},
            ),
        )

    @property
    def structure(self) -> object:
        """Equal structures can be drawn by one canvas."""
        nodes = tuple((node.id, node.label) for node in self.view.nodes)
        return nodes, self.view.edges, self.view.boxes

    @property
    def ringed(self) -> frozenset[str]:
        """The ids of the nodes with a ring."""
        return self.ids(self.chosen) | ({self.picked} if self.picked else frozenset())

    @property
    def bright(self) -> frozenset[str] | None:
        """The ids of the nodes that the search names."""
        return None if self.found is None else self.ids(self.found)

    def click(self, node: str, *, several: bool) -> None:
        """Choose what a node or a box stands for; with `several` beside the others."""
        keys = self.members(node)
        if not keys:
            return
        self.picked = node if node.startswith(OP) else ""
        if not several:
            self.chosen = {} if self.picked else dict.fromkeys(keys)
        elif all(key in self.chosen for key in keys):
            for key in keys:
                del self.chosen[key]
        else:
            self.chosen.update(dict.fromkeys(keys))
        self.gathered = several
        if self.gathered or len(self.chosen) > 1:
            self._let_go_of_search()
        group = group_of(node)
        single = group is None and computation_of(node) is None
        self.focused = keys[0] if single else None
        self.focus = any_of(self._whole(keys)) if group is None else group_expression(group)

    def _whole(self, keys: Iterable[AssetKey]) -> dict[AssetKey, None]:
        """The assets with those that can only be made with them: what a run may be asked for."""
        return dict.fromkeys(other for key in keys for other in self.graph.nodes[key].together)

    def made_by(self, node: str) -> Computation | None:
        """The computation behind an asset, an op or a box; None where it is a plain function."""
        found = computation_of(node)
        key = found[0] if found is not None else next(iter(self.members(node)), None)
        if key is None or key not in self.graph or group_of(node) is not None:
            return None
        return computation(self.graph, key)

    def is_open(self, node: str) -> bool | None:
        """Whether what the node stands for is open; None where it does not open into anything."""
        group = group_of(node)
        if group is not None:
            drawn = {each.id for each in self.view.nodes}
            return f"{GROUP}{group}" not in drawn if group in self.groups else None
        made = self.made_by(node)
        if made is None or made.composed is None:
            return None
        return made.key in self.opened

    def toggle(self, node: str) -> bool:
        """Open or close the group or graph that it stands for; whether it stands for one."""
        if self.is_open(node) is None:
            return False
        group, made = group_of(node), self.made_by(node)
        if group is not None:
            self._folds[group] = bool(self.is_open(node))
        elif made is not None:
            self.opened ^= {made.key}
            self.picked = ""
        self.refresh()
        return True

    def search(self, expression: str) -> None:
        """Find what a selection names; nothing is searched for an empty one.

        Raises SelectionError, and then nothing is found, not even what was so before.
        """
        self.searched, self.found = expression.strip(), None
        if self.searched:
            self.found = tuple(self.workspace.select(self.searched))
            self._let_go_of_clicks()

    def _let_go_of_search(self) -> None:
        self.searched, self.found = "", None

    def _let_go_of_clicks(self) -> None:
        """All but what was clicked last, which the panel shows."""
        self.gathered = False
        self.chosen = {key: None for key in self.chosen if key == self.focused}

    def suggest(self, text: str) -> list[Completion]:
        """What may stand at the end of a selection, by what was last read."""
        statuses = Statuses(self.statuses, self.checks)
        world = selection_world(self.graph, lambda: statuses, self.workspace.selected)
        return suggest(text, len(text), self.graph, world)

    def members(self, node: str) -> list[AssetKey]:
        """The assets that a node or a box stands for; empty where it is no longer there."""
        group, within = group_of(node), computation_of(node)
        if group is not None:
            return list(self.groups.get(group, ()))
        if within is not None:
            made = computation(self.graph, within[0]) if within[0] in self.graph else None
            return [key for key in self.keys if made is not None and key in made.definition.keys]
        return [key for key in self.keys if node_id(key) == node]

    def marked_expression(self) -> str:
        """The selection that the search, the rings, or `%select` make; empty where none does."""
        if len(self.chosen) > 1 or (self.gathered and self.chosen):
            return any_of(self.chosen)
        if self.found:
            return self.searched
        return "is:selected" if self.workspace.selected else ""

    def undone_expression(self) -> str:
        """The selection of what the last run in the background left undone, and is so still."""
        undone = [key for key in self.workspace.activity.undone if key in self.statuses]
        return any_of(key for key in undone if not self.statuses[key].is_fresh)

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
