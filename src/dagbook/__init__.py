"""Turn notebook cells into data assets: kept values, a live graph, checks, believable freshness."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagbook.definitions.assets import AssetChecksDefinition as AssetChecksDefinition
    from dagbook.definitions.assets import AssetsDefinition as AssetsDefinition
    from dagbook.definitions.bundle import definitions as definitions
    from dagbook.definitions.check_factories import (
        build_column_schema_change_checks as build_column_schema_change_checks,
    )
    from dagbook.definitions.check_factories import (
        build_last_update_freshness_checks as build_last_update_freshness_checks,
    )
    from dagbook.definitions.check_factories import (
        build_metadata_bounds_checks as build_metadata_bounds_checks,
    )
    from dagbook.definitions.decorators import AssetIn as AssetIn
    from dagbook.definitions.decorators import asset as asset
    from dagbook.definitions.decorators import asset_check as asset_check
    from dagbook.definitions.env import EnvVar as EnvVar
    from dagbook.definitions.graph_decorators import graph_asset as graph_asset
    from dagbook.definitions.graph_decorators import graph_multi_asset as graph_multi_asset
    from dagbook.definitions.injection import ResourceParam as ResourceParam
    from dagbook.definitions.keys import AssetCheckKey as AssetCheckKey
    from dagbook.definitions.keys import AssetKey as AssetKey
    from dagbook.definitions.metadata import MetadataValue as MetadataValue
    from dagbook.definitions.multi import multi_asset as multi_asset
    from dagbook.definitions.multi_checks import multi_asset_check as multi_asset_check
    from dagbook.definitions.nothing import Nothing as Nothing
    from dagbook.definitions.observable import ObserveResult as ObserveResult
    from dagbook.definitions.observable import observable_source_asset as observable_source_asset
    from dagbook.definitions.op_decorators import graph as graph
    from dagbook.definitions.op_decorators import op as op
    from dagbook.definitions.ports import AssetOut as AssetOut
    from dagbook.definitions.ports import DynamicOut as DynamicOut
    from dagbook.definitions.ports import DynamicOutput as DynamicOutput
    from dagbook.definitions.ports import GraphIn as GraphIn
    from dagbook.definitions.ports import GraphOut as GraphOut
    from dagbook.definitions.ports import In as In
    from dagbook.definitions.ports import Out as Out
    from dagbook.definitions.raising import Failure as Failure
    from dagbook.definitions.raising import RetryRequested as RetryRequested
    from dagbook.definitions.resource import ResourceDefinition as ResourceDefinition
    from dagbook.definitions.resource import io_manager as io_manager
    from dagbook.definitions.resource import resource as resource
    from dagbook.definitions.results import AssetCheckResult as AssetCheckResult
    from dagbook.definitions.results import AssetCheckSeverity as AssetCheckSeverity
    from dagbook.definitions.results import Backoff as Backoff
    from dagbook.definitions.results import DataVersion as DataVersion
    from dagbook.definitions.results import Jitter as Jitter
    from dagbook.definitions.results import MaterializeResult as MaterializeResult
    from dagbook.definitions.results import Output as Output
    from dagbook.definitions.results import RetryPolicy as RetryPolicy
    from dagbook.definitions.specs import AssetCheckSpec as AssetCheckSpec
    from dagbook.definitions.specs import AssetDep as AssetDep
    from dagbook.definitions.specs import AssetSpec as AssetSpec
    from dagbook.definitions.tables import TableColumn as TableColumn
    from dagbook.definitions.tables import TableColumnConstraints as TableColumnConstraints
    from dagbook.definitions.tables import TableColumnDep as TableColumnDep
    from dagbook.definitions.tables import TableColumnLineage as TableColumnLineage
    from dagbook.definitions.tables import TableConstraints as TableConstraints
    from dagbook.definitions.tables import TableRecord as TableRecord
    from dagbook.definitions.tables import TableSchema as TableSchema
    from dagbook.engine.current import workspace as workspace
    from dagbook.engine.in_memory import materialize_to_memory as materialize_to_memory
    from dagbook.engine.jobs import Definitions as Definitions
    from dagbook.engine.jobs import define_asset_job as define_asset_job
    from dagbook.engine.modules import load_definitions_from_module as load_definitions_from_module
    from dagbook.engine.once import MaterializeInProcessResult as MaterializeInProcessResult
    from dagbook.engine.once import materialize as materialize
    from dagbook.engine.settings import Settings as Settings
    from dagbook.engine.workspace import Workspace as Workspace
    from dagbook.errors import DagbookError as DagbookError
    from dagbook.execution.context import AssetCheckExecutionContext as AssetCheckExecutionContext
    from dagbook.execution.context import AssetExecutionContext as AssetExecutionContext
    from dagbook.execution.context import OpExecutionContext as OpExecutionContext
    from dagbook.execution.result import RunResult as RunResult
    from dagbook.io.contexts import InputContext as InputContext
    from dagbook.io.contexts import OutputContext as OutputContext
    from dagbook.io.filesystem import FilesystemIOManager as FilesystemIOManager
    from dagbook.io.manager import InMemoryIOManager as InMemoryIOManager
    from dagbook.io.manager import IOManager as IOManager
    from dagbook.io.manager import mem_io_manager as mem_io_manager
    from dagbook.io.table_files import ArrowIOManager as ArrowIOManager
    from dagbook.io.table_files import ParquetIOManager as ParquetIOManager
    from dagbook.io.upath import UPathIOManager as UPathIOManager
    from dagbook.resources.config import Config as Config
    from dagbook.resources.config import PermissiveConfig as PermissiveConfig
    from dagbook.resources.configurable import ConfigurableIOManager as ConfigurableIOManager
    from dagbook.resources.configurable import ConfigurableResource as ConfigurableResource
    from dagbook.resources.contexts import InitResourceContext as InitResourceContext
    from dagbook.resources.duckdb import DuckDBResource as DuckDBResource
    from dagbook.resources.duckdb_tables import DuckDBIOManager as DuckDBIOManager
    from dagbook.resources.duckdb_tables import DuckDBPandasIOManager as DuckDBPandasIOManager
    from dagbook.resources.run_config import RunConfig as RunConfig
    from dagbook.selection.fluent import AssetSelection as AssetSelection

__all__ = [
    "ArrowIOManager",
    "AssetCheckExecutionContext",
    "AssetCheckKey",
    "AssetCheckResult",
    "AssetCheckSeverity",
    "AssetCheckSpec",
    "AssetChecksDefinition",
    "AssetDep",
    "AssetExecutionContext",
    "AssetIn",
    "AssetKey",
    "AssetOut",
    "AssetSelection",
    "AssetSpec",
    "AssetsDefinition",
    "Backoff",
    "Config",
    "ConfigurableIOManager",
    "ConfigurableResource",
    "DagbookError",
    "DataVersion",
    "Definitions",
    "DuckDBIOManager",
    "DuckDBPandasIOManager",
    "DuckDBResource",
    "DynamicOut",
    "DynamicOutput",
    "EnvVar",
    "Failure",
    "FilesystemIOManager",
    "GraphIn",
    "GraphOut",
    "IOManager",
    "In",
    "InMemoryIOManager",
    "InitResourceContext",
    "InputContext",
    "Jitter",
    "MaterializeInProcessResult",
    "MaterializeResult",
    "MetadataValue",
    "Nothing",
    "ObserveResult",
    "OpExecutionContext",
    "Out",
    "Output",
    "OutputContext",
    "ParquetIOManager",
    "PermissiveConfig",
    "ResourceDefinition",
    "ResourceParam",
    "RetryPolicy",
    "RetryRequested",
    "RunConfig",
    "RunResult",
    "Settings",
    "TableColumn",
    "TableColumnConstraints",
    "TableColumnDep",
    "TableColumnLineage",
    "TableConstraints",
    "TableRecord",
    "TableSchema",
    "UPathIOManager",
    "Workspace",
    "asset",
    "asset_check",
    "build_column_schema_change_checks",
    "build_last_update_freshness_checks",
    "build_metadata_bounds_checks",
    "define_asset_job",
    "definitions",
    "graph",
    "graph_asset",
    "graph_multi_asset",
    "io_manager",
    "load_definitions_from_module",
    "materialize",
    "materialize_to_memory",
    "mem_io_manager",
    "multi_asset",
    "multi_asset_check",
    "observable_source_asset",
    "op",
    "resource",
    "workspace",
]

# Where each public name lives. Importing them all takes as long as starting a shell.
_LATER = {
    "AssetChecksDefinition": "dagbook.definitions.assets",
    "AssetsDefinition": "dagbook.definitions.assets",
    "definitions": "dagbook.definitions.bundle",
    "build_column_schema_change_checks": "dagbook.definitions.check_factories",
    "build_last_update_freshness_checks": "dagbook.definitions.check_factories",
    "build_metadata_bounds_checks": "dagbook.definitions.check_factories",
    "asset": "dagbook.definitions.decorators",
    "asset_check": "dagbook.definitions.decorators",
    "AssetIn": "dagbook.definitions.decorators",
    "EnvVar": "dagbook.definitions.env",
    "graph_asset": "dagbook.definitions.graph_decorators",
    "graph_multi_asset": "dagbook.definitions.graph_decorators",
    "ResourceParam": "dagbook.definitions.injection",
    "AssetCheckKey": "dagbook.definitions.keys",
    "AssetKey": "dagbook.definitions.keys",
    "MetadataValue": "dagbook.definitions.metadata",
    "multi_asset": "dagbook.definitions.multi",
    "multi_asset_check": "dagbook.definitions.multi_checks",
    "Nothing": "dagbook.definitions.nothing",
    "observable_source_asset": "dagbook.definitions.observable",
    "ObserveResult": "dagbook.definitions.observable",
    "graph": "dagbook.definitions.op_decorators",
    "op": "dagbook.definitions.op_decorators",
    "AssetOut": "dagbook.definitions.ports",
    "DynamicOut": "dagbook.definitions.ports",
    "DynamicOutput": "dagbook.definitions.ports",
    "GraphIn": "dagbook.definitions.ports",
    "GraphOut": "dagbook.definitions.ports",
    "In": "dagbook.definitions.ports",
    "Out": "dagbook.definitions.ports",
    "Failure": "dagbook.definitions.raising",
    "RetryRequested": "dagbook.definitions.raising",
    "io_manager": "dagbook.definitions.resource",
    "resource": "dagbook.definitions.resource",
    "ResourceDefinition": "dagbook.definitions.resource",
    "AssetCheckResult": "dagbook.definitions.results",
    "AssetCheckSeverity": "dagbook.definitions.results",
    "Backoff": "dagbook.definitions.results",
    "DataVersion": "dagbook.definitions.results",
    "Jitter": "dagbook.definitions.results",
    "MaterializeResult": "dagbook.definitions.results",
    "Output": "dagbook.definitions.results",
    "RetryPolicy": "dagbook.definitions.results",
    "AssetCheckSpec": "dagbook.definitions.specs",
    "AssetDep": "dagbook.definitions.specs",
    "AssetSpec": "dagbook.definitions.specs",
    "TableColumn": "dagbook.definitions.tables",
    "TableColumnConstraints": "dagbook.definitions.tables",
    "TableColumnDep": "dagbook.definitions.tables",
    "TableColumnLineage": "dagbook.definitions.tables",
    "TableConstraints": "dagbook.definitions.tables",
    "TableRecord": "dagbook.definitions.tables",
    "TableSchema": "dagbook.definitions.tables",
    "workspace": "dagbook.engine.current",
    "materialize_to_memory": "dagbook.engine.in_memory",
    "define_asset_job": "dagbook.engine.jobs",
    "Definitions": "dagbook.engine.jobs",
    "load_definitions_from_module": "dagbook.engine.modules",
    "materialize": "dagbook.engine.once",
    "MaterializeInProcessResult": "dagbook.engine.once",
    "Settings": "dagbook.engine.settings",
    "Workspace": "dagbook.engine.workspace",
    "DagbookError": "dagbook.errors",
    "AssetCheckExecutionContext": "dagbook.execution.context",
    "AssetExecutionContext": "dagbook.execution.context",
    "OpExecutionContext": "dagbook.execution.context",
    "RunResult": "dagbook.execution.result",
    "InputContext": "dagbook.io.contexts",
    "OutputContext": "dagbook.io.contexts",
    "FilesystemIOManager": "dagbook.io.filesystem",
    "InMemoryIOManager": "dagbook.io.manager",
    "IOManager": "dagbook.io.manager",
    "mem_io_manager": "dagbook.io.manager",
    "ArrowIOManager": "dagbook.io.table_files",
    "ParquetIOManager": "dagbook.io.table_files",
    "UPathIOManager": "dagbook.io.upath",
    "Config": "dagbook.resources.config",
    "PermissiveConfig": "dagbook.resources.config",
    "ConfigurableIOManager": "dagbook.resources.configurable",
    "ConfigurableResource": "dagbook.resources.configurable",
    "InitResourceContext": "dagbook.resources.contexts",
    "DuckDBResource": "dagbook.resources.duckdb",
    "DuckDBIOManager": "dagbook.resources.duckdb_tables",
    "DuckDBPandasIOManager": "dagbook.resources.duckdb_tables",
    "RunConfig": "dagbook.resources.run_config",
    "AssetSelection": "dagbook.selection.fluent",
}

# Two functions have the names of packages, which are loaded first and give up their place.
for _package in ("definitions", "graph"):
    if import_module(f"dagbook.{_package}") is globals().get(_package):
        del globals()[_package]


def __getattr__(name: str) -> Any:
    """A public name that is loaded with its first use."""
    home = _LATER.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook the magics: what `%load_ext dagbook` calls; calling it again does nothing.

    Raises StoreError where the notebook's store can't be opened.
    """
    # The one place that joins the faces; loaded here so that `import dagbook` stays small.
    from dagbook.notebook.extension import load

    load(shell, _draw, _connect)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magics out again: what `%unload_ext dagbook` calls."""
    from dagbook.notebook.extension import unload

    unload(shell)


def _draw(
    workspace: Workspace,
    selection: str | None,
    expand: tuple[str, ...] = (),
    *,
    cell: str | None,
    run: int,
) -> Any:
    """The live widget of the graph, which takes the place of what an earlier run of the cell drew."""
    # Loaded with the first picture: ipycytoscape and ipywidgets take longer than all the rest.
    from dagbook.widget.dag_widget import DagWidget
    from dagbook.widget.shown import shown_widgets

    drawn = DagWidget(workspace, selection, expand)
    shown_widgets.show(drawn, cell, run)
    return drawn.widget


def _connect(session: Any) -> Any:
    """Talk with the JupyterLab extension; gives what ends that."""
    # Only kernels have pages to talk with.
    from dagbook.comm.wire import connect
    from dagbook.notebook.transforming import as_python

    return connect(session.workspace, session, partial(_panel, session.workspace), as_python)


def _panel(workspace: Workspace, width: int, height: int) -> Any:
    """The live graph for the side panel of JupyterLab."""
    from dagbook.widget.lab_panel import LabPanel

    return LabPanel(workspace, width, height)
