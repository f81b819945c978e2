"""What `materialize` and Definitions refuse before anything runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import dagbook
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import DuplicateKey, InvalidDefinition
from dagbook.errors.resources import EnvVarNoNumber, InvalidConfig
from dagbook.errors.store import StoreError, StoreGone

# What a type checker would refuse is what these tests try.
untyped: Any = dagbook


@dagbook.asset
def one() -> int:
    return 1


@dagbook.asset(name="one")
def other() -> int:
    return 2


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"assets": 5}, "materialize: assets is of type int and no list. Write assets=[…]"),
        ({"assets": one}, "assets is of type AssetsDefinition and no list"),
        ({"assets": [one], "resources": ["db"]}, "resources is of type list and no dictionary"),
        ({"assets": [one], "tags": "nightly"}, "tags is of type str and no dictionary"),
        ({"assets": [one.op.fn]}, "a function is no asset and no check"),
    ],
)
def test_wrong_arguments_of_materialize(given: dict[str, Any], told: str) -> None:
    """Each is named, with what it must be."""
    with pytest.raises(InvalidDefinition) as caught:
        untyped.materialize(**given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"executor": "cluster"}, "executor='cluster' is none. Give one of inline, threads, proc"),
        ({"jobs": 0, "executor": "threads"}, "jobs=0 is no number of jobs. Give a whole number"),
        ({"jobs": "2"}, "jobs='2' is no number of jobs"),
    ],
)
def test_wrong_arguments_of_a_run(workspace: Workspace, given: Any, told: str) -> None:
    """An executor that there is not is no other one."""
    workspace.define(one)
    with pytest.raises(InvalidDefinition) as caught:
        workspace.materialize(**given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "together",
    [
        lambda: dagbook.materialize([one, other]),
        lambda: dagbook.materialize([dagbook.Definitions([one]), other]),  # type: ignore[list-item]
        lambda: dagbook.Definitions([one, other]),
    ],
)
def test_two_assets_of_one_key(together: Any) -> None:
    """The error names both places: neither hides the other."""
    with pytest.raises(DuplicateKey) as caught:
        together()
    places = [f"{__file__}, line {each.op.fn.__code__.co_firstlineno}" for each in (one, other)]
    assert (
        str(caught.value) == f"`one` is defined twice: {' and '.join(places)}. Rename one of them."
    )


def test_an_asset_that_is_given_twice_counts_once() -> None:
    """As does a plain spec of it, which does not hide how it is made."""
    result = dagbook.materialize([one, one, dagbook.AssetSpec("one")])
    assert result.asset_value("one") == 1


def test_what_is_no_module() -> None:
    """A name is not a module."""
    with pytest.raises(InvalidDefinition, match=r"module is of type str: json.* type module\."):
        untyped.load_definitions_from_module("json")
    assert isinstance(dagbook, ModuleType)


def test_a_variable_that_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of the variable is not told: it may be a secret in the wrong place."""
    monkeypatch.setenv("DEMO_PORT", "hunter22")

    class Service(dagbook.ConfigurableResource):
        port: int

    @dagbook.asset
    def page(service: Service) -> int:
        return service.port

    with pytest.raises(InvalidConfig) as caught:
        dagbook.materialize(
            [page], resources={"service": Service(port=dagbook.EnvVar.int("DEMO_PORT"))}
        )
    assert isinstance(caught.value.faults[0], EnvVarNoNumber)
    assert "`DEMO_PORT`, which the field `port` of the resource `service`" in str(caught.value)
    assert "hunter22" not in str(caught.value)


def test_a_store_that_goes_before_the_first_run(tmp_path: Path) -> None:
    """The folder is named, with what helps."""
    workspace = Workspace(tmp_path / "shop")
    workspace.define(one)
    shutil.rmtree(tmp_path / "shop")
    with pytest.raises(StoreGone, match=r"shop.*is gone.*restart the kernel"):
        workspace.materialize()
    workspace.close()


def test_a_store_with_an_impossible_name(tmp_path: Path) -> None:
    """What the system says is told as a fault of the store."""
    with pytest.raises(StoreError, match="File name too long"):
        Workspace(tmp_path / ("x" * 1000))
