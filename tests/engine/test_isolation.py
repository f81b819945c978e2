"""Every consumer has a value of its own: a change in place is reported and reaches nobody else."""

from __future__ import annotations

import pytest

from dagbook.engine.running import ExecutorName
from dagbook.engine.workspace import Workspace
from tests.engine.typed import define

# What makes a value, what changes it in place, and what tells it from its changed self.
VALUES = {
    "frame": ("pd.DataFrame({'a': [1, 2]})", "source.loc[0, 'a'] = 99", "int(source.a.sum())"),
    "column": ("pd.DataFrame({'a': [1, 2]})", "source['b'] = 1", "list(source.columns)"),
    "index": ("pd.DataFrame({'a': [2, 1]})", "source.index = [5, 6]", "list(source.index)"),
    "values of a frame": (
        "pd.DataFrame({'a': [1.0, 2.0]})",
        "source.iloc[0, 0] = 5.0",
        "float(source.a.sum())",
    ),
    "list in a frame": (
        "pd.DataFrame({'a': [[1], [2]]})",
        "source.a[0].append(9)",
        "str(list(source.a))",
    ),
    "series": ("pd.Series([1, 2])", "source[0] = 9", "int(source.sum())"),
    "array": ("np.arange(4)", "source[0] = 9", "int(source.sum())"),
    "large array": ("np.arange(400_000)", "source[7] = -1", "int(source.sum())"),
    "polars": (
        "pl.DataFrame({'a': [1, 2]})",
        "source.insert_column(0, pl.Series('b', [1, 2]))",
        "source.columns",
    ),
    "dictionary": ("{'a': [1]}", "source['a'].append(2)", "str(source)"),
    "list": ("[1, 2]", "source.append(3)", "len(source)"),
    "set": ("{1, 2}", "source.add(3)", "len(source)"),
    "nested": ("[{'a': {'b': [1]}}]", "source[0]['a']['b'].append(2)", "str(source)"),
    "object": ("SimpleNamespace(n=1)", "source.n = 2", "source.n"),
    "bytes": ("bytearray(b'ab')", "source.extend(b'c')", "bytes(source)"),
}
CELL = """
import numpy as np
import pandas as pd
import polars as pl
from types import SimpleNamespace

@asset
def source():
    return {value}

@asset
def changer(source):
    {change}
    return 1

@asset(deps=["changer"])
def reader(source):
    return {told}

@asset(deps=["changer"])
def again(source):
    {change}
    return {told}
"""


@pytest.mark.parametrize(
    ("name", "executor"),
    [
        *((name, "inline") for name in VALUES),
        *((name, "threads") for name in ("frame", "large array", "dictionary", "polars")),
        *((name, "processes") for name in ("frame", "large array", "dictionary", "polars")),
    ],
)
def test_a_change_in_place_is_reported_and_stays_with_who_made_it(
    workspace: Workspace, name: str, executor: ExecutorName
) -> None:
    """Neither the store nor another consumer sees it, and the report names asset and input."""
    value, change, told = VALUES[name]
    space = define(workspace, CELL.format(value=value, change=change, told=told))
    result = workspace.materialize(executor=executor)
    assert result.success
    changed = {(str(key), name) for key, name in result.changed_inputs}
    assert changed == {("changer", "source"), ("again", "source")}
    expected = {**space, "source": workspace.value("source")}
    assert workspace.value("reader") == eval(told, expected)
    assert workspace.value("reader") != workspace.value("again")
    assert workspace.status("source").is_fresh


@pytest.mark.parametrize("name", VALUES)
def test_each_reading_gives_a_value_of_its_own(workspace: Workspace, name: str) -> None:
    """What a caller does to one reaches neither the store nor the next caller."""
    value, change, told = VALUES[name]
    space = define(workspace, CELL.format(value=value, change=change, told=told))
    workspace.materialize("source")
    first = {**space, "source": workspace.value("source")}
    before = eval(told, first)
    exec(change, first)
    assert eval(told, {**space, "source": workspace.value("source")}) == before
