"""Definitions that are made when they are loaded."""

from __future__ import annotations

from typing import Any

import pytest

import dagbook as dg
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidDefinition


@dg.asset
def raw() -> int:
    """A number."""
    return 1


@dg.definitions
def project() -> dg.Definitions:
    """All of it."""
    return dg.Definitions([raw], resources={"limit": 3})


def test_a_workspace_makes_definitions_when_it_takes_them(workspace: Workspace) -> None:
    """With what they hold."""
    workspace.define(project)
    assert [str(key) for key in workspace.graph.keys] == ["raw"]
    assert workspace.resources == {"limit": 3}


def test_a_function_that_gives_no_definitions_is_refused() -> None:
    """With the place where it was written."""

    def wrong() -> Any:
        return [raw]

    with pytest.raises(InvalidDefinition) as caught:
        dg.definitions(wrong)()
    assert str(caught.value) == (
        "wrong: it gave a value of type list. Return Definitions.\n"
        f"  {__file__}, line {wrong.__code__.co_firstlineno}"
    )
