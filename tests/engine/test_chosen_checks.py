"""Checks that a selection names without their assets, and assets without their checks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

import dagbook as dg
from dagbook.engine.selecting import Asked
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidGraph
from dagbook.views.plan import plan_line
from dagbook.views.runs import result_line


@dg.asset
def numbers() -> list[int]:
    """What is judged."""
    return [1, 2]


@dg.asset
def limit() -> int:
    """What the check reads besides."""
    return 2


@dg.asset_check(asset=numbers, additional_ins={"most": dg.AssetIn("limit")})
def few(numbers: list[int], most: int) -> bool:
    """There are not too many."""
    return len(numbers) <= most


FEW = dg.AssetSelection.checks(few)


def test_a_check_reads_other_assets_too() -> None:
    """`additional_ins` name them, by any parameter."""
    run = dg.materialize([numbers, limit, few])
    assert [(str(one.check), one.passed) for one in run.checks] == [("numbers.few", True)]
    assert {str(one.key) for one in run.checks[0].inputs} == {"numbers", "limit"}


def test_a_check_alone_judges_what_is_kept(workspace: Workspace) -> None:
    """No asset runs; `materialize` judges anew, the workspace what has no verdict."""
    workspace.define(numbers, limit)
    workspace.materialize()
    workspace.define(few)
    first = workspace.materialize(FEW.tree)
    assert (first.materialized, len(first.checks)) == ([], 1)
    assert workspace.plan(FEW.tree).is_empty
    again = dg.materialize([numbers, limit, few], selection=FEW, workspace=workspace)
    assert (again.materialized, again.checks[0].passed) == ([], True)


def test_a_check_alone_reads_from_the_io_manager() -> None:
    """The value may be from an earlier run of somebody else's."""
    kept = {"io_manager": dg.InMemoryIOManager()}
    dg.materialize([numbers, limit], resources=kept)
    run = dg.materialize([numbers, limit, few], selection=FEW, resources=kept)
    assert (run.materialized, run.checks[0].passed) == ([], True)


def test_a_check_alone_without_a_value_says_how_to_make_it() -> None:
    """Its verdict is a failure with the error, and the run is not green."""
    run = dg.materialize([numbers, limit, few], selection=FEW, raise_on_error=False)
    assert not run.success
    error = run.checks[0].error
    assert error is not None
    assert error.message == (
        "`numbers`, which `numbers.few` reads, was never materialized. "
        "`%materialize numbers` makes it."
    )


@pytest.mark.parametrize("asked", ['check_key:"numbers.few"', "checks(numbers)", FEW])
def test_a_check_alone_is_asked_for_by_its_text_too(workspace: Workspace, asked: Asked) -> None:
    """A text, or a selection that was put together, is as good as its tree."""
    workspace.define(numbers, limit)
    workspace.materialize()
    workspace.define(few)
    assert plan_line(workspace.plan(asked)) == "Selected no asset: 1 check"
    run = workspace.materialize(asked)
    assert (result_line(run), [str(one.check) for one in run.checks]) == (
        "No asset ran",
        ["numbers.few"],
    )


def test_a_text_leaves_checks_out_too(workspace: Workspace) -> None:
    """`without_checks(…)` runs the assets alone."""
    workspace.define(numbers, limit, few)
    assert workspace.materialize("without_checks(*)").checks == []


def test_assets_without_their_checks() -> None:
    """`without_checks()` runs the assets alone."""
    selection = dg.AssetSelection.all().without_checks()
    run = dg.materialize([numbers, limit, few], selection=selection)
    assert (len(run.materialized), run.checks) == (2, [])


@dg.asset(check_specs=[dg.AssetCheckSpec("sorted", asset="ranks", blocking=True)])
def ranks(context: dg.AssetExecutionContext) -> Iterator[Any]:
    """Answers its own check where that is wanted."""
    yield dg.Output([2, 1], metadata={"wanted": len(context.selected_asset_check_keys)})
    yield dg.AssetCheckResult(passed=False)


@dg.asset
def first(ranks: list[int]) -> int:
    """Below the check."""
    return ranks[0]


def test_an_asset_without_the_checks_of_its_own_body() -> None:
    """What the body says of them counts for nothing, and it is told that nobody asked."""
    run = dg.materialize([ranks, first], selection=dg.AssetSelection.all().without_checks())
    assert (len(run.materialized), run.checks, run.success) == (2, [], True)
    assert run.records[dg.AssetKey("ranks")].metadata["wanted"].value == 0


def test_a_check_of_a_body_can_t_be_judged_without_it() -> None:
    """Asked for alone it is an error, never a run that judged nothing."""
    with pytest.raises(InvalidGraph) as caught:
        dg.materialize([ranks], selection=dg.AssetSelection.checks(ranks))
    assert str(caught.value) == (
        "The check `ranks.sorted` is answered by the body of `ranks` itself, and can't be judged "
        "without it. Select `ranks`."
    )


def test_a_check_of_a_body_that_can_be_asked_for_parts_is_judged_alone() -> None:
    """The body is asked for that check and for none of its assets."""
    asked: list[tuple[list[str], list[str]]] = []

    @dg.multi_asset(
        outs={name: dg.AssetOut(is_required=False) for name in ("left", "right")},
        check_specs=[dg.AssetCheckSpec("full", asset=name) for name in ("left", "right")],
        can_subset=True,
    )
    def halves(context: dg.AssetExecutionContext) -> Iterator[object]:
        checks = sorted(context.selected_asset_check_keys, key=str)
        asked.append((sorted(context.selected_output_names), [str(one) for one in checks]))
        for name in sorted(context.selected_output_names):
            yield dg.Output([1], name)
        for one in checks:
            yield dg.AssetCheckResult(
                passed=one.asset_key.name == "left",
                asset_key=one.asset_key,
                check_name=one.name,
            )

    with tempfile.TemporaryDirectory() as folder, dg.Workspace(folder) as workspace:
        workspace.define(halves)
        workspace.materialize()
        run = workspace.materialize('check_key:"left.full"', force=True)
    assert asked == [
        (["left", "right"], ["left.full", "right.full"]),
        ([], ["left.full"]),
    ]
    assert (run.materialized, [(str(one.check), one.passed) for one in run.checks]) == (
        [],
        [("left.full", True)],
    )
