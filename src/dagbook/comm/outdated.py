"""Which cells show, or go on with, what is no longer so: told from the versions that they ran with."""

from __future__ import annotations

from collections.abc import Mapping

from dagbook.comm.messages import Outdated
from dagbook.comm.notebook_cells import NotebookCells
from dagbook.definitions.keys import AssetKey
from dagbook.staleness.status import AssetStatus
from dagbook.views.parts import node_id


def outdated_cells(
    cells: NotebookCells, statuses: Mapping[AssetKey, AssetStatus]
) -> tuple[Outdated, ...]:
    """The cells that ran with other values than the assets have now, or with stale ones."""
    told = []
    for cell, versions in list(cells.made_with.items()):
        earlier, stale = [], []
        for key, version in versions.items():
            status = statuses.get(key)
            if status is None or status.materialization is None:
                continue
            if status.materialization.data_version != version:
                earlier.append(node_id(key))
            elif status.state == "stale":
                stale.append(node_id(key))
        if earlier or stale:
            told.append(Outdated(cell=cell, earlier=tuple(earlier), stale=tuple(stale)))
    return tuple(told)
