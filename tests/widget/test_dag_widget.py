"""The widget over a real workspace: clicks, runs in the background, and what is shown of them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from ipywidgets.widgets.widget import _instances

from dagbook import DuckDBIOManager, Workspace, asset
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.showing import MOST_ROWS
from dagbook.errors.selection import SelectionError
from dagbook.views.parts import node_id
from dagbook.widget.adapter import LEGIBLE
from dagbook.widget.dag_widget import DagWidget
from dagbook.widget.shown import ShownWidgets
from dagbook.widget.stage import Size
from tests.views.graphs import HOSTILE
from tests.views.test_tables import Tags
from tests.widget.projects import RAW, clean, enough, eventually, project, raw, slow
from tests.widget.showing import line, panel, press, shown, states


def test_a_click_shows_the_panel_at_once() -> None:
    """The asset's state and causes stand in the panel when the callback returns."""
    with shown() as (_, widget):
        assert not widget.panel.is_open
        widget.click("clean")
        assert widget.panel.is_open
        assert "clean" in panel(widget)
        assert "enough" in panel(widget)
        assert widget.picture.ringed == {"clean"}


def test_the_buttons_say_their_magic_and_what_it_would_do() -> None:
    """Tooltips hold the magic and its plan."""
    with shown() as (_, widget):
        assert widget.toolbar.buttons["this"].disabled
        widget.click("clean")
        assert widget.toolbar.buttons["upstream"].tooltip == (
            "%materialize +clean\nwill run 2: raw, clean"
        )
        assert line(widget) == "This: will run 2: raw, clean"


def test_upstream_runs_in_the_background_and_changes_the_picture() -> None:
    """The press returns at once; states become fresh; the result is told."""
    with shown() as (workspace, widget):
        widget.click("clean")
        press(widget, "upstream")
        assert widget.is_busy
        assert widget.toolbar.buttons["this"].disabled
        eventually(lambda: "2 materialized" in line(widget))
        assert not widget.is_busy
        assert states(widget)["clean"] == states(widget)["raw"] == "fresh"
        assert workspace.value("clean") == [2, 3]
        eventually(lambda: "[2, 3]" in panel(widget))


def test_every_graph_shows_a_run_and_can_end_it() -> None:
    """One that is drawn while a run goes on shows it at once, and cancels and retries it."""
    with shown() as (workspace, widget):
        workspace.define(slow)
        widget.materialize("slow")
        eventually(lambda: workspace.activity.running)
        later = DagWidget(workspace)
        assert states(later)["slow"] == "running"
        assert line(later) == "▶ 0 of 1 asset done: slow"
        assert later.toolbar.buttons["due"].disabled
        press(later, "cancel")
        for one in (widget, later):
            eventually(lambda one=one: "(cancelled)" in line(one))  # type: ignore[misc]
            assert one.toolbar.buttons["retry"].tooltip.startswith("%materialize slow")
        assert states(later)["slow"] == "missing"
        later.close()


def test_what_a_run_came_to_is_told_until_something_stands_otherwise() -> None:
    """The next run, whoever begins it, makes an end of the line about the last one."""
    with shown() as (workspace, widget):
        widget.materialize("raw")
        eventually(lambda: "1 materialized" in line(widget))
        workspace.materialize("clean")
        eventually(lambda: "materialized" not in line(widget))


@contextmanager
def warehoused(rows: int, folder: Path) -> Iterator[DagWidget]:
    """The widget of a table of so many rows that a DuckDB database keeps."""

    @asset
    def parcels() -> pa.Table:
        return pa.table({"weight": pa.array(range(rows))})

    tables = DuckDBIOManager(database=str(folder / "w.duckdb"))
    with Workspace(scope="test") as workspace:
        workspace.provide({"io_manager": tables})
        workspace.define(parcels)
        workspace.materialize()
        widget = DagWidget(workspace, None)
        widget.click("parcels")
        yield widget
        widget.close()


def test_what_an_io_manager_keeps_is_shown_too(tmp_path: Path) -> None:
    """The panel has the first rows of its table."""
    with warehoused(3, tmp_path) as widget:
        eventually(lambda: "weight" in panel(widget) and "3 rows" in panel(widget))


