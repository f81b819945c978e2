"""Checks in runs: when they are judged, what they bar, and how long a verdict holds."""

from __future__ import annotations

import pytest

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.errors.execution import BlockingCheckFailed, InvalidResult
from tests.engine.typed import define, states, words

GATED = """
@asset
def orders():
    return [1, -1]

@asset_check(asset="orders", blocking=True)
def positive(orders):
    return min(orders) > 0

@asset
def total(orders):
    return sum(orders)

@asset
def report(total):
    return f"{total}!"
"""
REPAIRED = "@asset\ndef orders():\n    return [1, 1]\n"
INLINE = """
@asset(check_specs=[AssetCheckSpec(name="full", asset="orders", blocking=True)])
def orders():
    return MaterializeResult(value=[1], check_results=[AssetCheckResult(passed={})])

@asset
def total(orders):
    return sum(orders)
"""


def test_a_failed_blocking_check_bars_what_is_below(workspace: Workspace) -> None:
    """The asset is kept, those below do not run, and the run failed."""
    define(workspace, GATED)
    result = workspace.materialize(raise_on_error=False)
    assert (result.success, result.outcome) == (False, "failed")
    assert words(result.materialized) == ["orders"]
    assert words(result.blocked + result.not_run) == ["total", "report"]


def test_the_error_names_the_check_and_what_it_bars(workspace: Workspace) -> None:
    """By default the failure is raised."""
    define(workspace, GATED)
    with pytest.raises(BlockingCheckFailed, match=r"orders\.positive; not run: total"):
        workspace.materialize()


def test_the_gate_stays_shut_in_later_runs(workspace: Workspace) -> None:
    """The kept verdict bars without being judged again."""
    define(workspace, GATED)
    workspace.materialize(raise_on_error=False)
    assert "blocked" in workspace.status("report").flags
    again = workspace.materialize("total", raise_on_error=False)
    assert (again.success, again.materialized, again.checks) == (False, [], [])
    assert words(again.blocked) == ["total"]


def test_a_repair_lifts_the_gate(workspace: Workspace) -> None:
    """New data is judged anew, and what waited runs."""
    define(workspace, GATED)
    workspace.materialize(raise_on_error=False)
    define(workspace, REPAIRED)
    result = workspace.materialize()
    assert words(result.materialized) == ["orders", "total", "report"]
    assert states(workspace)["report"] == "fresh"


def test_a_repaired_check_lifts_the_gate_without_a_run_of_its_asset(workspace: Workspace) -> None:
    """Another check has no verdict yet; it is judged on the kept data."""
    define(workspace, GATED)
    workspace.materialize(raise_on_error=False)
    define(
        workspace,
        "@asset_check(asset='orders', blocking=True)\ndef positive(orders):\n    return bool(orders)",
    )
    assert words(workspace.materialize().materialized) == ["total", "report"]


def test_an_unchanged_asset_keeps_its_gate_shut_through_an_update(workspace: Workspace) -> None:
    """When a re-run gives the same bad data, the kept verdict holds for it."""
    define(workspace, "@asset\ndef source():\n    return 1\n")
    define(workspace, GATED.replace("def orders():", "def orders(source):"))
    workspace.materialize(raise_on_error=False)
    define(workspace, "@asset\ndef source():\n    return 0 + 1\n")
    result = workspace.materialize(raise_on_error=False)
    assert words(result.materialized) == ["source"]
    assert words(result.blocked + result.not_run) == ["total", "report"]


def test_a_check_that_is_forgotten_bars_no_more(workspace: Workspace) -> None:
    """Also what was made before the check failed, and is fresh."""
    define(workspace, GATED.replace("[1, -1]", "[1, 1]"))
    workspace.materialize()
    define(
        workspace,
        "@asset_check(asset='orders', blocking=True)\ndef positive(orders):\n    return 1 > 2",
    )
    assert not workspace.materialize(raise_on_error=False).success
    assert "blocked" in workspace.status("total").flags
    workspace.forget(AssetCheckKey(AssetKey("orders"), "positive"))
    assert not any(status.flags for status in workspace.statuses().values())


def test_ignoring_checks_opens_the_gate_once(workspace: Workspace) -> None:
    """The run is green, and the flag stays."""
    define(workspace, GATED)
    result = workspace.materialize(ignore_checks=True)
    assert (result.success, len(result.materialized)) == (True, 3)
    assert "blocked" in workspace.status("total").flags


def test_a_check_that_becomes_blocking_bars_with_its_kept_verdict(workspace: Workspace) -> None:
    """What counts is how it is declared now."""
    define(workspace, GATED.replace("blocking=True", "blocking=False"))
    assert workspace.materialize().success
    define(workspace, GATED)
    assert words(workspace.status("total").blocked_by) == ["orders.positive"]


def test_a_gate_without_a_verdict_is_judged_before_what_it_bars(workspace: Workspace) -> None:
    """Asking for the asset below judges the check above, though its asset is fresh."""
    define(workspace, "@asset\ndef orders():\n    return [1, -1]\n")
    workspace.materialize()
    define(workspace, GATED)
    result = workspace.materialize("total", raise_on_error=False)
    assert (result.success, words(result.materialized)) == (False, [])
    assert [str(verdict.check) for verdict in result.checks] == ["orders.positive"]


def test_a_failed_blocking_check_alone_fails_the_run(workspace: Workspace) -> None:
    """Also where nothing is below it."""
    define(workspace, GATED)
    workspace.forget("total", "report")
    assert not workspace.materialize(raise_on_error=False).success


