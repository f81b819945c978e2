"""Which cells show, or go on with, what is no longer so: told from the versions that they ran with."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING

from dagbook.comm.messages import MadeWith, Outdated
from dagbook.comm.notebook_cells import NotebookCells
from dagbook.definitions.keys import AssetKey
from dagbook.staleness.status import AssetStatus
from dagbook.views.parts import node_id

if TYPE_CHECKING:
    from dagbook.log.projection import Current


def outdated_cells(
    cells: NotebookCells,
    statuses: Mapping[AssetKey, AssetStatus],
    current: Mapping[AssetKey, Current],
    doubted: Container[AssetKey] = (),
) -> tuple[Outdated, ...]:
    """The cells that ran with other values than the assets have now, or with stale or forgotten ones.

    What no cell has defined yet is compared with what is kept of it; `doubted` are those that were
    stale before this kernel began, and that nothing has defined since.
    """
    told = []
    for cell, versions in list(cells.made_with.items()):
        earlier, stale = [], []
        for key, version in versions.items():
            status, kept = statuses.get(key), current.get(key)
            record = status.materialization if status is not None else None
            if record is None and kept is not None:
                record = kept.materialization
            if record is None:
                # One that had a version has left the graph; what never had one is not made yet.
                stale += [node_id(key)] if version else []
            elif not version:
                # The cell tells that the asset waits for a run, which is true until it is fresh.
                if status is not None and status.state == "fresh":
                    earlier.append(node_id(key))
            elif record.data_version != version:
                earlier.append(node_id(key))
            elif key in doubted or (status is not None and status.state == "stale"):
                stale.append(node_id(key))
        if earlier or stale:
            told.append(Outdated(cell=cell, earlier=tuple(earlier), stale=tuple(stale)))
    return tuple(told)


def recall(
    cells: NotebookCells,
    recalled: MutableMapping[str, Mapping[AssetKey, str]],
    known: Mapping[str, AssetKey],
    told: Iterable[MadeWith],
) -> None:
    """Take in what a page shows that another kernel made, of these assets by their ids.

    Of cells that have run in this kernel it knows better: of what is not in `recalled`, or is
    another one by now.
    """
    for one in told:
        if cells.made_with.get(one.cell) is not recalled.get(one.cell):
            continue
        pairs = zip(one.assets, one.versions, strict=False)
        if versions := {known[key]: version for key, version in pairs if key in known and version}:
            cells.made_with[one.cell] = recalled[one.cell] = versions
