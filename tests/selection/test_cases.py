"""The recorded answers of Dagster on one graph: the same keys wherever it gives any."""

from __future__ import annotations

import pytest

from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.parser import parse
from dagbook.selection.resolution import resolve
from tests.selection.graphs import CASES, case_graph, written

VALID = [
    pytest.param(case["expr"], case["strict"]["keys"], id=case["expr"])
    for case in CASES["cases"]
    if "keys" in case["strict"]
]


@pytest.fixture(scope="module")
def graph() -> AssetGraph:
    return case_graph()


@pytest.mark.parametrize(("text", "keys"), VALID)
def test_answers_as_recorded(graph: AssetGraph, text: str, keys: list[str]) -> None:
    """Every expression that Dagster answers holds the same keys here."""
    assert written(resolve(parse(text), graph)) == keys


@pytest.mark.parametrize(("text", "keys"), VALID)
def test_answers_the_same_from_its_own_text(graph: AssetGraph, text: str, keys: list[str]) -> None:
    """The text that a tree gives of itself holds the same keys as the text it was read from."""
    assert written(resolve(parse(str(parse(text))), graph)) == keys
