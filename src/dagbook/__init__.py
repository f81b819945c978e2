"""Turn notebook cells into data assets: kept values, a live graph, checks, believable freshness."""

from __future__ import annotations

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.decorators import AssetIn, asset, asset_check
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.results import (
    AssetCheckResult,
    AssetCheckSeverity,
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
from dagbook.execution.context import AssetExecutionContext
from dagbook.execution.result import RunResult
from dagbook.selection.fluent import AssetSelection

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
    "AssetSelection",
    "AssetSpec",
    "AssetsDefinition",
    "DagbookError",
    "MaterializeInProcessResult",
    "MaterializeResult",
    "MetadataValue",
    "Output",
    "RetryPolicy",
    "RunResult",
    "Settings",
    "Workspace",
    "asset",
    "asset_check",
    "materialize",
    "workspace",
]
