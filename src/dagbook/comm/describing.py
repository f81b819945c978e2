"""Puts how a notebook stands into records of the wire, and tells what differs from the time before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from typing import cast

from dagbook.comm.messages import AssetState, CellState, CheckState, State, StateWord
from dagbook.comm.notebook_cells import AnyKey
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.graph.asset_graph import AssetGraph
from dagbook.records import dataclass
from dagbook.staleness.status import AssetStatus, CheckStatus, Statuses
from dagbook.views.assets import why_of
from dagbook.views.checks import verdict_says
from dagbook.views.lettering import clean_line, elide
from dagbook.views.parts import node_id
from dagbook.views.quantities import counted
from dagbook.views.states import state_word

MOST_WHY = 400
MOST_NOTE = 160
_Basis = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything at one moment, by the ids of assets and of cells."""

    assets: Mapping[str, AssetState] = field(default_factory=dict)
    cells: Mapping[str, CellState] = field(default_factory=dict)
    runs: tuple[str, ...] = ()


class Describer:
    """Describes assets, and those anew only of which something changed: most do not, mostly."""

    def __init__(self) -> None:
        self._kept: dict[AssetKey, tuple[_Basis, AssetState]] = {}

    def assets(
        self, graph: AssetGraph, standing: Statuses, running: Collection[AssetKey]
    ) -> dict[str, AssetState]:
        """The states of all assets of the graph."""
        kept, found = self._kept, {}
        self._kept = {}
        for key in graph.keys:
            status = standing.assets.get(key)
            checks = tuple([standing.checks.get(each) for each in graph.checks_of(key)])
            basis = (graph.nodes[key], status, checks, key in running)
            before = kept.get(key)
            if before is not None and _same(before[0], basis):
                self._kept[key] = before
            else:
                told = _asset_state(graph, key, status, checks, key in running)
                self._kept[key] = (basis, told)
            found[self._kept[key][1].key] = self._kept[key][1]
        return found


def _same(one: _Basis, other: _Basis) -> bool:
    """Whether these are the very same objects, which is faster to see than that they are equal."""
    checks_one, checks_other = cast(_Basis, one[2]), cast(_Basis, other[2])
    return (
        one[0] is other[0]
        and one[1] is other[1]
        and one[3] == other[3]
        and len(checks_one) == len(checks_other)
        and all(a is b for a, b in zip(checks_one, checks_other, strict=True))
    )


def _asset_state(
    graph: AssetGraph,
    key: AssetKey,
    status: AssetStatus | None,
    checks: tuple[CheckStatus | None, ...],
    running: bool,
) -> AssetState:
    word = state_word(status, running=running, declared=graph.nodes[key].declared)
    record = status.materialization if status is not None else None
    flags = [each for each in ("pinned", "unverified") if status and each in status.flags]
    why = "; ".join(filter(None, [why_of(status, word), *flags]))
    return AssetState(
        key=node_id(key),
        state=cast(StateWord, word),
        why=elide(clean_line(why), MOST_WHY),
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
) -> dict[str, CellState]:
    """The cells that define something that is still in the graph."""
    found = {}
    for cell, keys in list(cells.items()):
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
    assets = tuple([each for id, each in now.assets.items() if old.assets.get(id) is not each])
    if before is not None:
        assets = tuple([each for each in assets if old.assets.get(each.key) != each])
    cells = tuple([each for id, each in now.cells.items() if old.cells.get(id) != each])
    gone_assets = tuple([id for id in old.assets if id not in now.assets])
    gone_cells = tuple([id for id in old.cells if id not in now.cells])
    same = not (assets or cells or gone_assets or gone_cells) and old.runs == now.runs
    if before is not None and same:
        return None
    return State(
        number=number,
        whole=before is None,
        assets=assets,
        cells=cells,
        goneassets=gone_assets,
        gonecells=gone_cells,
        runs=now.runs,
    )
