"""Agreement with Dagster on random programs; `--seed` gives other ones."""

from __future__ import annotations

import random

import pytest

from tests.differential.programs import program
from tests.differential.twin import Came, dagster_instance, dagster_run, our_run

BATCHES, PROGRAMS = 20, 27
# Programs that Dagster itself refuses to run are no reference; they are few, and others are taken.
MOST = 2 * PROGRAMS


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--seed"))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_run_comes_to_what_it_comes_to_in_dagster(batch: int, seed: int) -> None:
    """What ran, was skipped and failed, the verdicts and the values are the same."""
    answered = 0
    with dagster_instance() as instance:
        for number in range(MOST):
            written = program(random.Random(f"{seed}/{batch}/{number}"))
            theirs = dagster_run(written, instance)
            if theirs is None:
                continue
            answered += 1
            ours = our_run(written)
            assert ours == told(theirs, ours), f"{written.text}\n{written.selection}"
            if answered == PROGRAMS:
                break
    assert answered == PROGRAMS


def told(theirs: Came, ours: Came) -> Came:
    """Dagster's run without the ops of graphs of which nothing could come, which do not run here."""
    held = {name.partition(".")[0] for name in theirs.steps}
    held -= {name.partition(".")[0] for name in ours.steps}
    steps = {
        name: outcome
        for name, outcome in theirs.steps.items()
        if name.partition(".")[0] not in held
    }
    return Came(success=theirs.success, values=theirs.values, verdicts=theirs.verdicts, steps=steps)
