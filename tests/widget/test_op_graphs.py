"""In the widget an asset that ops make opens into them, and each of them can be looked at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dagbook import AssetSpec, Workspace, asset, multi_asset
from dagbook.definitions.keys import AssetKey
from dagbook.errors.definitions import InvalidGraph
from dagbook.errors.notebook import NothingToExpand
from dagbook.views.parts import made_id, op_id
from dagbook.widget.dag_widget import DagWidget
from dagbook.widget.picture import Picture
from tests.views.op_graphs import EVENS, EVERY, LOW, ODDS, TIDY
from tests.views.test_tables import Tags
from tests.widget.projects import eventually
from tests.widget.showing import click_on_page

SPLIT, FINISH = op_id(ODDS, "split"), op_id(ODDS, "finish")


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """The project of graphs of ops."""
    with Workspace(scope="ops") as opened:
        opened.define(*EVERY)
        yield opened


@pytest.fixture
def picture(workspace: Workspace) -> Picture:
    """What the widget shows, without a widget."""
    return Picture(workspace, None)


@pytest.fixture
def widget(workspace: Workspace) -> Iterator[DagWidget]:
    """The widget itself."""
    made = DagWidget(workspace)
    yield made
    made.close()


def ops(picture: Picture) -> dict[str, str]:
    """The drawn ops by id, with what stands on them."""
    return {node.id: node.note for node in picture.view.nodes if node.is_op}


@pytest.mark.parametrize("node", ["odds", "evens", made_id(ODDS)])
def test_an_asset_or_its_box_opens_and_closes(picture: Picture, node: str) -> None:
    """Another structure each time, so that another canvas is drawn."""
    before = picture.structure
    assert (picture.is_open(node), picture.toggle(node)) == (False, True)
    assert set(ops(picture)) == {SPLIT, FINISH}
    assert picture.structure != before
    assert picture.toggle(SPLIT)
    assert picture.structure == before


@pytest.mark.parametrize("node", ["raw", "low", made_id(LOW), made_id(AssetKey("gone"))])
def test_what_has_no_ops_opens_into_nothing(picture: Picture, node: str) -> None:
    """A plain asset, a multi-asset, and what is no longer there."""
    assert picture.is_open(node) is None
    assert not picture.toggle(node)


def test_an_op_stands_for_the_assets_of_its_graph(picture: Picture) -> None:
    """It has the ring alone; a run is one of the assets, for no op runs by itself."""
    picture.toggle("odds")
    picture.click(SPLIT, several=False)
    assert picture.ringed == {SPLIT}
    assert (picture.focus, picture.focused) == ("odds or evens", None)
    picture.click("raw", several=False)
    assert picture.ringed == {"raw"}


def test_a_box_chooses_what_is_made_together(picture: Picture) -> None:
    """A click on the box of a multi-asset is one on each of its assets."""
    picture.click(made_id(LOW), several=False)
    assert picture.focus == "low or high"


def test_what_is_made_together_is_run_together(workspace: Workspace, picture: Picture) -> None:
    """A click on one asset of a multi-asset without subsets offers a run that is possible."""

    @multi_asset(specs=[AssetSpec("left"), AssetSpec("right")])
    def halves() -> None:
        """Gives both."""

    workspace.define(halves)
    picture.read()
    picture.click("left", several=False)
    assert (picture.focus, picture.focused) == ("left or right", AssetKey("left"))
    assert len(workspace.materialize(picture.focus).materialized) == 2


@pytest.mark.parametrize("asked", ["+after", "left or after", "1+after"])
def test_what_a_chosen_asset_needs_may_be_a_part(workspace: Workspace, asked: str) -> None:
    """A multi-asset without subsets is made as a whole where a chosen asset needs a part of it."""

    @multi_asset(specs=[AssetSpec("left"), AssetSpec("right")])
    def halves() -> None:
        """Gives both."""

    workspace.define(halves, asset(deps=["left"], name="after")(lambda: 1))
    assert len(workspace.materialize(asked).materialized) == 3
    with pytest.raises(InvalidGraph, match="can't make `left` without `right`"):
        workspace.plan("left or after", only=True, force=True)


def test_ops_show_what_the_last_run_made_of_them(workspace: Workspace, picture: Picture) -> None:
    """After a run of a part, the op that was not needed has none on record."""
    picture.toggle("odds")
    workspace.materialize("+odds")
    picture.read()
    assert ops(picture) == {SPLIT: "✓ ran", FINISH: "○ no run yet"}


def test_what_left_the_graph_is_open_no_more(workspace: Workspace, picture: Picture) -> None:
    """Forgetting the asset takes its ops away too."""
    picture.toggle("tidy")
    workspace.forget("tidy")
    picture.read()
    assert ops(picture) == {}


def test_names_are_open_at_first(workspace: Workspace) -> None:
    """As `%dag --expand` says it; a name that opens into nothing is an error."""
    picture = Picture(workspace, "evens")
    picture.expand(["evens"])
    assert set(ops(picture)) == {SPLIT, FINISH}
    with pytest.raises(NothingToExpand):
        DagWidget(workspace, None, ["raw"])


def test_the_button_opens_and_closes(widget: DagWidget) -> None:
    """It says what it would do to the node that was clicked last."""
    button = widget.toolbar.buttons["open"]
    widget.click("raw")
    assert button.disabled
    widget.click("tidy")
    assert (button.description, button.disabled) == ("Open", False)
    button.click()
    assert {node.id for node in widget.canvas.drawn} > {op_id(TIDY, "last")}
    assert button.description == "Close"


def test_a_click_moves_nothing_while_it_may_become_a_double_click(widget: DagWidget) -> None:
    """It rings what opens into something, and tells of it when a second half would be too late."""
    before = widget._line.value
    with widget._lock:
        click_on_page(widget, "tidy")
        assert widget.picture.ringed == {"tidy"}
        assert (widget._line.value, widget.panel.is_open) == (before, False)
    eventually(lambda: widget._line.value != before)
    assert widget.panel.is_open
    click_on_page(widget, "raw")
    assert "raw" in Tags(widget.panel.body.value).text


def test_the_panel_tells_of_an_op(widget: DagWidget) -> None:
    """What became of it, what it reads and gives, how often it is tried again, its code."""
    widget.double_click("tidy")
    widget.click(op_id(TIDY, "last"))
    text = Tags(widget.panel.body.value).text
    for words in ("tidy.last", "rows from inner.ordered", "3 times", "def last("):
        assert words in text


def test_the_panel_of_a_box_has_ops_and_assets(widget: DagWidget) -> None:
    """The table of the ops, then that of the assets that they make."""
    widget.click(made_id(ODDS))
    text = Tags(widget.panel.body.value).text
    assert "graph parted, 2 ops" in text
    assert "parted.finish" in text
    assert str(EVENS) in text


def test_an_open_graph_repaints_after_a_run(widget: DagWidget, workspace: Workspace) -> None:
    """The ops change on the same canvas, by rules for their numbers."""
    widget.double_click("tidy")
    canvas = widget.canvas
    workspace.materialize("+tidy")
    widget._paint()
    rules = [rule["style"].get("label", "") for rule in canvas.widget.get_style()]
    assert widget.canvas is canvas
    assert "last\n✓ ran" in rules
