"""Puts how a notebook stands into records of the wire, and tells what differs from the time before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from typing import TypeVar, cast

from dagbook.comm.messages import (
    AssetState,
    CellState,
    CheckState,
    FlagWord,
    MadeWith,
    Outdated,
    State,
    StateWord,
)
from dagbook.comm.notebook_cells import AnyKey
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.differing import Edition, differing
from dagbook.records import dataclass
from dagbook.staleness.status import AssetStatus, CheckStatus, Statuses
from dagbook.views.assets import flags_of, flags_shown, why_of
from dagbook.views.checks import verdict_says
from dagbook.views.lettering import clean_line, elide
from dagbook.views.parts import node_id
from dagbook.views.quantities import counted
from dagbook.views.states import state_word

MOST_WHY = 400
MOST_NOTE = 160
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything at one moment, by the ids of assets and of cells."""

    assets: Mapping[str, AssetState] = field(default_factory=dict)
    cells: Mapping[str, CellState] = field(default_factory=dict)
    outdated: tuple[Outdated, ...] = ()
    madewith: Mapping[str, MadeWith] = field(default_factory=dict)
    runs: tuple[str, ...] = ()


class Describer:
    """Describes assets and cells, and anew only those of which something changed: most do not."""

    def __init__(self) -> None:
        self._seen = _Seen(AssetGraph(), Statuses({}, {}), frozenset())
        self._assets: Edition[str, AssetState] = Edition()
        self._cells: tuple[_CellsSeen, Mapping[str, CellState]] | None = None
        self._made_with: dict[str, tuple[Mapping[AssetKey, str], MadeWith]] = {}

    def assets(
        self, graph: AssetGraph, standing: Statuses, running: Collection[AssetKey]
    ) -> Mapping[str, AssetState]:
        """The states of all assets of the graph; the very same where nothing differs."""
        now = _Seen(graph, standing, frozenset(running))
        touched, self._seen = now.differs(self._seen), now
        if touched:
            told = Edition(self._assets)
            for key in touched:
                if key not in graph:
                    told.pop(node_id(key), None)
            for key in graph.sorted(key for key in touched if key in graph):
                status = standing.assets.get(key)
                checks = tuple([standing.checks.get(each) for each in graph.checks_of(key)])
                told[node_id(key)] = _asset_state(graph, key, status, checks, key in running)
            told.made_from(self._assets, map(node_id, touched))
            self._assets = told
        return self._assets

    def cells(
        self,
        cells: Mapping[str, tuple[AnyKey, ...]],
        digests: Mapping[str, str],
        graph: AssetGraph,
    ) -> Mapping[str, CellState]:
        """The cells that define something; the very same where nothing differs."""
        now = (dict(cells), dict(digests), graph.nodes, graph.checks)
        if self._cells is None or not _same(self._cells[0], now):
            self._cells = now, cell_states(now[0], now[1], graph)
        return self._cells[1]

    def made_with(self, made_with: Mapping[str, Mapping[AssetKey, str]]) -> Mapping[str, MadeWith]:
        """The versions that the cells come from; the very same of each cell that has not run since."""
        for cell, versions in list(made_with.items()):
            known = self._made_with.get(cell)
            if known is None or known[0] is not versions:
                names = tuple(map(node_id, versions))
                one = MadeWith(cell=cell, assets=names, versions=tuple(versions.values()))
                self._made_with[cell] = versions, one
        return {cell: one for cell, (_, one) in self._made_with.items()}


_CellsSeen = tuple[dict[str, tuple[AnyKey, ...]], dict[str, str], object, object]


def _same(one: _CellsSeen, other: _CellsSeen) -> bool:
    return one[2] is other[2] and one[3] is other[3] and one[:2] == other[:2]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an asset's state is told from."""

    graph: AssetGraph
    standing: Statuses
    running: frozenset[AssetKey]

    def differs(self, before: _Seen) -> set[AssetKey]:
        """The assets of which something differs: that it is the same object is faster seen than equal."""
        graph, old = self.graph, before.graph
        touched = set(self.running ^ before.running)
        touched.update(differing(graph.nodes, old.nodes))
        touched.update(differing(self.standing.assets, before.standing.assets))
        touched.update([check.asset_key for check in differing(graph.checks, old.checks)])
        checks = differing(self.standing.checks, before.standing.checks)
        return touched.union([check.asset_key for check in checks])


def _asset_state(
    graph: AssetGraph,
    key: AssetKey,
    status: AssetStatus | None,
    checks: tuple[CheckStatus | None, ...],
    running: bool,
) -> AssetState:
    word = state_word(status, running=running, declared=graph.nodes[key].declared)
    record = status.materialization if status is not None else None
    why = "; ".join(filter(None, [why_of(status, word), *flags_of(status)]))
    return AssetState(
        key=node_id(key),
        state=cast(StateWord, word),
        why=elide(clean_line(why), MOST_WHY),
        flags=cast(tuple[FlagWord, ...], flags_shown(status)),
        seconds=record.duration if record is not None else None,
        checks=tuple([_check_state(each) for each in checks if each is not None]),
        inputs=tuple([node_id(parent) for parent in graph.parents(key)]),
    )


def _check_state(status: CheckStatus) -> CheckState:
    verdict = status.verdict
    rows = verdict.row_count if verdict is not None else None
    failing = f"{counted(rows, 'failing row')}" if rows else ""
    note = "; ".join(filter(None, [failing, verdict_says(verdict)]))
    return CheckState(
        name=status.key.name,
        verdict=status.judgement,
        note=elide(clean_line(note), MOST_NOTE),
    )


def cell_states(
    cells: Mapping[str, tuple[AnyKey, ...]], digests: Mapping[str, str], graph: AssetGraph
) -> Mapping[str, CellState]:
    """The cells that define something that is still in the graph."""
    found = {}
    for cell, keys in cells.items():
        assets = [node_id(k) for k in keys if isinstance(k, AssetKey) and k in graph]
        checks = [
            f"{node_id(k.asset_key)}.{k.name}"
            for k in keys
            if isinstance(k, AssetCheckKey) and k in graph.checks
        ]
        if assets or checks:
            found[cell] = CellState(
                id=cell, digest=digests.get(cell, ""), assets=tuple(assets), checks=tuple(checks)
            )
    return found


def difference(before: Standing | None, now: Standing, number: int) -> State | None:
    """The message that leads from one moment to the next; None where nothing differs."""
    old = before or Standing()
    assets, gone_assets = _changes(old.assets, now.assets)
    cells, gone_cells = _changes(old.cells, now.cells)
    madewith, _ = _changes(old.madewith, now.madewith)
    same = not (assets or cells or gone_assets or gone_cells or madewith)
    same_screen = old.outdated == now.outdated
    if before is not None and same and same_screen and old.runs == now.runs:
        return None
    return State(
        number=number,
        whole=before is None,
        assets=assets,
        cells=cells,
        goneassets=gone_assets,
        gonecells=gone_cells,
        outdated=None if before is not None and same_screen else now.outdated,
        madewith=madewith,
        runs=now.runs,
    )


def _changes(
    old: Mapping[str, _T], now: Mapping[str, _T]
) -> tuple[tuple[_T, ...], tuple[str, ...]]:
    """What is told anew, and the ids of what is gone."""
    places = differing(now, old)
    anew = [now[id] for id in places if id in now and old.get(id) != now[id]]
    return tuple(anew), tuple([id for id in places if id not in now])
