"""Graphs and statuses that the tests of the views draw."""

from __future__ import annotations

from collections.abc import Iterable

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.events.records import Materialization, ValueAddress, Verdict
from dagbook.graph.asset_graph import AssetGraph
from dagbook.staleness.status import AssetStatus, State

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "x" * 10_000,
    "données_数据_🚀",
    "a\n\x00\x1b[31m\u202eb",
    "]]>&amp;<!--",
]


def spec(name: str, deps: Iterable[str] = (), group: str = "default") -> AssetSpec:
    """An asset that nothing computes, which is all that a drawing needs."""
    return AssetSpec(AssetKey(name), deps=tuple(map(AssetKey, deps)), group_name=group)


def flights() -> AssetGraph:
    """Two raw tables, a fact table on both, and a report."""
    return AssetGraph.of(
        spec("flights", group="raw"),
        spec("planes", group="raw"),
        spec("fact", ["flights", "planes"], group="marts"),
        spec("report", ["fact"]),
    )


def status(name: str, state: State = "fresh", flags: Iterable[str] = ()) -> AssetStatus:
    """How an asset stands, without a history."""
    return AssetStatus(AssetKey(name), state, flags=frozenset(flags))


def record(name: str, **fields: object) -> Materialization:
    """A materialization with a value of 1,200 bytes."""
    return Materialization(
        **{
            "id": "m1",
            "key": AssetKey(name),
            "run_id": "run-7",
            "time": 1_760_000_000.0,
            "duration": 2.5,
            "code_version": "c",
            "data_version": "d1d2d3d4d5",
            "fingerprint": "f",
            "value": ValueAddress(address="a", format="pickle", size=1_200),
            **fields,
        }  # type: ignore[arg-type]
    )


def verdict(check: AssetCheckKey, *, passed: bool, **fields: object) -> Verdict:
    """What a check said."""
    return Verdict(
        **{
            "check": check,
            "run_id": "run-7",
            "time": 0.0,
            "duration": 0.1,
            "passed": passed,
            "severity": "ERROR",
            "blocking": False,
            "code_version": "c",
            "fingerprint": "f",
            **fields,
        }  # type: ignore[arg-type]
    )
