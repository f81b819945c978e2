"""What declarations take, and what they refuse."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dagbook
from dagbook import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetOut,
    AssetsDefinition,
    DataVersion,
    GraphOut,
    Out,
    Output,
    asset,
    graph,
    graph_multi_asset,
    materialize,
    multi_asset,
    op,
)
from dagbook.errors.definitions import InvalidDefinition

# What a type checker would refuse is what these tests try.
untyped: Any = dagbook


def one() -> int:
    return 1


@pytest.mark.parametrize(
    ("option", "given", "told"),
    [
        ("reads", "x.csv", "reads='x.csv' is a bare string. Write reads=['x.csv']."),
        ("reads", [5], "a part of reads is of type int: 5. It must be of type str."),
        ("required_resource_keys", "db", "required_resource_keys='db' is a bare string"),
        ("kinds", "sql", "kinds='sql' is a bare string"),
        ("owners", 5, "owners is of type int and no list"),
        ("check_specs", ["filled"], "a part of check_specs is of type str: filled"),
        ("check_specs", AssetCheckSpec("filled", asset="one"), "and no list"),
        ("ins", ["raw"], "ins is of type list and no dictionary. Write ins={name: …}."),
        ("ins", {"raw": "raw"}, "ins['raw'] is of type str: raw. It must be of type AssetIn."),
        ("tags", ["raw"], "tags is of type list and no dictionary"),
        ("metadata", 5, "metadata is of type int and no dictionary"),
        ("resource_defs", ["db"], "resource_defs is of type list and no dictionary"),
        ("retry_policy", 3, "retry_policy is of type int: 3. It must be of type RetryPolicy."),
        ("max_age", "1d", "max_age='1d' is no number from 0 on"),
        ("timeout", -5, "timeout=-5 is no number from 0 on"),
        ("timeout", "5", "timeout='5' is no number from 0 on"),
        ("code_version", 3, "code_version is of type int: 3"),
        ("group_name", 5, "group_name is of type int: 5"),
        ("description", 5, "description is of type int: 5"),
        ("io_manager_key", 5, "io_manager_key is of type int: 5"),
        ("nme", "orders", "@asset: it has no argument `nme`. Did you mean `name`?"),
        ("pool", "orders", "@asset: it has no argument `pool`. Leave it out."),
    ],
)
def test_wrong_arguments_of_an_asset(option: str, given: Any, told: str) -> None:
    """An argument of another kind is refused where it stands, with its name and what it must be."""
    with pytest.raises(InvalidDefinition) as caught:
        untyped.asset(**{option: given})(one)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (lambda: untyped.op(out=5)(one), "out is of type int and no dictionary"),
        (lambda: untyped.op(ins=["x"])(one), "ins is of type list and no dictionary"),
        (lambda: untyped.op(nm="x")(one), "@op: it has no argument `nm`. Did you mean `name`?"),
        (lambda: untyped.graph_asset(nm="x")(one), "@graph_asset: it has no argument `nm`."),
        (lambda: untyped.graph_asset(ins=["x"])(one), "ins is of type list and no dictionary"),
        (
            lambda: untyped.graph_multi_asset(outs=["x"])(one),
            "outs is of type list and no dictionary",
        ),
        (lambda: untyped.multi_asset(outs=["x"])(one), "outs is of type list and no dictionary"),
        (lambda: untyped.multi_asset(specs=["x"])(one), "a part of specs is of type str: x"),
        (lambda: untyped.multi_asset_check(specs=["x"])(one), "a part of specs is of type str: x"),
        (
            lambda: untyped.asset_check(asset="x", severity="bad")(one),
            "severity='bad' is no severity",
        ),
        (lambda: untyped.AssetSpec("x", owners="me"), "owners='me' is a bare string"),
        (lambda: untyped.AssetCheckSpec(5, asset="x"), "name is of type int: 5"),
        (lambda: untyped.RetryPolicy(max_retries="x"), "max_retries is of type str: x"),
        (lambda: untyped.RetryPolicy(max_retries=-1), "max_retries=-1 is no number from 0 on"),
        (lambda: untyped.RetryPolicy(delay=-1), "delay=-1 is no number from 0 on"),
        (
            lambda: untyped.MaterializeResult(metadata=[1]),
            "metadata is of type list and no dictionary",
        ),
        (lambda: Output(1, data_version=untyped.DataVersion(5)), "value is of type int: 5"),
        (lambda: untyped.AssetCheckResult(passed="no"), "passed is of type str and no verdict"),
        (
            lambda: untyped.AssetCheckResult(passed=None),
            "passed is of type NoneType and no verdict",
        ),
        (lambda: untyped.AssetCheckResult(passed=True, severity="bad"), "Give one of WARN, ERROR."),
        (lambda: untyped.asset(functools.partial(one)), "has no name of its own. Give one"),
        (lambda: untyped.asset(int), "nothing is known of the parameters of <class 'int'>"),
    ],
)
def test_wrong_arguments_elsewhere(declare: Callable[[], Any], told: str) -> None:
    """So does every other declaration and result."""
    with pytest.raises(InvalidDefinition) as caught:
        declare()
    assert told in str(caught.value)


@op(out={"a": Out(), "b": Out()})
def both() -> tuple[int, int]:
    return 1, 2


def pairs() -> Any:
    return both()


@pytest.mark.parametrize(
    "declare",
    [
        lambda: AssetsDefinition.from_op(both, keys_by_output_name={"a": "x", "b": "x"}),
        lambda: AssetsDefinition.from_graph(
            graph(out={"a": GraphOut(), "b": GraphOut()})(pairs),
            keys_by_output_name={"a": "x", "b": "x"},
        ),
        lambda: multi_asset(outs={"a": AssetOut(key="x"), "b": AssetOut(key="x")})(one),
        lambda: graph_multi_asset(outs={"a": AssetOut(key="x"), "b": AssetOut(key="x")})(pairs),
    ],
)
def test_one_key_twice_in_a_definition(declare: Callable[[], Any]) -> None:
    """A run of it would wait for itself without an end."""
    with pytest.raises(InvalidDefinition, match=r"`x` is defined 2 times\. Rename one of them\."):
        declare()


def test_a_data_version_of_an_output() -> None:
    """An output may give its version as Dagster's class, not only as a text."""

    @asset
    def rates() -> Output[int]:
        return Output(1, data_version=DataVersion("3"))

    assert materialize([rates]).asset_value("rates") == 1


def test_a_verdict_of_numpy() -> None:
    """A verdict that NumPy computed is one, and is kept as a plain bool."""
    assert AssetCheckResult(passed=bool(np.True_)).passed is True
    verdict: Any = np.float64(1) > 0
    assert AssetCheckResult(passed=verdict).passed is True
