"""The workspace: what every face of dagbook asks and tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagbook.definitions.assets import Definition
from dagbook.definitions.bundle import Bundle, LazyDefinitions, spread
from dagbook.definitions.keys import AssetCheckKey, AssetKey, KeyLike
from dagbook.engine.naming import key_of, refuse_twins
from dagbook.engine.settings import Settings
from dagbook.engine.store import Store, open_store
from dagbook.engine.supplied import Supplied
from dagbook.engine.values import newest, value_at, value_of, with_id
from dagbook.events.records import Event, Forgotten, Materialization, Passing
from dagbook.graph.asset_graph import AssetGraph
from dagbook.io.files import Swept
from dagbook.later import later
from dagbook.log.history import History

if TYPE_CHECKING:
    from dagbook.engine import machinery
    from dagbook.engine.background import BackgroundRun
    from dagbook.engine.running import ExecutorName
    from dagbook.engine.selecting import Asked
    from dagbook.engine.supplying import ConfigLike, Supplying
    from dagbook.execution.cancel import CancelToken
    from dagbook.execution.executors import Executor
    from dagbook.execution.happened import Happened
    from dagbook.execution.result import RunResult
    from dagbook.execution.world import World
    from dagbook.planning.plan import Plan
    from dagbook.staleness.changes import Evaluated
    from dagbook.staleness.observations import Observations
    from dagbook.staleness.status import AssetStatus, CheckStatus, Statuses
    from dagbook.versions.diff import Change
    from dagbook.versions.web import Provenance
else:
    machinery = later("dagbook.engine.machinery")


class Workspace(Supplied):
    """A graph of assets with a store that keeps their values and their history.

    `path`: the folder that holds `.dagbook`, or that folder itself (the nearest one by default);
    `scope`: whose records these are, a notebook's path as a rule; `settings`; `resources`: what
    bodies may use besides assets, by name. Raises StoreError where the store can't be opened.

    >>> from tempfile import TemporaryDirectory
    >>> from dagbook import asset
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> with TemporaryDirectory() as folder, Workspace(folder) as workspace:
    ...     workspace.define(orders)
    ...     workspace.materialize("orders").success
    True
    """

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        scope: str = "",
        settings: Settings | None = None,
        store: Store | None = None,
        base: Path | None = None,
        resources: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.scope = scope
        self.store = store or open_store(path, durability=self.settings.durability)
        self.history_of = History(self.store.log, scope)
        self.selected: frozenset[AssetKey] = frozenset()
        self.provenance: Provenance | None = None
        self._graph = AssetGraph()
        self._base = base or Path.cwd()
        self._given = dict(resources or {})
        self._lock = threading.RLock()
        self._works: machinery.Machinery | None = None
        self._before: Evaluated | None = None

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker processes and let go of the store."""
        if self._works is not None:
            self._works.pool.kill()
        self.store.close()

    # --- the graph

    @property
    def graph(self) -> AssetGraph:
        """The definitions there are, an immutable graph."""
        return self._graph

    def define(self, *given: Definition | Bundle | LazyDefinitions) -> None:
        """Put definitions in; the newest of a key wins. Raises DuplicateKey where only case differs."""
        definitions, resources = spread(given)
        if resources:
            self.provide(resources)
        with self._lock:
            refuse_twins(self._graph, definitions)
            self._graph = self._graph.with_definitions(*definitions)
        self._changes.tell()

    def forget(self, *keys: KeyLike | AssetCheckKey) -> None:
        """Take assets or checks out of the graph; their values stay until they are collected.

        Raises UnknownAsset or UnknownCheck.
        """
        with self._lock:
            found = [self._known(key) for key in keys]
            self._graph = self._graph.without(*found)
        events = [Forgotten(time=time.time(), key=k) for k in found if isinstance(k, AssetKey)]
        self.selected = self.selected.difference(found).intersection(self._graph.keys)
        self._settle(*events)

    def select(self, expression: Asked) -> list[AssetKey]:
        """The keys that a selection names, in topological order; everything for None.

        Raises SelectionError, which points at the place.
        """
        return machinery.selected(expression, self._graph, self.standing, self.selected)

    def set_selected(self, keys: Iterable[AssetKey]) -> None:
        """Make this the selection that `is:selected` names."""
        self.selected = frozenset(keys)
        self._changes.tell()

    # --- how things stand

    def standing(self) -> Statuses:
        """The statuses of all assets and checks, judged together."""
        return self.observe()[1]

    def statuses(self) -> Mapping[AssetKey, AssetStatus]:
        """The status of every asset."""
        return self.standing().assets

    def check_statuses(self) -> Mapping[AssetCheckKey, CheckStatus]:
        """The status of every check."""
        return self.standing().checks

    def status(self, key: KeyLike) -> AssetStatus:
        """The status of one asset; raises UnknownAsset."""
        return self.statuses()[self._asset(key)]

    def observe(self, *, passive: bool = False) -> tuple[Observations, Statuses]:
        """Look at the world and judge everything; a `passive` look spends 50 ms on large globals."""
        with self._lock:
            self.history_of.refresh()
            seen = self._machinery.looking.look(
                self._graph,
                self.history_of,
                self._supplying,
                self.settings,
                self.provenance or machinery.unknown_origin,
                passive=passive,
            )
            hidden = machinery.hidden_reads(self._graph, seen, self._before)
            if hidden:
                self._graph = self._graph.with_hidden_reads(hidden)
            self._before = machinery.evaluate(self._graph, self._machinery.kept, seen, self._before)
            return seen, self._before.statuses

    def plan(
        self,
        expression: Asked = None,
        *,
        only: bool = False,
        force: bool = False,
        ignore_checks: bool = False,
    ) -> Plan:
        """What `materialize` with the same arguments would do; nothing runs.

        Raises SelectionError, or InvalidGraph with every fault of what would run.
        """
        return self._plan(expression, only, force, ignore_checks)[2]

    def explain(self, key: KeyLike) -> tuple[Change, ...]:
        """What changed in the code since the value was made, part by part with a diff."""
        own = self._asset(key)
        seen, statuses = self.observe()
        return machinery.changes_since(
            self.store.log, statuses.assets[own].materialization, seen.code.get(own)
        )

    def durations(self) -> Mapping[AssetKey, float]:
        """Seconds that each asset took the last time it was computed."""
        return self.history_of.durations

    def history(self, key: KeyLike, limit: int = 50) -> list[Materialization]:
        """The asset's materializations, newest first."""
        return self.store.log.history(self.scope, key_of(key), limit)

    # --- values

    def value(self, key: KeyLike, *, version: str | int | None = None) -> Any:
        """The kept value, the caller's own; of an earlier materialization by its number or id.

        Raises UnknownAsset, ValueMissing, or StoreError where it can't be read.
        """
        own = self._asset(key)
        if version is None:
            return self._value(own, self.statuses()[own].materialization)
        return self._value(own, with_id(self.history(own, limit=1_000), own, version))

    def kept_value(self, key: KeyLike, record: Materialization | None = None) -> Any:
        """The value of a record, by default the newest kept; nothing is judged or needs a definition.

        Raises ValueMissing, or StoreError where it can't be read.
        """
        own = key_of(key)
        return self._value(own, record or newest(self.history_of.current, own, self.scope))

    def failing_rows(self, asset: KeyLike, check: str) -> Any:
        """The rows that a check found wrong, as the frame that it gave; None where it kept none.

        Raises UnknownAsset or UnknownCheck.
        """
        node = self._graph.check(AssetCheckKey(self._asset(asset), check))
        verdict = self.check_statuses()[node.key].verdict
        if verdict is None or verdict.rows is None:
            return None
        return value_at(self.store, node.key.asset_key, verdict.rows)

    # --- runs

    def materialize(
        self,
        expression: Asked = None,
        *,
        only: bool = False,
        force: bool = False,
        ignore_checks: bool = False,
        executor: ExecutorName = "inline",
        jobs: int | None = None,
        raise_on_error: bool = True,
        run_config: ConfigLike = None,
        capture: bool = False,
        command: str = "materialize",
        on_plan: Callable[[Plan], None] | None = None,
    ) -> RunResult:
        """Bring a selection up to date: run what is not fresh, and above it what it needs.

        `expression`: a selection, everything by default; `only`: nothing above the selection;
        `force`: the selected run also when fresh; `ignore_checks`: failed blocking checks stop
        nothing; `executor`: `inline`, `threads` or `processes`, `jobs` of them at once;
        `raise_on_error`: raise what the user's code raised, after everything else has run;
        `run_config`: config by asset, from now on; `capture`: the result holds what managers take.
        Raises SelectionError, InvalidGraph or InvalidConfig before anything runs.
        """
        self._supplying.configure(run_config)
        seen, statuses, plan = self._plan(expression, only, force, ignore_checks)
        if on_plan is not None:
            on_plan(plan)
        where = machinery.executor_named(executor, jobs, self.store.objects, self._machinery.pool)
        world = self._world(plan, seen, statuses, where, command, capture=capture)
        result = machinery.carry_out(plan, world, self._append)
        if raise_on_error:
            machinery.raise_failures(result)
        return result

    def start(
        self,
        expression: Asked = None,
        *,
        only: bool = False,
        force: bool = False,
        ignore_checks: bool = False,
        run_config: ConfigLike = None,
        command: str = "materialize --background",
    ) -> BackgroundRun:
        """Like `materialize`, in a worker process while the caller goes on; gives a handle at once.

        The functions are taken as they are now; cells that run later do not change the run.
        """
        self._supplying.configure(run_config)
        seen, statuses, plan = self._plan(expression, only, force, ignore_checks)
        executor = machinery.ProcessExecutor(self.store.objects, self._machinery.pool)
        machinery.prepare(executor, self._graph, plan)
        cancel = machinery.CancelToken()
        cancel.on_cancel(executor.cancel)
        world = self._world(plan, seen, statuses, executor, command, cancel)
        handle = machinery.BackgroundRun(world.run_id, plan, cancel)
        return self._begin(handle, lambda: machinery.carry_out(plan, world, self._append))

    def accept(self, key: KeyLike, reason: str) -> None:
        """Count a stale asset as fresh after a harmless change of its code; the reason is kept.

        Raises InvalidAcceptance where the data that it reads has changed.
        """
        own = self._asset(key)
        self._settle(*machinery.accept_events(own, self.observe(), reason, time.time()))

    def pin(self, key: KeyLike, version: str | int | None) -> None:
        """Let an earlier version count until `pin(key, None)`; raises ValueMissing, UnknownAsset."""
        own = self._asset(key)
        kept = self.history(own, limit=1_000) if version is not None else []
        self._settle(*machinery.pin_events(own, version, kept, self.history_of.current, self.store))

    def collect_garbage(self, keep: int | None = None, *, dry_run: bool = False) -> Swept:
        """Remove values beyond the newest `keep` large ones of each asset, and what nobody names."""
        left = self.store.log.prune(self.settings.keep if keep is None else keep, dry_run=dry_run)
        self.history_of.reload()
        return self.store.objects.sweep(left, dry_run=dry_run)

    # --- within

    @property
    def _machinery(self) -> machinery.Machinery:
        """Made with the first look."""
        with self._lock:
            self._works = self._works or machinery.Machinery(
                self.store, self.history_of, self._base, self._given, lambda: self._graph
            )
            return self._works

    @property
    def _supplying(self) -> Supplying:
        return self._machinery.supplying

    def _value(self, key: AssetKey, record: Materialization | None) -> Any:
        if record is not None and self._supplying.keeps(self._graph.nodes.get(key)):
            return self._supplying.load(self._graph.nodes[key])
        return value_of(self.store, key, record)

    def _asset(self, key: KeyLike) -> AssetKey:
        return self._graph.node(key_of(key)).key

    def _known(self, key: KeyLike | AssetCheckKey) -> AssetKey | AssetCheckKey:
        if isinstance(key, AssetCheckKey):
            return self._graph.check(key).key
        return self._asset(key)

    def _plan(
        self, expression: Asked, only: bool, force: bool, ignore_checks: bool
    ) -> tuple[Observations, Statuses, Plan]:
        keys = self.select(expression)
        self._supplying.ask_anew()
        seen, statuses = self.observe()
        plan = machinery.faultless_plan(
            self._graph,
            statuses,
            keys,
            only=only,
            force=force,
            ignore_checks=ignore_checks,
            durations=self.history_of.durations,
        )
        marked = self.selected
        return (
            seen,
            statuses,
            machinery.with_chosen_checks(expression, plan, self._graph, statuses, marked, force),
        )

    def _world(
        self,
        plan: Plan,
        seen: Observations,
        statuses: Statuses,
        executor: Executor,
        command: str,
        cancel: CancelToken | None = None,
        capture: bool = False,
    ) -> World:
        cancel = cancel or machinery.CancelToken()
        works, told = self._machinery, self._waits.tell
        means = machinery.Means(self.store, self.scope, self._refresh, told, works.looking.files)
        world = means.world(self._graph, works.kept, seen, statuses, executor, command, cancel)
        return works.supplying.give(world, plan, capture=capture)

    def _settle(self, *events: Event) -> None:
        self._append(machinery.Happened(events))
        self._changes.tell()

    def _refresh(self) -> None:
        with self._lock:
            self.history_of.refresh()

    def _append(self, happened: Happened) -> None:
        """Keep events durably, then know them, then tell them."""
        if not all(isinstance(event, Passing) for event in happened.events):
            with self._lock:
                self.store.log.append(self.scope, happened.events)
                self.history_of.apply(happened.events)
        self._tell(happened.events)