def test_a_very_large_table_is_not_read_to_be_shown(tmp_path: Path) -> None:
    """The panel says where it is and how to see it."""
    with warehoused(MOST_ROWS + 1, tmp_path) as widget:
        told = "100,001 rows, which an I/O manager keeps: `dagbook.workspace().value('parcels')`"
        eventually(lambda: told in panel(widget))


def test_a_failure_opens_the_panel_with_its_error() -> None:
    """What a body raised stands in the panel, and can be run again."""
    with shown() as (_, widget):
        press(widget, "due")
        eventually(lambda: "ValueError: no luck <b>" in panel(widget))
        assert "<b>" not in widget.panel.body.value
        assert widget.toolbar.buttons["retry"].tooltip.startswith("%materialize broken")
        assert states(widget)["broken"] == "failed"


def test_a_run_from_elsewhere_is_seen() -> None:
    """The picture follows runs that a cell starts."""
    with shown() as (workspace, widget):
        workspace.materialize("raw")
        eventually(lambda: states(widget)["raw"] == "fresh")


def test_a_cell_that_defines_an_asset_draws_it() -> None:
    """A changed graph is drawn by a new canvas, put in the place of the old one."""
    with shown() as (workspace, widget):
        old = widget.canvas
        workspace.define(AssetSpec(AssetKey("more"), deps=(RAW,)))
        eventually(lambda: "more" in states(widget) and widget.canvas is not old)
        assert widget.canvas.widget in widget.stage.widget.children


def test_a_group_in_the_panel_follows_its_members() -> None:
    """The table of a group changes with their states; a forgotten asset leaves the panel."""
    with shown() as (workspace, widget):
        widget.click("box:sources")
        assert "1 asset: 1 missing" in panel(widget)
        workspace.materialize("raw")
        eventually(lambda: "1 asset: 1 fresh" in panel(widget))
        widget.click("report")
        workspace.forget("report")
        eventually(lambda: not widget.panel.is_open)


def test_the_picture_is_recoloured_by_one_message() -> None:
    """However many nodes change, only the style is sent, once."""
    with shown() as (workspace, widget):
        sent: list[object] = []
        widget.canvas.widget.observe(sent.append)
        workspace.materialize("clean")
        eventually(lambda: states(widget)["clean"] == "fresh")
        time.sleep(0.3)
        assert {change["name"] for change in sent} == {"cytoscape_style"}  # type: ignore[index]
        assert len(sent) <= 4


def test_a_closed_widget_hears_no_more() -> None:
    """After its end no event of the workspace reaches the widget."""
    with project() as workspace:
        widget = DagWidget(workspace)
        widget.close()
        workspace.materialize("raw")
        time.sleep(0.3)
        assert states(widget)["raw"] == "missing"


def test_a_selection_with_a_mistake_is_refused() -> None:
    """The error of the selection is raised to who asked for the widget."""
    with project() as workspace, pytest.raises(SelectionError):
        DagWidget(workspace, "no_such_asset")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(name: str) -> None:
    """What reaches the page as HTML is escaped, and labels are of bounded length."""
    with Workspace(scope="test") as workspace:
        workspace.define(AssetSpec(AssetKey(name), group_name=name, description=name))
        widget = DagWidget(workspace)
        widget.click(node_id(AssetKey(name)))
        for html in (widget.panel.body.value, widget._line.value, widget._legend.value):
            assert not Tags(html).tags & {"script", "img"}
        labels = [node.data["label"] for node in widget.canvas.widget.graph.nodes]
        assert max(map(len, labels)) < 100
        widget.close()


def test_a_large_graph_is_drawn_folded_and_opened_by_a_double_click() -> None:
    """A thousand assets are a node for each group; what is sent stays small."""
    with Workspace(scope="test") as workspace:
        specs = [
            AssetSpec(
                AssetKey(f"a{i}"),
                deps=(AssetKey(f"a{i * 9 // 10}"),) if i > 10 else (),
                group_name=f"g{i // 50}",
            )
            for i in range(1_000)
        ]
        workspace.define(*specs)
        widget = DagWidget(workspace)
        assert len(widget.canvas.widget.graph.nodes) == 20
        widget.double_click("group:g3")
        nodes = widget.canvas.widget.graph.nodes
        assert len(nodes) == 70
        assert widget.canvas.widget.user_zooming_enabled
        assert widget.canvas.widget.user_panning_enabled
        assert sum(len(json.dumps(dict(node.data))) for node in nodes) < 30_000
        widget.close()


