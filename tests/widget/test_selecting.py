"""What is selected in the live graph: by clicks, by a search, by `%select`."""

from __future__ import annotations

import pytest

from dagbook.widget.dag_widget import DagWidget
from tests.widget.projects import REPORT, eventually
from tests.widget.showing import click_on_page, line, shown


def enter(widget: DagWidget) -> None:
    """Press Enter in the search box."""
    widget.toolbar.search._handle_custom_msg({"event": "submit"}, [])


def test_a_search_with_a_mistake_points_at_it() -> None:
    """After Enter the error stands below the buttons with its caret, and everything stays bright."""
    with shown() as (_, widget):
        widget.toolbar.search.value = "clean or ("
        assert "^" not in line(widget)
        enter(widget)
        assert "^" in line(widget)
        assert widget.picture.bright is None


def test_a_search_finds_while_it_is_typed() -> None:
    """What is typed marks what it names, as soon as it names something."""
    with shown() as (_, widget):
        widget.toolbar.search.value = "clean+"
        assert line(widget) == "Selection by the search: 2 of 4 assets found"
        assert widget.toolbar.buttons["marked"].tooltip.startswith("%materialize clean+")


@pytest.mark.parametrize("text", ["clean+ or", "cle", "state:st"])
def test_what_is_no_selection_yet_finds_nothing(text: str) -> None:
    """While such a text is typed nothing of the one before it is told, marked or run."""
    with shown() as (_, widget):
        widget.toolbar.search.value = "clean+"
        widget.toolbar.search.value = text
        assert line(widget) == "Not a selection yet"
        assert (widget.toolbar.search.value, widget.picture.bright) == (text, None)
        assert widget.toolbar.buttons["marked"].disabled
        widget.toolbar.search.value = ""
        assert line(widget).startswith("Click an asset")


def test_a_click_adds_where_the_page_says_so() -> None:
    """As it does while a key is held; the one after it, without a key, chooses one asset alone."""
    with shown() as (_, widget):
        click_on_page(widget, "raw")
        click_on_page(widget, "clean", "card dagbook-adding")
        assert widget.picture.ringed == {"raw", "clean"}
        click_on_page(widget, "clean")
        assert widget.picture.ringed == {"clean"}


def test_the_newest_of_clicks_search_and_select_makes_the_selection() -> None:
    """The line says which one it is, the button what it would run, and an older one is gone."""
    with shown() as (workspace, widget):
        marked = widget.toolbar.buttons["marked"]
        widget.toolbar.several.value = True
        widget.click("raw")
        widget.click("clean")
        assert marked.tooltip.startswith("%materialize raw or clean\n")
        widget.toolbar.several.value = False
        widget.toolbar.search.value = "report"
        assert line(widget).startswith("Selection by the search: 1 of 4 assets found · This: ")
        assert marked.tooltip.startswith("%materialize report\n")
        assert widget.picture.ringed == {"clean"}
        widget.toolbar.several.value = True
        widget.click("raw")
        assert (widget.toolbar.search.value, widget.picture.bright) == ("", None)
        assert marked.tooltip.startswith("%materialize clean or raw\n")
        widget.toolbar.several.value = False
        workspace.set_selected([REPORT])
        eventually(lambda: marked.tooltip.startswith("%materialize is:selected\n"))
        assert line(widget).startswith("Selection by %select: will run 3: ")


def test_a_search_is_completed_by_a_button() -> None:
    """Buttons below the box put what may follow in the place of the word, and go with Enter."""
    with shown() as (_, widget):
        row = widget.suggestions
        widget.toolbar.search.value = "+cl"
        assert (row.texts, row.widget.layout.display) == (["+clean"], None)
        assert row.buttons[0].description == "clean"
        row.buttons[0].click()
        assert widget.toolbar.search.value == "+clean"
        assert row.texts == ["+clean+"]
        widget.toolbar.search.value = "status:"
        assert "status:stale" in row.texts
        enter(widget)
        assert (row.texts, row.widget.layout.display) == ([], "none")


def test_the_line_says_what_is_selected_and_what_it_would_run() -> None:
    """Pressing *Several* says what is selected already; of several assets it previews their run."""
    with shown() as (_, widget):
        widget.click("clean")
        assert line(widget) == "This: will run 2: raw, clean"
        widget.toolbar.several.value = True
        assert line(widget).startswith("Selected: clean. Each click adds")
        widget.click("raw")
        assert line(widget) == "Selection of clean, raw: will run 2: raw, clean"
        widget.click("clean")
        widget.click("raw")
        assert line(widget).startswith("Selected: nothing yet.")