@pytest.mark.parametrize(
    "option", ["blocking=False", "blocking=True, severity=AssetCheckSeverity.WARN"]
)
def test_other_failures_let_the_run_go_on(workspace: Workspace, option: str) -> None:
    """Neither a check that does not block nor a warning bars anything."""
    define(workspace, GATED.replace("blocking=True", option))
    result = workspace.materialize()
    assert (result.success, len(result.materialized), result.checks[0].passed) == (True, 3, False)


def test_a_check_that_raises_fails_the_run(workspace: Workspace) -> None:
    """The error is the user's own; what is below runs unless it blocks."""
    define(
        workspace, GATED.replace("min(orders) > 0", "min(None) > 0").replace(", blocking=True", "")
    )
    with pytest.raises(TypeError):
        workspace.materialize()
    assert states(workspace)["total"] == "fresh"


def test_a_check_without_a_verdict_is_judged_alone(workspace: Workspace) -> None:
    """Its asset does not run again for it."""
    define(workspace, REPAIRED)
    workspace.materialize()
    define(workspace, GATED[GATED.index("@asset_check") : GATED.index("@asset\ndef total")])
    result = workspace.materialize()
    assert (result.materialized, [v.passed for v in result.checks]) == ([], [True])
    assert workspace.materialize().checks == []


def test_a_check_is_judged_again_when_other_data_that_it_reads_changes(
    workspace: Workspace,
) -> None:
    """Its own asset may stay as it is."""
    text = "@asset\ndef limit():\n    return {}\n"
    define(workspace, text.format(5) + REPAIRED)
    define(
        workspace,
        """
        @asset_check(asset="orders", additional_ins={"limit": AssetIn("limit")})
        def below_limit(orders, limit):
            return max(orders) < limit
        """,
    )
    assert workspace.materialize().checks[0].passed
    define(workspace, text.format(0))
    result = workspace.materialize()
    assert (words(result.materialized), result.checks[0].passed) == (["limit"], False)


def test_a_late_gate_bars_assets_that_come_before_its_other_input(workspace: Workspace) -> None:
    """A check that reads two assets bars what is below its own, wherever the other one stands."""
    define(
        workspace,
        GATED.replace("def positive(orders)", "def positive(orders, far)").replace(
            "blocking=True)", 'blocking=True, additional_ins={"far": AssetIn("far")})'
        ),
    )
    define(workspace, "@asset\ndef near():\n    return 1\n@asset\ndef mid(near):\n    return 1\n")
    define(workspace, "@asset\ndef far(mid):\n    return 2\n")
    workspace.materialize(raise_on_error=False)
    assert "blocked" in workspace.status("total").flags


def test_a_check_that_reads_the_untracked_is_judged_every_time(workspace: Workspace) -> None:
    """Its verdict holds for its run only."""
    define(workspace, REPAIRED)
    define(workspace, "@asset_check(asset='orders')\ndef c(orders):\n    return eval('1') == 1\n")
    workspace.materialize()
    assert len(workspace.materialize().checks) == 1


def test_inline_verdicts_are_kept_and_bar(workspace: Workspace) -> None:
    """A check that the body answers gates like any other."""
    define(workspace, INLINE.format(False))
    result = workspace.materialize(raise_on_error=False)
    assert words(result.blocked + result.not_run) == ["total"]
    assert words(workspace.status("total").blocked_by) == ["orders.full"]
    define(workspace, INLINE.format(True))
    assert words(workspace.materialize().materialized) == ["orders", "total"]


def test_an_inline_verdict_holds_through_an_update_that_changes_nothing(
    workspace: Workspace,
) -> None:
    """When a re-run turns out not to be needed, the gate stays as it was."""
    define(workspace, "@asset\ndef source():\n    return 1\n")
    define(workspace, INLINE.format(False).replace("def orders():", "def orders(source):"))
    workspace.materialize(raise_on_error=False)
    define(workspace, "@asset\ndef source():\n    return 0 + 1\n")
    result = workspace.materialize(raise_on_error=False)
    assert (words(result.materialized), result.success) == (["source"], False)
    assert words(result.blocked + result.not_run) == ["total"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("[]", "did not answer its check `full`"),
        ("[AssetCheckResult(passed=True, check_name='other')]", "does not declare"),
        ("[AssetCheckResult(passed=True), AssetCheckResult(passed=True)]", "twice"),
    ],
)
def test_declared_checks_are_answered_once_each(
    workspace: Workspace, given: str, problem: str
) -> None:
    """Anything else is an error that names the asset and the check."""
    define(workspace, INLINE.replace("[AssetCheckResult(passed={})]", given))
    with pytest.raises(InvalidResult, match=problem):
        workspace.materialize("orders")


def test_redefining_an_asset_without_its_inline_checks_drops_them(workspace: Workspace) -> None:
    """A gate that no body answers any more does not stay shut for ever."""
    define(workspace, INLINE.format(False))
    workspace.materialize(raise_on_error=False)
    define(workspace, REPAIRED)
    assert words(workspace.materialize().materialized) == ["orders", "total"]


def test_failing_rows_come_back_as_a_frame(workspace: Workspace) -> None:
    """What the check gave is kept whole."""
    import pandas as pd

    define(workspace, REPAIRED)
    space = {"pd": pd, "__name__": "__main__"}
    define(
        workspace,
        "@asset_check(asset='orders')\ndef c(orders):\n    return pd.DataFrame({'n': orders})\n",
        space,
    )
    assert not workspace.materialize().checks[0].passed
    assert workspace.failing_rows("orders", "c")["n"].tolist() == [1, 1]


def test_a_check_may_ask_its_context(workspace: Workspace) -> None:
    """The first parameter is recognised by its name."""
    define(workspace, REPAIRED)
    define(
        workspace,
        "@asset_check(asset='orders')\ndef c(context, orders):\n"
        "    return context.asset_key.to_user_string() == 'orders'\n",
    )
    assert workspace.materialize().checks[0].passed
