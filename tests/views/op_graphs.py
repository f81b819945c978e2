"""Assets that several ops make, or that are made together, for the tests of the views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dagbook import (
    AssetOut,
    AssetsDefinition,
    DynamicOut,
    DynamicOutput,
    GraphOut,
    Out,
    Output,
    RetryPolicy,
    asset,
    graph,
    graph_asset,
    multi_asset,
    op,
)
from dagbook.definitions.keys import AssetKey
from dagbook.events.records import ErrorRecord, OpFinished
from dagbook.graph.asset_graph import AssetGraph

TIDY, ODDS, EVENS, LOW, HIGH = map(AssetKey, ("tidy", "odds", "evens", "low", "high"))


@asset
def raw() -> list[int]:
    """Three numbers."""
    return [1, 2, 3]


@op
def clean(rows: list[int]) -> list[int]:
    """Takes out what is no number."""
    return rows


@op
def ordered(rows: list[int], least: int = 1) -> list[int]:
    """Puts them in order."""
    return sorted(row for row in rows if row >= least)


@graph
def inner(rows: Any) -> Any:
    """Two ops in a graph of their own."""
    return ordered(clean(rows))


@op(retry_policy=RetryPolicy(max_retries=3, delay=0.5))
def last(rows: list[int]) -> list[int]:
    """Hands them on."""
    return rows


@graph_asset(group_name="report")
def tidy(raw: Any) -> Any:
    """Made by three ops, two of which are in a graph of their own."""
    return last(inner(raw))


@op(out={"odd": Out(is_required=False), "even": Out(is_required=False)})
def split(context: Any, rows: list[int]) -> Iterator[Output[list[int]]]:
    """Tells odd from even."""
    for name in sorted(context.selected_output_names):
        yield Output(rows, name)


@graph(out={"odds": GraphOut(), "evens": GraphOut()})
def parted(raw: Any) -> Any:
    """One op gives the first asset, another one makes the second of what is left."""
    odd, even = split(raw)
    return {"odds": odd, "evens": last.alias("finish")(even)}


both = AssetsDefinition.from_graph(parted, can_subset=True)


@multi_asset(
    outs={"low": AssetOut(is_required=False), "high": AssetOut(is_required=False)},
    can_subset=True,
    group_name="report",
)
def ends(context: Any, tidy: list[int]) -> Iterator[Output[int]]:
    """Two assets of one function."""
    for name in sorted(context.selected_output_names):
        yield Output(0, name)


@op(out=DynamicOut(int))
def pieces(rows: list[int]) -> Iterator[DynamicOutput[int]]:
    """One for each number."""
    for row in rows:
        yield DynamicOutput(row, mapping_key=f"n{row}")


@op
def one(piece: int) -> int:
    """Runs for each piece."""
    return piece


@op
def total(parts: list[int]) -> int:
    """Puts the pieces together."""
    return sum(parts)


@graph_asset
def mapped(raw: Any) -> Any:
    """Made by an op that runs as often as there are numbers."""
    return total(pieces(raw).map(one).collect())


EVERY = (raw, tidy, both, ends, mapped)


def whole() -> AssetGraph:
    """The graph of all of them."""
    return AssetGraph.of(*EVERY)


def finished(key: AssetKey, outcomes: dict[str, str], run: str = "r1") -> list[OpFinished]:
    """What became of the ops of a graph, by the names of their steps."""
    error = ErrorRecord(type="ValueError", message="no luck", traceback="Traceback")
    return [
        OpFinished(
            run_id=run,
            time=1.0,
            duration=0.25,
            keys=(key,),
            step=step,
            outcome=outcome,
            error=error if outcome == "failed" else None,
        )
        for step, outcome in outcomes.items()
    ]


def keys(*names: str) -> Iterable[AssetKey]:
    """Keys of one part."""
    return [AssetKey(name) for name in names]
