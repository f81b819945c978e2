"""The table of a plan shows what a step of several assets or ops makes and runs."""

from __future__ import annotations

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.planning.plan import Plan, Step
from dagbook.views.plan import MOST_OPS, plan_table
from dagbook.views.text import text_of
from tests.views.op_graphs import EVERY


@pytest.mark.parametrize(
    ("selection", "lines"),
    [
        ("low", ["low ends: 1 of 2 assets, without high"]),
        ("low or high", ["low ends: 2 of 2 assets", "high ends: 2 of 2 assets"]),
        ("odds", ["odds parted: 1 of 2 assets, without evens, 1 op", "↳ parted.split"]),
        (
            "evens",
            [
                "evens parted: 1 of 2 assets, without odds, 2 ops",
                "↳ parted.split",
                "↳ parted.finish",
            ],
        ),
    ],
)
def test_a_part_of_a_computation_is_told_as_such(selection: str, lines: list[str]) -> None:
    """How many of its assets are made, which are not, and the steps of the ops that run."""
    with Workspace(scope="plan") as workspace:
        workspace.define(*EVERY)
        view = plan_table(workspace.plan(selection, only=True))
    names = [column.name for column in view.columns]
    shown = [f"{row[0].text} {row[names.index('made by')].text}".strip() for row in view.rows]
    assert shown == lines


def test_many_ops_are_counted() -> None:
    """A table of a plan does not drown in the ops of one graph."""
    ops = tuple(f"wide.op{i}" for i in range(MOST_OPS + 5))
    step = Step(keys=(AssetKey("wide"),), reason="selected", why="", computation="wide", ops=ops)
    text = text_of(plan_table(Plan(selected=step.keys, steps=(step,))))
    assert "wide: 25 ops" in text
    assert "↳ 5 more ops" in text
    assert len(text.splitlines()) == MOST_OPS + 4
