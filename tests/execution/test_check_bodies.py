"""The bodies of checks: how often they are called, what they wait for, what they may say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

import dagbook as dg
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidGraph


@dg.asset
def low() -> int:
    """Judged."""
    return 1


@dg.asset
def high(low: int) -> int:
    """Judged, and below `low`."""
    return low + 1


@dg.asset
def broken() -> int:
    """Never made."""
    raise ValueError("no")


SPECS = [dg.AssetCheckSpec("small", asset=low), dg.AssetCheckSpec("large", asset="high")]


def results(*checks: tuple[str, str]) -> list[dg.AssetCheckResult]:
    """Passing verdicts on these."""
    return [dg.AssetCheckResult(passed=True, asset_key=a, check_name=c) for a, c in checks]


def judging(
    body: Callable[..., Any], specs: Iterable[dg.AssetCheckSpec] = SPECS, **options: Any
) -> dg.AssetChecksDefinition:
    """The checks that a body judges."""
    return dg.multi_asset_check(specs=list(specs), name="several", **options)(body)


def verdicts(run: dg.RunResult) -> list[tuple[str, bool]]:
    """What each check came to."""
    return [(str(one.check), one.passed) for one in run.checks]


def test_one_call_judges_all_checks_of_a_body() -> None:
    """After the last of their assets."""
    calls: list[int] = []

    def both() -> Iterator[dg.AssetCheckResult]:
        calls.append(1)
        yield from results(("low", "small"), ("high", "large"))

    run = dg.materialize([low, judging(both), high])
    assert (verdicts(run), calls) == ([("low.small", True), ("high.large", True)], [1])


def test_a_body_that_can_subset_is_told_what_is_wanted(workspace: Workspace) -> None:
    """A verdict that holds is not asked for again."""
    asked: list[list[str]] = []

    def both(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        keys = sorted(context.selected_asset_check_keys)
        asked.append([key.name for key in keys])
        yield from results(*[(key.asset_key.name, key.name) for key in keys])

    checks = judging(both, can_subset=True)
    dg.materialize([low, high, checks], selection="low")
    dg.materialize([low, high, checks], selection="high or low")
    assert asked == [["small"], ["large", "small"]]


CASES: dict[str, tuple[list[dg.AssetCheckResult | Any], list[tuple[str, bool]], str]] = {
    "no result": (
        results(("low", "small")),
        [("low.small", True), ("high.large", False)],
        "The check `high.large` gave no result, which is no verdict.",
    ),
    "several results": (
        results(("low", "small"), ("low", "small"), ("high", "large")),
        [("low.small", True), ("high.large", False)],
        "The check `low.small` gave several results, which is no verdict.",
    ),
    "an unknown check": (
        results(("low", "small"), ("high", "large"), ("high", "other")),
        [("low.small", True), ("high.large", False)],
        "The check `low.small high.large` gave a result for `high.other`, which is no verdict.",
    ),
    "a result of nothing": (
        [dg.AssetCheckResult(passed=True)],
        [("low.small", False), ("high.large", False)],
        "The check `low.small high.large` gave a result that does not say for which of them, "
        "which is no verdict.",
    ),
    "a plain value": (
        [True],
        [("low.small", False), ("high.large", False)],
        "The check `low.small high.large` gave a value of type bool, which is no verdict.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_body_leaves_open_fails(case: str) -> None:
    """What it said before that counts; the run is never green for want of a verdict."""
    given, expected, message = CASES[case]
    run = dg.materialize([low, high, judging(lambda: iter(given))], raise_on_error=False)
    assert (verdicts(run), run.success) == (expected, False)
    (error,) = run.errors.values()
    assert str(error).startswith(message)


def test_an_assertion_fails_what_has_no_verdict_yet() -> None:
    """As in the body of a single check."""

    def both() -> Iterator[dg.AssetCheckResult]:
        yield from results(("low", "small"))
        raise AssertionError("too many")

    run = dg.materialize([low, high, judging(both)])
    assert (verdicts(run)[1], run.checks[1].description) == (("high.large", False), "too many")


def test_a_check_is_not_judged_where_what_it_waits_for_failed() -> None:
    """Neither with the value of it nor with `additional_deps`, nor with a sibling's asset."""
    reads = dg.asset_check(asset=low, name="r", additional_ins={"b": dg.AssetIn("broken")})
    waits = dg.asset_check(asset=low, name="w", additional_deps=[broken])
    spec = dg.AssetCheckSpec("b", asset=broken)
    checks = [
        reads(lambda low, b: True),
        waits(lambda: True),
        judging(list, [*SPECS[:1], spec]),
    ]
    run = dg.materialize([low, broken, *checks], raise_on_error=False)
    assert (verdicts(run), [str(key) for key in run.materialized]) == ([], ["low"])


def test_a_check_is_judged_anew_when_what_it_waits_for_changes(workspace: Workspace) -> None:
    """Its verdict is on that data too."""

    @dg.asset(always=True)
    def clock() -> dg.MaterializeResult:
        return dg.MaterializeResult()

    waits = dg.asset_check(asset=low, name="w", additional_deps=[clock])(lambda: True)
    workspace.define(low, clock, waits)
    assert [len(workspace.materialize().checks) for _ in range(2)] == [1, 1]


def test_a_check_is_tried_again() -> None:
    """As its policy says; an assertion is a verdict and no failure."""
    tries: list[int] = []

    @dg.asset_check(asset=low, retry_policy=dg.RetryPolicy(2))
    def late(context: dg.AssetCheckExecutionContext) -> bool:
        tries.append(context.retry_number)
        return 1 / context.retry_number > 0

    assert verdicts(dg.materialize([low, late])) == [("low.late", True)]
    assert tries == [0, 1]


@pytest.mark.parametrize("by", ["input", "sibling"])
def test_a_check_that_blocks_what_it_waits_for_is_refused(by: str) -> None:
    """When it is planned, with the place where it was written."""
    body = lambda: True  # noqa: E731 - its line is named below
    blocking = dg.AssetCheckSpec("small", asset=low, blocking=True)
    also: Any = {"additional_deps": [high]}
    if by == "input":
        check = dg.asset_check(asset=low, name="small", blocking=True, **also)(body)
    else:
        check = judging(body, [blocking, SPECS[1]])
    with pytest.raises(InvalidGraph) as caught:
        dg.materialize([low, high, check])
    place = f"{__file__}, line {body.__code__.co_firstlineno}"
    assert str(caught.value) == (
        f"The blocking check `small` ({place}) on `low` waits for `high`, which is below `low` and "
        "waits for the check. Let it not block, or take `high` out of it."
    )


def test_a_check_that_reads_what_nothing_defines_is_refused() -> None:
    """When it is planned, with suggestions."""
    check = dg.asset_check(asset=low, name="c", additional_ins={"q": dg.AssetIn("hihg")})
    with pytest.raises(InvalidGraph) as caught:
        dg.materialize([low, high, check(lambda low, q: True)])
    assert str(caught.value).endswith(
        "reads `hihg` as the input `q`, and no asset has that name. Did you mean `high`?"
    )
