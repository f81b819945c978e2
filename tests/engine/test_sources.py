"""Observable sources: what is made elsewhere, with a function that tells its data version."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest

import dagbook as dg
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidDefinition


class Bank(dg.ConfigurableResource):  # type: ignore[misc,unused-ignore]
    """Where the rates are."""

    day: str


@pytest.fixture
def seen() -> dict[str, Any]:
    """What the source's function gives, and how often it was asked."""
    return {"gives": dg.DataVersion("1"), "asked": 0}


@pytest.fixture
def definitions(seen: dict[str, Any]) -> list[Any]:
    """A source, and an asset that waits for it."""

    @dg.observable_source_asset
    def rates() -> Any:
        seen["asked"] += 1
        if isinstance(seen["gives"], Exception):
            raise seen["gives"]
        if "seconds" in seen:
            time.sleep(seen["seconds"])
        return seen["gives"]

    @dg.asset(deps=[rates])
    def prices() -> int:
        return 1

    return [rates, prices]


def test_another_version_makes_what_waits_for_it_stale(
    workspace: Workspace, seen: dict[str, Any], definitions: list[Any]
) -> None:
    """The same version leaves it fresh."""
    workspace.define(*definitions)
    workspace.materialize()
    assert workspace.plan().is_empty
    seen["gives"] = dg.ObserveResult(data_version="2")
    assert "data changed (rates)" in workspace.status("prices").why
    assert len(workspace.materialize().materialized) == 1


@pytest.mark.parametrize("gives", [ValueError("no network"), 3])
def test_what_cant_be_seen_counts_as_changed(
    workspace: Workspace,
    seen: dict[str, Any],
    definitions: list[Any],
    caplog: pytest.LogCaptureFixture,
    gives: Any,
) -> None:
    """With a warning, and no error: other assets can be brought up to date."""
    workspace.define(*definitions)
    workspace.materialize()
    seen["gives"] = gives
    with caplog.at_level(logging.WARNING, "dagbook"):
        assert workspace.status("prices").state == "stale"
    assert caplog.messages[0].startswith("`rates` could not be looked at: ")


def test_a_slow_function_is_asked_only_when_something_is_planned(
    workspace: Workspace, seen: dict[str, Any], definitions: list[Any]
) -> None:
    """Looking at the state does not wait for it."""
    seen["seconds"] = 0.05
    workspace.define(*definitions)
    workspace.plan()
    asked = seen["asked"]
    workspace.statuses()
    assert seen["asked"] == asked
    workspace.plan()
    assert seen["asked"] == asked + 1


def test_a_source_is_given_resources_and_a_context(workspace: Workspace) -> None:
    """By annotation, or by its context."""

    @dg.observable_source_asset(required_resource_keys={"bank"})
    def rates(context: dg.AssetExecutionContext, bank: Bank) -> dg.DataVersion:
        return dg.DataVersion(f"{context.asset_key} {context.resources.bank.day} {bank.day}")

    workspace.provide({"bank": Bank(day="Monday")})
    workspace.define(rates)
    assert workspace.observe()[0].external == {dg.AssetKey("rates"): "rates Monday Monday"}


def test_a_source_s_value_comes_from_its_io_manager() -> None:
    """Of readers by name, which an external asset without one can't have."""
    kept = dg.InMemoryIOManager()
    kept.values["rates",] = [1, 2]
    rates = dg.observable_source_asset(name="rates", io_manager_key="bank")(lambda: None)
    total = dg.asset(name="total")(lambda rates: sum(rates))
    run = dg.materialize([rates, total], resources={"bank": kept})
    assert run.asset_value("total") == 3


def test_a_source_with_an_input_is_refused() -> None:
    """It reads no asset."""
    with pytest.raises(InvalidDefinition) as caught:
        dg.observable_source_asset(name="rates")(lambda orders: None)
    assert str(caught.value).splitlines()[0] == (
        "rates: it looks at what is made elsewhere, and has the input `orders`. "
        "It can take a context, resources and a config."
    )
