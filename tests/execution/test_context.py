"""What a body's context tells of its run, its assets and its inputs."""

from __future__ import annotations

from typing import Any

import pytest

import dagbook as dg
from dagbook.errors.definitions import InvalidDefinition


@dg.asset(key_prefix="shop")
def orders() -> int:
    """Read by others."""
    return 1


def told(ask: Any) -> Any:
    """What a multi-asset's context answers."""

    @dg.multi_asset(
        outs={"low": dg.AssetOut(key_prefix="shop"), "high": dg.AssetOut()},
        ins={"o": dg.AssetIn(["shop", "orders"])},
    )
    def ends(context: dg.AssetExecutionContext, o: int) -> tuple[Any, Any]:
        return ask(context), 9

    return dg.materialize([orders, ends]).output_for_node("low")


def test_it_tells_its_run() -> None:
    """Under both names."""
    same = told(lambda context: (context.run.run_id, context.run_id))
    assert len(set(same)) == 1


def test_it_tells_the_keys_of_outputs_and_inputs() -> None:
    """By their names in the function."""
    keys = told(lambda context: [context.asset_key_for_output("low").to_user_string(),
                                 context.asset_key_for_input("o").to_user_string()])  # fmt: skip
    assert keys == ["shop/low", "shop/orders"]


def test_it_takes_metadata_for_one_of_several_assets() -> None:
    """By the asset's key."""

    @dg.multi_asset(outs={"low": dg.AssetOut(), "high": dg.AssetOut()})
    def ends(context: dg.AssetExecutionContext) -> tuple[int, int]:
        context.add_asset_metadata({"rows": 3}, asset_key="high")
        return 1, 2

    records = dg.materialize([ends]).get_asset_materialization_events()
    assert [sorted(one.metadata) for one in records] == [[], ["rows"]]


def test_an_unknown_output_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(InvalidDefinition) as caught:
        told(lambda context: context.asset_key_for_output("lwo"))
    assert str(caught.value) == "shop/low high: it has no output `lwo`. It has: low, high."


def test_what_several_assets_raise_together_is_raised_itself() -> None:
    """One body failed once, however many assets it makes."""
    with pytest.raises(ZeroDivisionError):
        told(lambda _context: 1 // 0)
