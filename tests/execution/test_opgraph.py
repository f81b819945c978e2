"""Graph-backed assets: their ops run in order, in parts, and go on where they failed."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook import (
    AssetKey,
    AssetOut,
    AssetsDefinition,
    DynamicOut,
    DynamicOutput,
    GraphOut,
    In,
    Nothing,
    OpExecutionContext,
    Out,
    Output,
    RetryPolicy,
    RunResult,
    graph,
    graph_asset,
    graph_multi_asset,
    materialize,
    op,
)

CALLS: list[str] = []


@pytest.fixture(autouse=True)
def calls() -> list[str]:
    """What ops have told of themselves in this test."""
    CALLS.clear()
    return CALLS


@op
def one() -> int:
    """The number one."""
    return 1


@op
def twice(number: int) -> int:
    """Twice the number."""
    return 2 * number


@op
def listed(values: list[int]) -> list[int]:
    """The list itself."""
    return values


def steps(result: RunResult) -> dict[str, str]:
    """What became of each op of a run."""
    return {done.step: done.outcome for done in result.ops}


def test_ops_have_step_keys_of_their_own() -> None:
    """A step is called after its asset and its op, with a number where an op is called again."""

    @graph_asset
    def four() -> Any:
        return twice(twice(one()))

    result = materialize([four])
    assert result.asset_value("four") == 4
    assert steps(result) == {"four.one": "ok", "four.twice": "ok", "four.twice_2": "ok"}


def test_nested_graphs_and_aliases_show_in_step_keys() -> None:
    """The path to an op goes through the graphs and the aliases above it."""

    @graph
    def inner(number: Any) -> Any:
        return twice.alias("doubled")(number)

    @graph_asset
    def outer() -> Any:
        return inner(one())

    assert list(steps(materialize([outer]))) == ["outer.one", "outer.inner.doubled"]


def test_every_consumer_has_a_value_of_its_own() -> None:
    """An op that changes its input in place changes nobody else's, and is told of."""

    @op
    def spoils(values: list[int]) -> list[int]:
        values.append(9)
        return values

    @op
    def numbers() -> list[int]:
        return [1]

    @graph_multi_asset(outs={"spoilt": AssetOut(), "whole": AssetOut()})
    def both() -> Any:
        made = numbers()
        return {"spoilt": spoils(made), "whole": listed(made)}

    result = materialize([both])
    assert result.asset_value("whole") == [1]
    assert result.changed_inputs == [(AssetKey("spoilt"), "both.spoils.values")]


def test_a_fan_in_goes_on_without_what_was_skipped() -> None:
    """A list input takes what is there, in order."""

    @op(out=Out(is_required=False))
    def nothing() -> Any:
        if False:
            yield

    @graph_asset
    def some() -> Any:
        return listed([one(), nothing(), one()])

    result = materialize([some])
    assert result.asset_value("some") == [1, 1]


def test_an_optional_output_skips_only_its_branch() -> None:
    """What reads an output that was not given is skipped, the rest runs, and the run succeeds."""

    @op(out={"left": Out(is_required=False), "right": Out(is_required=False)})
    def split() -> Any:
        yield Output(5, "right")

    @graph_multi_asset(outs={"a": AssetOut(), "b": AssetOut()})
    def sides() -> Any:
        left, right = split()
        return {"a": twice(left), "b": twice.alias("again")(right)}

    result = materialize([sides])
    assert (result.success, result.skipped) == (True, [AssetKey("a")])
    assert steps(result) == {"sides.split": "ok", "sides.twice": "skipped", "sides.again": "ok"}


def test_dynamic_outputs_are_mapped_and_collected() -> None:
    """Each entry has a step with its key; the list has their values in order."""

    @op(out=DynamicOut(int))
    def pieces() -> Any:
        for at in range(3):
            yield DynamicOutput(at, mapping_key=f"n{at}")

    @graph_asset
    def doubled() -> Any:
        return listed(pieces().map(twice).collect())

    result = materialize([doubled])
    assert result.asset_value("doubled") == [0, 2, 4]
    assert [name for name in steps(result) if "[" in name] == [
        "doubled.twice[n0]",
        "doubled.twice[n1]",
        "doubled.twice[n2]",
    ]


def test_an_input_of_type_nothing_only_waits() -> None:
    """It orders two ops and hands no value over."""

    @op(ins={"ready": In(Nothing)})
    def after() -> int:
        CALLS.append("after")
        return 7

    @op(out=Out(Nothing))
    def before() -> None:
        CALLS.append("before")

    @graph_asset
    def late() -> Any:
        return after(ready=before())

    assert materialize([late]).asset_value("late") == 7
    assert CALLS == ["before", "after"]


