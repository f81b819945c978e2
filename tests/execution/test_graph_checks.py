"""Checks that the ops of a graph-backed asset answer."""

from __future__ import annotations

from typing import Any

import pytest

import dagbook as dg
from dagbook.errors.definitions import InvalidDefinition

FEW = dg.AssetCheckSpec("few", asset="total", blocking=True)


@dg.op
def number() -> int:
    """What is judged."""
    return 3


@dg.op
def few(value: int) -> dg.AssetCheckResult:
    """The verdict."""
    return dg.AssetCheckResult(passed=value < 3, metadata={"value": value})


@dg.op
def judged() -> Any:
    """A value with its verdict."""
    yield dg.Output(3)
    yield dg.AssetCheckResult(passed=True, check_name="few")


def by_output() -> Any:
    """The verdict is an output of the graph."""
    value = number()
    return {"result": value, "total_few": few(value)}


def plain() -> Any:
    """No verdict."""
    return number()


def by_yield() -> Any:
    """The verdict comes with the value."""
    return judged()


@pytest.mark.parametrize(("body", "passed"), [(by_output, False), (by_yield, True)])
def test_an_op_answers_the_check_of_a_graph_asset(body: Any, passed: bool) -> None:
    """As an output that is called like the asset and the check, or by the check's name."""
    total = dg.graph_asset(name="total", check_specs=[FEW])(body)
    run = dg.materialize([total], raise_on_error=False)
    (found,) = run.get_asset_check_evaluations()
    assert (found.check_name, found.passed, found.blocking) == ("few", passed, True)
    assert (run.asset_value("total"), run.success) == (3, passed)


def test_a_graph_that_does_not_answer_its_check_fails() -> None:
    """As an asset does."""
    total = dg.graph_asset(name="total", check_specs=[FEW])(plain)
    run = dg.materialize([total], raise_on_error=False)
    assert not run.success
    assert str(run.errors["total"]) == (
        "`total` did not answer its check `few`. "
        "Give an AssetCheckResult for each of `check_specs`."
    )


def test_a_check_runs_with_its_own_asset_alone() -> None:
    """Of a graph that can be subset, the judging op runs only where its asset is selected."""

    @dg.graph_multi_asset(outs={"total": dg.AssetOut(), "other": dg.AssetOut()}, can_subset=True,
                          check_specs=[FEW])  # fmt: skip
    def both() -> Any:
        value, other = number(), number()
        return {"total": value, "other": other, "total_few": few(value)}

    steps = {}
    for wanted in ("total", "other"):
        run = dg.materialize([both], selection=wanted, raise_on_error=False)
        steps[wanted] = [op.step for op in run.ops]
    assert steps == {"total": ["both.number", "both.few"], "other": ["both.number_2"]}


@pytest.mark.parametrize(
    ("body", "ops"), [(by_output, ["total.number"]), (by_yield, ["total.judged"])]
)
def test_an_op_that_only_judges_is_left_out_with_its_check(body: Any, ops: list[str]) -> None:
    """`without_checks()` runs what gives values, and counts no verdict that comes with one."""
    total = dg.graph_asset(name="total", check_specs=[FEW])(body)
    chosen = dg.AssetSelection.all().without_checks()
    run = dg.materialize([total], selection=chosen)
    assert (run.asset_value("total"), run.checks) == (3, [])
    assert ([op.step for op in run.ops], list(run.plan.steps[0].ops)) == (ops, ops)


def test_a_graph_from_its_definition_has_checks_too() -> None:
    """`from_graph` takes them, and resources of its own."""

    @dg.op(required_resource_keys={"most"})
    def within(context: dg.OpExecutionContext, value: int) -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=value <= context.resources.most)

    @dg.graph(out={"total": dg.GraphOut(), "total_few": dg.GraphOut()})
    def whole() -> Any:
        value = number()
        return {"total": value, "total_few": within(value)}

    made = dg.AssetsDefinition.from_graph(whole, check_specs=[FEW], resource_defs={"most": 3})
    assert [one.passed for one in dg.materialize([made]).get_asset_check_evaluations()] == [True]


def test_a_check_on_an_asset_that_the_graph_does_not_make_is_refused() -> None:
    """Where it is declared."""
    stray = dg.AssetCheckSpec("few", asset="elsewhere")
    with pytest.raises(InvalidDefinition) as caught:
        dg.graph_asset(name="total", check_specs=[stray])(plain)
    assert str(caught.value).splitlines()[0] == (
        "total: the check `few` is on `elsewhere`, which it does not make. "
        "Declare that check by @asset_check."
    )
