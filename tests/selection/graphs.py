"""Graphs for the tests of selections, made of plain rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from dagbook.definitions.assets import AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.specs import AssetSpec
from dagbook.graph.asset_graph import AssetGraph

CASES = json.loads(Path(__file__).with_name("selection_cases.json").read_text())


class StaticPartitionsDefinition:
    """Stands for fixed partitions: the language goes by the name of the class."""


class DynamicPartitionsDefinition:
    """Stands for partitions that come with time."""


class TimeWindowPartitionsDefinition:
    """Stands for partitions by windows of time."""


class DailyPartitionsDefinition(TimeWindowPartitionsDefinition):
    """Stands for a special case of time windows."""


PARTITIONS: Mapping[str | None, Callable[[], object]] = {
    None: lambda: None,
    "static": StaticPartitionsDefinition,
    "dynamic": DynamicPartitionsDefinition,
    "daily": DailyPartitionsDefinition,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One asset: its key as people write it, what it waits for, its labels."""

    key: str
    deps: tuple[str, ...] = ()
    group: str = "default"
    kinds: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    owners: tuple[str, ...] = ()
    partitions: str | None = None
    external: bool = False


def graph_of(rows: Iterable[Row]) -> AssetGraph:
    """The graph of these rows."""
    return AssetGraph.of(*map(definition_of, rows))


def definition_of(row: Row) -> AssetsDefinition | AssetSpec:
    """The definition that a row stands for."""
    spec = AssetSpec(
        AssetKey.from_user_string(row.key),
        deps=tuple(AssetKey.from_user_string(dep) for dep in row.deps),
        group_name=row.group,
        kinds=frozenset(row.kinds),
        tags=row.tags,
        owners=row.owners,
        partitions_def=PARTITIONS[row.partitions](),
    )
    if row.external:
        return spec
    return AssetsDefinition(op=OpDefinition(name=spec.key.name, fn=lambda: None), specs=(spec,))


def row_of(case: Mapping[str, Any]) -> Row:
    """The row of an asset in the file of cases."""
    plain = {**case, "deps": tuple(case["deps"]), "kinds": tuple(case["kinds"])}
    return Row(**{**plain, "owners": tuple(case["owners"])})


def case_graph() -> AssetGraph:
    """The graph that the cases were answered on."""
    return graph_of([row_of(case) for case in CASES["graph"]])


def chain(*keys: str) -> AssetGraph:
    """Assets in a row, each waiting for the one before."""
    rows = [Row(key=keys[0])]
    rows += [Row(key=key, deps=(above,)) for above, key in pairwise(keys)]
    return graph_of(rows)


def written(keys: Iterable[AssetKey]) -> list[str]:
    """The keys as people write them, in alphabetical order."""
    return sorted(key.to_user_string() for key in keys)
