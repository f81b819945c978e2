"""Where a faulty definition was written: each fault that is found when it is made says it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import dagbook as dg
from dagbook.errors.definitions import DefinitionError


def body(value: Any) -> Any:
    """The function that is made into something."""
    return value


@dg.op
def make() -> int:
    """A number."""
    return 1


CASES: dict[str, Callable[[], Any]] = {
    "an asset": lambda: dg.asset(deps="abc")(body),
    "an asset's name": lambda: dg.asset(name="not good")(body),
    "an op": lambda: dg.op(out={"a": dg.Out(), "not good": dg.Out()})(body),
    "a graph": lambda: dg.graph(body),
    "a graph of several faults": lambda: dg.graph(name="g", out={"x": dg.GraphOut()})(body),
    "a graph asset": lambda: dg.graph_asset(body),
    "several assets of a graph": lambda: dg.graph_multi_asset(outs={"x": dg.AssetOut()})(body),
    "a multi-asset": lambda: dg.multi_asset()(body),
    "a check": lambda: dg.asset_check(asset="orders", name="not good")(body),
    "several checks": lambda: dg.multi_asset_check(specs=[])(body),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_says_where_the_function_was_written(case: str) -> None:
    """The last line of the message is the file with the line."""
    with pytest.raises(DefinitionError) as caught:
        CASES[case]()
    line = body.__code__.co_firstlineno
    assert str(caught.value).splitlines()[-1] == f"  {__file__}, line {line}"


def test_a_fault_within_another_definition_keeps_its_own_place() -> None:
    """An op that is made in the body of a graph is what the error points at."""

    def inner(value: Any) -> Any:
        return value

    def outer() -> Any:
        return dg.op(name="not good")(inner)(make())

    with pytest.raises(DefinitionError) as caught:
        dg.graph(outer)
    assert str(caught.value).endswith(f", line {inner.__code__.co_firstlineno}")
