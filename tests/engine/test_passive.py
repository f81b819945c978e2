"""Looks that nobody asked for: they are short, and say what they left open."""

from __future__ import annotations

import time

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.staleness.status import AssetStatus
from dagbook.views.assets import why_of
from tests.engine.typed import define, states

KEY = AssetKey("total")
TEXT = "@asset\ndef total():\n    return float(BIG[0]) + SMALL[0]\n"


def passive(workspace: Workspace) -> AssetStatus:
    """How the asset seems to stand after a cell."""
    return workspace.observe(passive=True)[1].assets[KEY]


@pytest.fixture
def large(workspace: Workspace) -> dict[str, object]:
    """The notebook's variables: a list whose digest takes longer than a short look may, and a list."""
    space = define(workspace, TEXT, {"__name__": "__main__"})
    space |= {"BIG": [0.0] * 3_000_000, "SMALL": [1]}
    workspace.materialize()
    return space


def test_a_large_global_is_not_digested_again(
    workspace: Workspace, large: dict[str, object]
) -> None:
    """The look is short, and says which global it took to be as it was."""
    began = time.process_time()
    workspace.standing()
    whole = time.process_time() - began
    began = time.process_time()
    status = passive(workspace)
    assert time.process_time() - began < whole / 2
    assert (status.state, status.unchecked) == ("fresh", ("BIG",))
    assert why_of(status, "fresh") == "global BIG not re-checked"


def test_a_full_look_finds_what_a_short_one_left_open(
    workspace: Workspace, large: dict[str, object]
) -> None:
    """A change in place shows in `%stale`, and `%materialize` acts on it."""
    large["BIG"][0] = 7.0  # type: ignore[index]
    assert passive(workspace).state == "fresh"
    assert states(workspace) == {"total": "stale"}
    assert passive(workspace).state == "stale"
    large["BIG"][0] = 9.0  # type: ignore[index]
    workspace.materialize()
    assert workspace.value("total") == 10.0
    assert states(workspace) == {"total": "fresh"}


def test_small_globals_are_always_digested(workspace: Workspace, large: dict[str, object]) -> None:
    """What fits into the time is checked, in place too."""
    large["SMALL"][0] = 2  # type: ignore[index]
    assert passive(workspace).state == "stale"


def test_another_object_of_the_name_is_always_digested(
    workspace: Workspace, large: dict[str, object]
) -> None:
    """Only the very object that was digested before is taken for what it was."""
    large["BIG"] = [1.0] * 3_000_000
    assert passive(workspace).state == "stale"
    large["BIG"] = [0.0] * 3_000_000
    status = passive(workspace)
    assert (status.state, "BIG" in status.unchecked) == ("fresh", False)
