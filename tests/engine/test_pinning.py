"""Earlier versions: read by their id, and pinned so that what is below reads them."""

from __future__ import annotations

import re

import pytest

from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import ValueMissing
from tests.engine.typed import define, states, words

ABOVE = "@asset\ndef above():\n    return {}\n"
BELOW = "@asset\ndef below(above):\n    return above * 10\n"


@pytest.fixture
def three(workspace: Workspace) -> Workspace:
    """An asset that was 1, 2 and then 3, and one below it."""
    for number in (1, 2, 3):
        define(workspace, ABOVE.format(number) + BELOW)
        workspace.materialize()
    return workspace


def test_an_earlier_version_is_read_by_id_or_number(three: Workspace) -> None:
    """By the whole id, and by its place in the history."""
    oldest = three.history("above")[-1].id
    assert three.value("above", version=oldest) == 1
    assert three.value("above", version="2") == three.value("above", version=2) == 2
    told = "no kept version '17'. It has results 1 to 3, the newest last: `%asset above --history`"
    with pytest.raises(ValueMissing, match=re.escape(told)):
        three.value("above", version="17")


def test_what_is_below_uses_the_pinned_version(three: Workspace) -> None:
    """It counts as fresh whatever the code says, and is marked."""
    three.pin("above", "1")
    assert three.value("above") == 1
    assert "pinned" in three.status("above").flags
    record = three.status("above").materialization
    assert record is not None
    assert record.time == three.history("above")[-1].time
    assert states(three) == {"above": "fresh", "below": "fresh"}
    assert words(three.materialize().restored) == ["below"]
    assert three.value("below") == 10


def test_what_is_pinned_does_not_run(three: Workspace) -> None:
    """Not for an edit, and not by force."""
    three.pin("above", "1")
    define(three, ABOVE.format(9))
    assert states(three)["above"] == "fresh"
    assert "above" not in words(three.materialize(force=True).materialized)
    assert three.value("above") == 1


def test_unpinned_the_newest_counts_again(three: Workspace) -> None:
    """Without a run, as its result is kept."""
    three.pin("above", "1")
    three.materialize()
    three.pin("above", None)
    result = three.materialize()
    assert (result.materialized, words(result.restored)) == ([], ["above", "below"])
    assert three.value("below") == 30


def test_a_pin_outlives_the_process_and_the_collection_of_values(three: Workspace) -> None:
    """It is kept in the store."""
    three.pin("above", "1")
    three.collect_garbage(keep=1)
    with Workspace(three.store.folder.root, base=three.store.folder.root) as again:
        define(again, ABOVE.format(3) + BELOW)
        assert again.value("above") == 1
        assert "pinned" in again.status("above").flags
