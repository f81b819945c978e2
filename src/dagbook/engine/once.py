"""Materializing definitions once, in a store that is gone with the result."""

from __future__ import annotations

import shutil
import time
import weakref
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from dagbook.definitions.arguments import by_name, several
from dagbook.definitions.assets import Definition
from dagbook.definitions.bundle import spread
from dagbook.definitions.keys import AssetKey, KeyLike
from dagbook.definitions.results import AssetCheckSeverity
from dagbook.engine.naming import key_of
from dagbook.engine.outcome import raise_failures
from dagbook.engine.store import Store
from dagbook.engine.supplying import ConfigLike
from dagbook.engine.together import each_once
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import PartitionsUnsupported, ValueMissing
from dagbook.events.records import Materialization
from dagbook.execution.addresses import new_id
from dagbook.execution.result import RunResult
from dagbook.io.layout import open_folder
from dagbook.io.locks import KeyLocks, SessionLocks
from dagbook.io.objects import ObjectStore
from dagbook.log.memory import MemoryLog
from dagbook.records import dataclass
from dagbook.selection.fluent import AssetSelection


@dataclass(frozen=True, slots=True)
class AssetMaterializationEvent:
    """That an asset was materialized: its key, its metadata, and the whole record."""

    asset_key: AssetKey
    metadata: dict[str, Any]
    materialization: Materialization


@dataclass(frozen=True, slots=True)
class AssetCheckEvaluation:
    """What a check said of an asset."""

    asset_key: AssetKey
    check_name: str
    passed: bool
    severity: AssetCheckSeverity
    metadata: dict[str, Any]
    blocking: bool


@dataclass(slots=True)
class MaterializeInProcessResult(RunResult):
    """The outcome of `materialize`: the lists of a RunResult, and the values.

    >>> from dagbook import asset
    >>> result = materialize([asset(name="orders")(lambda: [1, 2])])
    >>> result.success, result.output_for_node("orders")
    (True, [1, 2])
    """

    workspace: Workspace | None = field(default=None, repr=False)
    tags: dict[str, str] = field(default_factory=dict)

    def asset_value(self, key: KeyLike) -> Any:
        """The value of an asset that this run made; raises ValueMissing for another one."""
        own = key_of(key)
        assert self.workspace is not None
        if own not in self.records:
            raise ValueMissing(asset=str(own), reason="was not materialized by this run")
        if own in self.values:
            return self.values[own]
        return self.workspace.value(own, version=self.records[own].id)

    def output_for_node(self, name: str, output_name: str = "result") -> Any:
        """The value of the asset whose last part is `name`, or of an output of the function `name`."""
        for key in self.records:
            if output_name == "result" and name in (key.name, str(key)):
                return self.asset_value(key)
        assert self.workspace is not None
        for key in self.records:
            definition = self.workspace.graph.nodes[key].definition
            if definition is not None and definition.op.name == name:
                outs = zip(definition.op.outs, definition.keys, strict=True)
                if (output_name, key) in [(out.name, one) for out, one in outs]:
                    return self.asset_value(key)
        raise ValueMissing(asset=name, reason="was not materialized by this run")

    def get_asset_materialization_events(self) -> list[AssetMaterializationEvent]:
        """One event for each materialized asset, in the order in which they ran."""
        return [
            AssetMaterializationEvent(key, dict(record.metadata), record)
            for key, record in self.records.items()
        ]

    def get_asset_check_evaluations(self) -> list[AssetCheckEvaluation]:
        """What the checks said, in order; one that raised said nothing."""
        return [
            AssetCheckEvaluation(
                verdict.check.asset_key,
                verdict.check.name,
                verdict.passed,
                AssetCheckSeverity(verdict.severity),
                dict(verdict.metadata),
                verdict.blocking,
            )
            for verdict in self.checks
            if verdict.error is None
        ]


def materialize(
    assets: Sequence[Definition],
    selection: str | AssetSelection | Sequence[Any] | None = None,
    *,
    resources: Mapping[str, Any] | None = None,
    run_config: ConfigLike = None,
    partition_key: str | None = None,
    tags: Mapping[str, str] | None = None,
    raise_on_error: bool = True,
    workspace: Workspace | None = None,
) -> MaterializeInProcessResult:
    """Run exactly what is selected, always; nothing is kept beyond the result and by I/O managers.

    `assets`: the definitions, checks among them; `selection`: which of them run, all by default: an
    expression, an AssetSelection, or a sequence of expressions, keys and definitions; `resources`:
    what bodies use besides assets and what keeps their values, by name; `run_config`: a RunConfig
    or a dictionary of one; `tags`: labels of the result; `raise_on_error`: raise what a body
    raised; `workspace`: run there instead, and keep everything. Raises InvalidGraph, DuplicateKey,
    SelectionError or InvalidConfig before anything runs, and PartitionsUnsupported.

    >>> from dagbook import asset
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> materialize([orders]).asset_value("orders")
    [1, 2]
    """
    if partition_key is not None:
        raise PartitionsUnsupported(partition=partition_key)
    if workspace is None:
        workspace = _passing_workspace()
    definitions, provided = spread(several("materialize", "assets", assets))
    workspace.define(*each_once(definitions))
    given = {**provided, **by_name("materialize", "resources", resources or {})}
    if given:
        workspace.provide(given)
    ran = workspace.materialize(
        selection,
        only=True,
        force=True,
        raise_on_error=False,
        run_config=run_config,
        capture=True,
        command="materialize()",
    )
    result = MaterializeInProcessResult(
        **{name: getattr(ran, name) for name in RunResult.__dataclass_fields__},
        workspace=workspace,
        tags=dict(by_name("materialize", "tags", tags or {})),
    )
    if raise_on_error:
        raise_failures(result)
    return result


def _passing_workspace() -> Workspace:
    """A workspace whose store is gone when nobody holds the workspace any more."""
    folder = mkdtemp(prefix="dagbook-")
    workspace = Workspace(store=_passing_store(Path(folder)))
    # In a context of its own: a step during which that happens has opened none of it.
    weakref.finalize(workspace, Context().run, shutil.rmtree, folder, ignore_errors=True)
    return workspace


def _passing_store(root: Path) -> Store:
    """A store whose log is in memory and whose folder is somebody's temporary one."""
    folder = open_folder(root / ".dagbook", {"DAGBOOK_TRUST": "1"})
    return Store(
        folder=folder,
        log=MemoryLog(),
        objects=ObjectStore(folder.objects, durable=False),
        locks=KeyLocks(folder.asset_locks),
        sessions=SessionLocks(folder.session_locks),
        session=new_id(time.time()),
    )