def test_a_small_graph_leaves_the_mouse_wheel_to_the_page() -> None:
    """Nobody has to zoom a graph that is read as a whole, so that there is no button for it."""
    with shown() as (_, widget):
        assert not widget.canvas.widget.user_zooming_enabled
        assert not widget.canvas.widget.user_panning_enabled
        assert widget.toolbar.buttons["fit"].layout.display == "none"


def test_a_narrow_frame_scrolls_to_the_sides() -> None:
    """A graph that nobody can zoom is never smaller than can be read."""
    with shown() as (_, widget):
        least = float(widget.canvas.widget.layout.min_width.removesuffix("px"))
        assert least == pytest.approx(widget.canvas.place.width * LEGIBLE, abs=1)
        assert widget.stage.widget.layout.overflow == "auto hidden"


def test_a_tall_place_is_filled_from_the_top_down() -> None:
    """Cards stand below each other, as large as the width allows; a wide place has them side by side."""
    with shown() as (_, widget):
        widget.fill((300, 900))
        canvas = widget.canvas
        assert canvas.place.down
        assert not canvas.zooms
        assert widget.stage.widget.layout.overflow == "hidden auto"
        narrow = canvas.usual_height
        widget.fill((420, 900))
        assert widget.canvas is canvas
        assert canvas.usual_height >= narrow
        widget.fill((1200, 700))
        assert not widget.canvas.place.down


def test_the_chosen_card_is_marked_where_it_stands() -> None:
    """A page finds the chosen card by a mark over it, and can scroll there."""
    with shown() as (_, widget):
        widget.fill((400, 900))
        tops = []
        for key in ("raw", "report"):
            widget.click(key)
            tops.append(int(widget.stage._mark.layout.top.removesuffix("px")))
        assert tops[0] < tops[1]


def test_the_saved_text_is_one_line() -> None:
    """Where no widget can be drawn, a sentence stands in its place, the same on every run."""
    with shown() as (_, widget):
        told = widget.widget._repr_mimebundle_()["text/plain"]
        assert told == "The live graph. Run this cell again to click it."


def test_a_cell_that_runs_again_closes_what_it_drew() -> None:
    """Only earlier runs of the same cell are let go of, not other cells and not its own others."""
    with project() as workspace:
        kept = ShownWidgets()
        first, second, other, last = [DagWidget(workspace) for _ in range(4)]
        kept.show(first, "a", 1)
        kept.show(second, "a", 1)
        kept.show(other, "b", 2)
        kept.show(last, "a", 3)
        closed = [widget.widget.comm is None for widget in (first, second, other, last)]
        assert closed == [True, True, False, False]
        other.close()
        last.close()


def test_a_closed_graph_leaves_nothing_open() -> None:
    """Of what it was made of, and drew anew, nothing stays: a page that is loaded anew asks it all."""
    with project() as workspace:
        before = set(_instances)
        widget = DagWidget(workspace)
        widget.click("clean")
        widget.double_click("group:sources")
        workspace.define(AssetSpec(AssetKey("more")))
        eventually(lambda: "more" in states(widget))
        kept = ShownWidgets()
        kept.show(widget, "a", 1)
        again = DagWidget(workspace)
        kept.show(again, "a", 2)
        # A widget can't tell its state where that names a closed one.
        assert all(each.get_state() for each in list(_instances.values()))
        again.close()
        assert set(_instances) == before


@pytest.mark.parametrize("frame", [None, (270.0, 900.0)])
def test_a_card_that_became_too_narrow_is_drawn_anew(frame: Size | None) -> None:
    """What a check that is defined later says of an asset has room on its card, also in a column."""
    with Workspace(scope="test") as workspace:
        workspace.define(raw, clean)
        widget = DagWidget(workspace, frame=frame)
        drawn = widget.canvas
        workspace.define(enough)
        eventually(lambda: widget.canvas is not drawn)
        labels = [node.data["label"] for node in widget.canvas.widget.graph.nodes]
        assert "clean\n○ missing · unchecked" in labels
        widget.close()
