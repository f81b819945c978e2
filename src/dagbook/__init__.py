"""Turn notebook cells into data assets: kept values, a live graph, checks, believable freshness."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.bundle import definitions as _definitions
from dagbook.definitions.decorators import AssetIn, asset, asset_check
from dagbook.definitions.graph_decorators import graph_asset, graph_multi_asset
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.multi import multi_asset
from dagbook.definitions.multi_checks import multi_asset_check
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.op_decorators import graph as _graph
from dagbook.definitions.op_decorators import op
from dagbook.definitions.ports import (
    AssetOut,
    DynamicOut,
    DynamicOutput,
    GraphIn,
    GraphOut,
    In,
    Out,
)
from dagbook.definitions.raising import Failure, RetryRequested
from dagbook.definitions.results import (
    AssetCheckResult,
    AssetCheckSeverity,
    Backoff,
    DataVersion,
    Jitter,
    MaterializeResult,
    Output,
    RetryPolicy,
)
from dagbook.definitions.specs import AssetCheckSpec, AssetDep, AssetSpec
from dagbook.engine.current import workspace
from dagbook.engine.jobs import Definitions, define_asset_job
from dagbook.engine.once import MaterializeInProcessResult, materialize
from dagbook.engine.settings import Settings
from dagbook.engine.workspace import Workspace
from dagbook.errors import DagbookError
from dagbook.execution.context import (
    AssetCheckExecutionContext,
    AssetExecutionContext,
    OpExecutionContext,
)
from dagbook.execution.result import RunResult
from dagbook.selection.fluent import AssetSelection

# Last, because the packages of the same names have been put in their place by the imports above.
graph = _graph
definitions = _definitions

if TYPE_CHECKING:
    from dagbook.definitions.check_factories import (
        build_column_schema_change_checks as build_column_schema_change_checks,
    )
    from dagbook.definitions.check_factories import (
        build_last_update_freshness_checks as build_last_update_freshness_checks,
    )
    from dagbook.definitions.check_factories import (
        build_metadata_bounds_checks as build_metadata_bounds_checks,
    )
    from dagbook.definitions.env import EnvVar as EnvVar
    from dagbook.definitions.injection import ResourceParam as ResourceParam
    from dagbook.definitions.observable import ObserveResult as ObserveResult
    from dagbook.definitions.observable import (
        observable_source_asset as observable_source_asset,
    )
    from dagbook.definitions.resource import ResourceDefinition as ResourceDefinition
    from dagbook.definitions.resource import io_manager as io_manager
    from dagbook.definitions.resource import resource as resource
    from dagbook.definitions.tables import TableColumn as TableColumn
    from dagbook.definitions.tables import TableColumnConstraints as TableColumnConstraints
    from dagbook.definitions.tables import TableColumnDep as TableColumnDep
    from dagbook.definitions.tables import TableColumnLineage as TableColumnLineage
    from dagbook.definitions.tables import TableConstraints as TableConstraints
    from dagbook.definitions.tables import TableRecord as TableRecord
    from dagbook.definitions.tables import TableSchema as TableSchema
    from dagbook.engine.in_memory import materialize_to_memory as materialize_to_memory
    from dagbook.engine.modules import (
        load_definitions_from_module as load_definitions_from_module,
    )
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

# Where names live that most sessions don't use; some rest on libraries that take long to load.
_LATER = {
    "build_column_schema_change_checks": "dagbook.definitions.check_factories",
    "build_last_update_freshness_checks": "dagbook.definitions.check_factories",
    "build_metadata_bounds_checks": "dagbook.definitions.check_factories",
    "EnvVar": "dagbook.definitions.env",
    "ObserveResult": "dagbook.definitions.observable",
    "observable_source_asset": "dagbook.definitions.observable",
    "ResourceParam": "dagbook.definitions.injection",
    "ResourceDefinition": "dagbook.definitions.resource",
    "io_manager": "dagbook.definitions.resource",
    "resource": "dagbook.definitions.resource",
    "TableColumn": "dagbook.definitions.tables",
    "TableColumnConstraints": "dagbook.definitions.tables",
    "TableColumnDep": "dagbook.definitions.tables",
    "TableColumnLineage": "dagbook.definitions.tables",
    "TableConstraints": "dagbook.definitions.tables",
    "TableRecord": "dagbook.definitions.tables",
    "TableSchema": "dagbook.definitions.tables",
    "load_definitions_from_module": "dagbook.engine.modules",
    "materialize_to_memory": "dagbook.engine.in_memory",
    "InputContext": "dagbook.io.contexts",
    "OutputContext": "dagbook.io.contexts",
    "FilesystemIOManager": "dagbook.io.filesystem",
    "IOManager": "dagbook.io.manager",
    "InMemoryIOManager": "dagbook.io.manager",
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
}


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

    return connect(session.workspace, session, lambda: _panel(session.workspace), as_python)


def _panel(workspace: Workspace) -> Any:
    """The live graph for the side panel of JupyterLab."""
    from dagbook.widget.lab_panel import LabPanel

    return LabPanel(workspace)
