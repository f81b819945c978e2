"""Turn notebook cells into data assets: kept values, a live graph, checks, believable freshness."""

from __future__ import annotations

from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.decorators import AssetIn, asset, asset_check
from dagbook.definitions.graph_decorators import graph_asset, graph_multi_asset
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.multi import multi_asset
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
    Jitter,
    MaterializeResult,
    Output,
    RetryPolicy,
)
from dagbook.definitions.specs import AssetCheckSpec, AssetDep, AssetSpec
from dagbook.engine.current import workspace
from dagbook.engine.once import MaterializeInProcessResult, materialize
from dagbook.engine.settings import Settings
from dagbook.engine.workspace import Workspace
from dagbook.errors import DagbookError
from dagbook.execution.context import AssetExecutionContext, OpExecutionContext
from dagbook.execution.result import RunResult
from dagbook.selection.fluent import AssetSelection

# Last, because the package of the same name has been put in its place by the imports above.
graph = _graph

__all__ = [
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
    "DagbookError",
    "DynamicOut",
    "DynamicOutput",
    "Failure",
    "GraphIn",
    "GraphOut",
    "In",
    "Jitter",
    "MaterializeInProcessResult",
    "MaterializeResult",
    "MetadataValue",
    "Nothing",
    "OpExecutionContext",
    "Out",
    "Output",
    "RetryPolicy",
    "RetryRequested",
    "RunResult",
    "Settings",
    "Workspace",
    "asset",
    "asset_check",
    "graph",
    "graph_asset",
    "graph_multi_asset",
    "materialize",
    "multi_asset",
    "op",
    "workspace",
]


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook the magics: what `%load_ext dagbook` calls; calling it again does nothing.

    Raises StoreError where the notebook's store can't be opened.
    """
    # The one place that joins the faces; loaded here so that `import dagbook` stays small.
    from dagbook.notebook.extension import load

    load(shell, _draw)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magics out again: what `%unload_ext dagbook` calls."""
    from dagbook.notebook.extension import unload

    unload(shell)


def _draw(workspace: Workspace, selection: str | None, *, cell: str | None, run: int) -> Any:
    """The live widget of the graph, which takes the place of what an earlier run of the cell drew."""
    # Loaded with the first picture: ipycytoscape and ipywidgets take longer than all the rest.
    from dagbook.widget.dag_widget import DagWidget
    from dagbook.widget.shown import shown_widgets

    drawn = DagWidget(workspace, selection)
    shown_widgets.show(drawn, cell, run)
    return drawn.widget
