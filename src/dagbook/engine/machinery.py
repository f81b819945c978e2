"""What a workspace looks, plans and runs with: loaded with the first look at the assets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dagbook.engine.accepting import accept_events as accept_events
from dagbook.engine.background import BackgroundRun as BackgroundRun
from dagbook.engine.background import prepare as prepare
from dagbook.engine.choosing import with_chosen_checks as with_chosen_checks
from dagbook.engine.explaining import changes_since as changes_since
from dagbook.engine.hidden import hidden_reads as hidden_reads
from dagbook.engine.kept import KeptWithValues
from dagbook.engine.looking import Looking
from dagbook.engine.outcome import raise_failures as raise_failures
from dagbook.engine.pinning import pin_events as pin_events
from dagbook.engine.planning import faultless_plan as faultless_plan
from dagbook.engine.running import Means as Means
from dagbook.engine.running import carry_out as carry_out
from dagbook.engine.running import executor_named as executor_named
from dagbook.engine.selecting import selected as selected
from dagbook.engine.store import Store
from dagbook.engine.supplying import Supplying
from dagbook.execution.cancel import CancelToken as CancelToken
from dagbook.execution.happened import Happened as Happened
from dagbook.execution.processes import ProcessExecutor as ProcessExecutor
from dagbook.execution.processes import WorkerPool
from dagbook.graph.asset_graph import AssetGraph
from dagbook.log.history import History
from dagbook.staleness.evaluate import evaluate as evaluate
from dagbook.versions.web import unknown_origin as unknown_origin


class Machinery:
    """What one workspace keeps from look to look and from run to run."""

    def __init__(
        self,
        store: Store,
        history: History,
        base: Path,
        resources: Mapping[str, Any] | None,
        graph: Callable[[], AssetGraph],
    ) -> None:
        self.supplying = Supplying(resources)
        self.looking = Looking(lambda name: graph().named(name), store, base)
        self.kept = KeptWithValues(history, store.present)
        self.pool = WorkerPool()
