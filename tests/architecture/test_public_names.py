"""The public surface: every name of `dagbook.__all__` exists, is explained, and shows itself at work."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import dagbook
from dagbook.engine import current
from tests.architecture.tree import Module, source

LISTED: list[str] = getattr(dagbook, "__all__", [])
NAMES = sorted(set(LISTED) - {"__version__"})
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# What those who know Dagster look for, under the names that it has there.
KNOWN_ELSEWHERE = """
asset multi_asset graph_asset graph_multi_asset op graph asset_check multi_asset_check
observable_source_asset AssetKey AssetSpec AssetDep AssetIn AssetOut AssetsDefinition In Out GraphIn
GraphOut DynamicOut DynamicOutput Nothing Output MaterializeResult ObserveResult DataVersion
MetadataValue TableSchema TableColumn TableRecord AssetCheckSpec AssetCheckResult
AssetCheckSeverity AssetCheckKey AssetChecksDefinition AssetExecutionContext OpExecutionContext
AssetCheckExecutionContext Config PermissiveConfig ConfigurableResource EnvVar RunConfig RetryPolicy
Backoff Jitter RetryRequested Failure IOManager ConfigurableIOManager InputContext OutputContext
FilesystemIOManager mem_io_manager InMemoryIOManager UPathIOManager DuckDBResource
DuckDBPandasIOManager ResourceDefinition resource io_manager ResourceParam InitResourceContext
Definitions definitions load_definitions_from_module AssetSelection define_asset_job materialize
materialize_to_memory build_column_schema_change_checks build_metadata_bounds_checks
build_last_update_freshness_checks
"""
WITH_EXAMPLES = tuple(module for module in source() if ">>> " in module.text)


def test_the_public_names_are_listed() -> None:
    """`dagbook.__all__` names the public surface, each name once."""
    assert len(set(LISTED)) == len(LISTED) > 0


def test_names_that_are_known_from_dagster_are_public() -> None:
    """Code that is written against them runs after changing only its imports."""
    assert set(KNOWN_ELSEWHERE.split()) - set(LISTED) == set()
    assert [name for name in LISTED if not hasattr(dagbook, name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_is_documented_with_an_example(name: str) -> None:
    """What is public has a docstring of its own, with an example to copy."""
    docstring = getattr(dagbook, name).__doc__ or ""
    assert len(docstring.split()) >= 5
    assert ">>> " in docstring


@pytest.mark.parametrize("module", WITH_EXAMPLES, ids=str)
def test_the_examples_run(module: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example in a docstring prints what it says, in an empty folder, on an empty store."""
    monkeypatch.chdir(tmp_path)
    loaded = importlib.import_module(module.name)
    result = doctest.testmod(loaded, extraglobs={"dagbook": dagbook}, optionflags=FLAGS)
    assert result.failed == 0
    if current._current is not None:
        current._current.close()
        current.set_workspace(None)
