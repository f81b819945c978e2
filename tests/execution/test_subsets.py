"""Computations of several assets: in parts, in halves before a failure, and with narrower reads."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetOut,
    AssetSpec,
    MaterializeResult,
    Output,
    asset,
    materialize,
    multi_asset,
    multi_asset_check,
)
from dagbook.errors.composition import AssetBetween, NotSubsettable
from dagbook.errors.definitions import InvalidGraph

TWO = {"a": AssetOut(is_required=False), "b": AssetOut(is_required=False)}


def names(keys: list[AssetKey]) -> list[str]:
    """The keys as people write them."""
    return [str(key) for key in keys]


def test_an_asset_between_the_outputs_makes_two_steps() -> None:
    """The computation runs twice, each time for one of its assets."""

    @multi_asset(outs=TWO, deps=["x"], internal_asset_deps={"a": [], "b": ["x"]}, can_subset=True)
    def ends(context: AssetExecutionContext) -> Any:
        for name in context.selected_output_names:
            yield Output(name, name)

    @asset
    def x(a: str) -> str:
        return a

    result = materialize([ends, x])
    assert names(result.materialized) == ["a", "x", "b"]


def test_an_asset_between_is_a_fault_where_it_cant_be_split() -> None:
    """The error names the computation and what stands between its assets."""

    @multi_asset(
        outs={"a": AssetOut(), "b": AssetOut()},
        deps=["x"],
        internal_asset_deps={"a": [], "b": ["x"]},
    )
    def ends() -> Any:
        return 1, 2

    @asset
    def x(a: int) -> int:
        return a

    with pytest.raises(InvalidGraph) as caught:
        materialize([ends, x])
    assert [type(fault) for fault in caught.value.faults] == [AssetBetween]
    assert str(caught.value) == (
        f"`x` stands between the assets of `ends` ({ends.origin.place}), which makes all of them at "
        "once. Let it be run in two parts by `--can-subset`, in Python `can_subset=True`, or make two of it."
    )


def test_a_part_of_what_cant_be_subset_is_refused() -> None:
    """The error says what is missing and how to allow it."""

    @multi_asset(outs={"a": AssetOut(), "b": AssetOut()})
    def both() -> Any:
        return 1, 2

    with pytest.raises(InvalidGraph) as caught:
        materialize([both], selection=["a"])
    assert [type(fault) for fault in caught.value.faults] == [NotSubsettable]
    assert str(caught.value) == (
        f"`both` ({both.origin.place}) can't make `a` without `b`: select all of them, or allow "
        "parts by `--can-subset`, in Python `can_subset=True`."
    )


def test_what_was_yielded_before_a_failure_is_recorded() -> None:
    """What is below it does not run, since its computation failed."""

    @multi_asset(outs={"a": AssetOut(), "b": AssetOut()})
    def both() -> Any:
        yield Output(1, "a")
        raise ValueError("no")

    @asset
    def below(a: int) -> int:
        return a

    result = materialize([both, below], raise_on_error=False)
    assert (names(result.materialized), names(result.failed)) == (["a"], ["b"])
    assert names(result.not_run) == ["below"]


def test_an_empty_body_makes_every_spec() -> None:
    """Nothing needs to be returned for assets that hand no value over."""

    @multi_asset(specs=[AssetSpec(AssetKey("a")), AssetSpec(AssetKey("b"))])
    def both() -> None:
        pass

    assert names(materialize([both]).materialized) == ["a", "b"]


def test_an_unselected_output_is_recorded_with_a_warning() -> None:
    """Where Dagster raises, the warning names the asset."""

    @multi_asset(outs=TWO, can_subset=True)
    def both() -> Any:
        yield Output(1, "a")
        yield Output(2, "b")

    result = materialize([both], selection=["a"])
    assert result.success
    assert names(result.materialized) == ["a", "b"]
    assert "`b` was materialized although it was not selected" in result.warnings[0]


def test_checks_are_answered_by_name_and_asset() -> None:
    """One body answers for the assets that it makes."""

    @multi_asset(
        specs=[AssetSpec(AssetKey("a")), AssetSpec(AssetKey("b"))],
        check_specs=[
            AssetCheckSpec(name="ok", asset=AssetKey("a")),
            AssetCheckSpec(name="ok", asset=AssetKey("b")),
        ],
    )
    def both() -> Any:
        yield MaterializeResult(
            asset_key=AssetKey("a"), check_results=[AssetCheckResult(passed=True)]
        )
        yield MaterializeResult(asset_key=AssetKey("b"))
        yield AssetCheckResult(asset_key=AssetKey("b"), check_name="ok", passed=False)

    found = materialize([both]).get_asset_check_evaluations()
    assert [(str(one.asset_key), one.passed) for one in found] == [("a", True), ("b", False)]


def test_one_function_judges_several_assets() -> None:
    """Each check has its own verdict; one that gets no answer has failed."""

    @asset
    def a() -> int:
        return 1

    @asset
    def b() -> int:
        return 2

    @multi_asset_check(
        specs=[AssetCheckSpec(name="small", asset=AssetKey(key)) for key in ("a", "b")]
    )
    def small(a: int, b: int) -> Any:
        yield AssetCheckResult(asset_key=AssetKey("a"), passed=a < 2)

    result = materialize([a, b, small], raise_on_error=False)
    assert [(str(one.check), one.passed) for one in result.checks] == [
        ("a.small", True),
        ("b.small", False),
    ]
    assert not result.success
