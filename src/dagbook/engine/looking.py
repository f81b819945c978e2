"""How a workspace looks at the world, again and again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sized
from pathlib import Path

from dagbook.engine.settings import Settings
from dagbook.engine.store import Store
from dagbook.engine.supplying import Supplying
from dagbook.graph.asset_graph import AssetGraph
from dagbook.io.faults import naming
from dagbook.io.salt import store_salt
from dagbook.log.history import History
from dagbook.observation.code_look import CodeLook
from dagbook.observation.files import FileDigests
from dagbook.observation.look import look
from dagbook.observation.outside import Outside
from dagbook.staleness.observations import Observations
from dagbook.versions.contents import Contents
from dagbook.versions.web import Provenance

# Seconds that a look which nobody asked for may spend on large values.
PASSIVE = 0.05


class Looking:
    """Keeps what one look hands on to the next: digests of files, and versions of code.

    `named` gives the assets that bear a name; `base`: the folder that relative paths begin at.
    """

    def __init__(self, named: Callable[[str], Sized], store: Store, base: Path) -> None:
        self._named = named
        self._present = store.present
        with naming(store.folder.root):
            self._salt = store_salt(store.folder.root)
        self._codes = CodeLook()
        self._contents = Contents()
        self.files = FileDigests(base, self._salt)

    def look(
        self,
        graph: AssetGraph,
        history: History,
        supplying: Supplying,
        settings: Settings,
        provenance: Provenance,
        *,
        passive: bool = False,
    ) -> Observations:
        """What everything looks like now that the freshness of the graph's assets depends on.

        A `passive` look, which nobody asked for, takes large values to be as they were.
        """
        outside = Outside(
            is_asset=lambda name: bool(self._named(name)),
            provenance=provenance,
            salt=self._salt,
            packages=settings.packages == "invalidate",
            contents=self._contents,
            budget=PASSIVE if passive else None,
            read_nothing=frozenset(settings.read_nothing),
        )
        return look(
            graph,
            history.current,
            outside=outside,
            codes=self._codes,
            files=self.files,
            present=self._present,
            now=time.time(),
            stored=history.stored,
            opened=history.files,
            given=supplying.digests(graph, self._salt),
            code_given=supplying.code,
            ask=supplying.ask,
        )
