"""Looking at the code of a graph again and again."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dagbook.definitions.decorators import asset
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.observation.code_look import CodeLook
from dagbook.versions.code import Evaluation


def evaluation() -> Evaluation:
    """A look that knows no assets by name."""
    return Evaluation(lambda name: False)


def interrupting(_node: AssetNode | CheckNode) -> Mapping[str, object]:
    """What somebody who stops a cell does while a look asks for resources."""
    raise KeyboardInterrupt


def test_a_look_that_was_interrupted_leaves_nothing_to_the_next_one() -> None:
    """What had changed is found all the same."""
    told = asset(name="told", code_version="1")(lambda: 1)
    first = AssetGraph.of(asset(name="plain")(lambda: 1), told)
    codes = CodeLook()
    before = codes.versions(first, evaluation())
    again = first.with_definitions(asset(name="plain")(lambda: 2), told)
    with pytest.raises(KeyboardInterrupt):
        codes.versions(again, evaluation(), given=interrupting)
    found = codes.versions(again, evaluation())
    assert found == CodeLook().versions(again, evaluation())
    assert [found[key] == before[key] for key in first.keys] == [False, True]
