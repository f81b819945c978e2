"""Agreement with Dagster itself, on random graphs and expressions; `--seed` gives other ones."""

from __future__ import annotations

import random
import warnings

import pytest

from dagbook.selection.fluent import AssetSelection
from tests.selection.dagster_twin import (
    Calls,
    DagsterSelection,
    Expressions,
    dagster_answer,
    dagster_graph,
    random_rows,
)
from tests.selection.graphs import graph_of, written

BATCHES, GRAPHS, EXPRESSIONS = 20, 10, 40


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed"))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_expressions_hold_what_they_hold_in_dagster(batch: int, seed: int) -> None:
    """Wherever Dagster's published grammar gives keys, the same keys are given here."""
    rng = random.Random(f"{seed}/{batch}")
    answered = 0
    for _ in range(GRAPHS):
        rows = random_rows(rng)
        ours, theirs, expressions = graph_of(rows), dagster_graph(rows), Expressions(rng)
        for _ in range(EXPRESSIONS):
            text, external = expressions.text(), rng.random() < 0.2
            keys = dagster_answer(text, theirs, external=external)
            if keys is not None:
                answered += 1
                selection = AssetSelection.from_string(text, include_sources=external)
                assert written(selection.resolve(ours)) == keys, (text, rows)
                assert AssetSelection.from_string(str(selection)) == selection
    assert answered > GRAPHS * EXPRESSIONS / 4


@pytest.mark.parametrize("batch", range(4))
def test_calls_hold_what_they_hold_in_dagster(batch: int, seed: int) -> None:
    """The same chain of calls on both `AssetSelection` classes holds the same keys."""
    rng = random.Random(f"calls/{seed}/{batch}")
    for _ in range(GRAPHS):
        rows = random_rows(rng)
        ours, theirs, calls = graph_of(rows), dagster_graph(rows), Calls(rng, rows)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(20):
                own, other = calls.pair(rng.randrange(4), AssetSelection, DagsterSelection)
                keys = written(other.resolve(theirs, allow_missing=True))
                assert written(own.resolve(ours)) == keys, (str(own), rows)
