"""Assets that give no value on purpose, and what is below them."""

from __future__ import annotations

from dagbook.engine.workspace import Workspace
from tests.engine.typed import define, states, words

OPTIONAL = """
@asset(output_required=False)
def maybe():
    {}
    if GIVEN:
        yield Output(1)

@asset
def below(maybe):
    return maybe + 1

@asset
def beside():
    return 0
"""


def optional(workspace: Workspace, given: bool, note: str = "pass") -> None:
    """Define a chain whose first asset gives a value or none."""
    define(workspace, OPTIONAL.format(note), {"GIVEN": given, "__name__": "__main__"})


def test_without_a_value_it_and_what_is_below_are_skipped(workspace: Workspace) -> None:
    """The run succeeds, and others run."""
    optional(workspace, given=False)
    result = workspace.materialize()
    assert (result.success, words(result.materialized)) == (True, ["beside"])
    assert sorted(words(result.skipped)) == ["below", "maybe"]


def test_a_skip_counts_as_up_to_date(workspace: Workspace) -> None:
    """A second run runs nothing."""
    optional(workspace, given=False)
    workspace.materialize()
    assert set(states(workspace).values()) == {"fresh"}
    assert workspace.plan().is_empty


def test_a_new_asset_below_a_skipped_one_is_skipped(workspace: Workspace) -> None:
    """It is told from a value that was never made."""
    optional(workspace, given=False)
    workspace.materialize()
    define(workspace, "@asset\ndef more(below):\n    return 1\n")
    result = workspace.materialize("more")
    assert (result.success, words(result.skipped)) == (True, ["more"])


def test_after_a_skip_a_value_runs_what_is_below(workspace: Workspace) -> None:
    """The skip was of other code."""
    optional(workspace, given=False)
    workspace.materialize()
    optional(workspace, given=True)
    assert words(workspace.materialize().materialized) == ["maybe", "below"]
    assert workspace.value("below") == 2


def test_after_a_value_a_skip_is_no_old_value(workspace: Workspace) -> None:
    """What is below does not go on with what was there before."""
    optional(workspace, given=True)
    workspace.materialize()
    optional(workspace, given=False)
    result = workspace.materialize()
    assert (result.materialized, sorted(words(result.skipped))[0]) == ([], "below")
    assert workspace.status("below").materialization is None
    assert workspace.plan().is_empty


def test_a_changed_skip_is_skipped_anew(workspace: Workspace) -> None:
    """Other code of the skipped asset makes it and what is below run, and skip, again."""
    optional(workspace, given=False)
    workspace.materialize()
    optional(workspace, given=False, note="x = 1")
    assert states(workspace)["maybe"] == "missing"
    assert workspace.materialize().success
    assert workspace.plan().is_empty


def test_a_skip_wins_over_a_failure(workspace: Workspace) -> None:
    """What waits for both is skipped."""
    optional(workspace, given=False)
    define(workspace, "@asset\ndef broken():\n    return 1 / 0\n")
    define(workspace, "@asset\ndef both(maybe, broken):\n    return 1\n")
    result = workspace.materialize(raise_on_error=False)
    assert "both" in words(result.skipped)


def test_checks_of_a_skipped_asset_are_not_judged(workspace: Workspace) -> None:
    """There is nothing to judge."""
    optional(workspace, given=False)
    define(
        workspace, "@asset_check(asset='maybe', blocking=True)\ndef c(maybe):\n    return False\n"
    )
    result = workspace.materialize()
    assert (result.success, result.checks) == (True, [])
