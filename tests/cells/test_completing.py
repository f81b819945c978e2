"""What is offered in the line of a magic."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook import asset, asset_check
from dagbook.cells import magics
from dagbook.cells.completing import complete_header
from dagbook.cells.declared import MagicSpec
from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.completion import Completion


@asset(group_name="raw", kinds={"csv"}, tags={"tier": "1"}, owners=["team:data"])
def orders() -> int:
    """The beginning."""
    return 1


@asset(group_name="report")
def odd_ones(orders: int) -> int:
    """The end."""
    return orders


@asset_check(asset=orders)
def positive(orders: int) -> bool:
    """A check."""
    return orders > 0


GRAPH = AssetGraph.of(orders, odd_ones, positive)


def offered(line: str, spec: MagicSpec[Any]) -> list[str]:
    """The texts offered at the end of the line."""
    return [found.text for found in complete_header(line, len(line), spec, GRAPH)]


@pytest.mark.parametrize(
    ("line", "spec", "expected"),
    [
        ("or", magics.SELECT, ["orders"]),
        ("group:re", magics.DAG, ["report"]),
        (
            "odd_ones ",
            magics.SELECT,
            ["and", "or", "except", "+", "--clear", "--explain", "--help"],
        ),
        ("odd_ones --e", magics.SELECT, ["--explain"]),
        ("--st", magics.DAG, ["--static"]),
        ("--static --", magics.DAG, ["--expand", "--export", "--help"]),
        ("--expand re", magics.DAG, ["report"]),
        ("--expand raw,re", magics.DAG, ["report"]),
        ("--expand=re", magics.DAG, ["report"]),
        ("odd_ones --executor ", magics.MATERIALIZE, ["inline", "threads", "processes"]),
        ("od", magics.SHOW_ASSET, ["odd_ones"]),
        ("odd_ones --hi", magics.SHOW_ASSET, ["--history"]),
        ("or", magics.FAILING, ["orders.positive"]),
        ("or", magics.FORGET, ["orders", "orders.positive"]),
        ("new --deps od", magics.ASSET, ["odd_ones"]),
        ("new --deps odd_ones, or", magics.ASSET, ["orders"]),
        ("new --ins x=od", magics.ASSET, ["odd_ones"]),
        ("new --group ra", magics.ASSET, ["raw"]),
        ("new --kind ", magics.ASSET, ["csv"]),
        ("new --tag ti", magics.ASSET, ["tier=1"]),
        ("new --owner t", magics.ASSET, ["team:data"]),
        ("new --as p", magics.ASSET, ["pandas", "polars"]),
        ("right --asset od", magics.ASSET_CHECK, ["odd_ones"]),
        ("--ret", magics.RUNS, ["--retry"]),
    ],
)
def test_offers(line: str, spec: MagicSpec[Any], expected: list[str]) -> None:
    """After this beginning of a line, exactly these go on with it."""
    assert offered(line, spec) == expected


@pytest.mark.parametrize(
    ("line", "spec"),
    [
        ("orders # and so on ", magics.SELECT),
        ('key:"no --st', magics.DAG),
        ("new --description o", magics.ASSET),
        ("new od", magics.SHOW_ASSET),
        ("a b", magics.SELECT),
        ("--nonsense=o", magics.DAG),
    ],
)
def test_offers_nothing(line: str, spec: MagicSpec[Any]) -> None:
    """In comments, open quotes, free texts and after mistakes there is nothing to offer."""
    assert offered(line, spec) == []


def test_replaces_what_is_typed_of_the_word() -> None:
    """A completion knows where the text begins whose place it takes."""
    assert complete_header("raw --expand re x", 15, magics.DAG, GRAPH) == [
        Completion("report", 13, "expand")
    ]