def test_a_default_stands_in_for_what_is_not_connected() -> None:
    """Of the function, or declared by In."""

    @op(ins={"b": In(default_value=20)})
    def added(a: int = 1, b: int = 2) -> int:
        return a + b

    @graph_asset
    def total() -> Any:
        return added()

    assert materialize([total]).asset_value("total") == 21


def test_an_op_is_tried_again_as_its_call_says() -> None:
    """The policy of the call goes before that of the op."""

    @op
    def third() -> int:
        CALLS.append("try")
        if len(CALLS) < 3:
            raise ValueError("not yet")
        return len(CALLS)

    @graph_asset
    def patient() -> Any:
        return third.with_retry_policy(RetryPolicy(max_retries=2))()

    assert materialize([patient]).asset_value("patient") == 3


@op(out={"bar_1": Out(), "bar_2": Out()})
def bars() -> Any:
    """Two numbers, of which one may not be needed."""
    CALLS.append("bars")
    return 1, 2


@op(out={"foo_1": Out(is_required=False), "foo_2": Out(is_required=False)})
def foo(context: OpExecutionContext, bar_1: int) -> Any:
    """Gives what is wanted."""
    CALLS.append(f"foo {sorted(context.selected_output_names)}")
    for name in ("foo_1", "foo_2"):
        if name in context.selected_output_names:
            yield Output(bar_1 + 1, name)


@op
def baz(foo_2: int, bar_2: int) -> int:
    """A sum."""
    CALLS.append("baz")
    return foo_2 + bar_2


@graph(out={"foo_asset": GraphOut(), "baz_asset": GraphOut()})
def my_graph() -> Any:
    """Two assets that share ops."""
    bar_1, bar_2 = bars()
    foo_1, foo_2 = foo(bar_1)
    return {"foo_asset": foo_1, "baz_asset": baz(foo_2, bar_2)}


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (["foo_asset"], ["bars", "foo ['foo_1']"]),
        (["baz_asset"], ["bars", "foo ['foo_2']", "baz"]),
        (None, ["bars", "foo ['foo_1', 'foo_2']", "baz"]),
    ],
)
def test_a_subset_runs_just_the_ops_that_it_needs(
    selection: list[str] | None, expected: list[str]
) -> None:
    """An output that is returned and not needed is tolerated, where Dagster raises."""
    assets = AssetsDefinition.from_graph(my_graph, can_subset=True)
    assert materialize([assets], selection=selection).success
    assert expected == CALLS


def test_an_output_of_an_unselected_asset_is_recorded_with_a_warning() -> None:
    """The warning names op, output and asset, where Dagster raises."""

    @op(out={"left": Out(is_required=False), "right": Out(is_required=False)})
    def careless() -> Any:
        yield Output(1, "left")
        yield Output(2, "right")

    @graph_multi_asset(outs={"low": AssetOut(), "high": AssetOut()}, can_subset=True)
    def ends() -> Any:
        left, right = careless()
        return {"low": left, "high": right}

    result = materialize([ends], selection=["low"])
    assert result.success
    assert {str(key) for key in result.materialized} == {"low", "high"}
    assert result.warnings == [
        "`ends.careless` gave its output `right`, so that `high` was materialized although it was "
        "not selected. Give only what `context.selected_output_names` holds."
    ]


def test_a_derived_asset_makes_what_it_is_derived_from() -> None:
    """Selecting only the second asset of a graph runs the op of the first one again."""

    @graph_multi_asset(outs={"base": AssetOut(), "derived": AssetOut()}, can_subset=True)
    def pair() -> Any:
        first = one()
        return {"base": first, "derived": twice(first)}

    result = materialize([pair], selection=["derived"])
    assert result.asset_value("derived") == 2
    assert steps(result) == {"pair.one": "ok", "pair.twice": "ok"}


def test_ops_that_do_not_depend_on_a_failure_go_on() -> None:
    """A failing op stops what is below it; the graph's other assets are made."""

    @op
    def fails() -> int:
        raise ValueError("no")

    @graph_multi_asset(outs={"bad": AssetOut(), "good": AssetOut()})
    def mixed() -> Any:
        return {"bad": twice(fails()), "good": one()}

    result = materialize([mixed], raise_on_error=False)
    assert (result.materialized, result.failed) == ([AssetKey("good")], [AssetKey("bad")])
    assert steps(result) == {"mixed.fails": "failed", "mixed.twice": "not_run", "mixed.one": "ok"}


def test_a_wrong_type_between_ops_names_step_and_input() -> None:
    """The expected type and the one that was got are said."""

    @op
    def word() -> Any:
        return "x"

    @graph_asset
    def wrong() -> Any:
        return twice(word())

    with pytest.raises(Exception, match="should be int and is str") as caught:
        materialize([wrong])
    assert str(caught.value) == "`wrong.twice`: its input `number` should be int and is str."
