"""The state behind the widget: what is chosen, found, folded and planned."""

from __future__ import annotations

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.errors.selection import SelectionError
from dagbook.widget.expressions import above, any_of, below, key_expression
from dagbook.widget.picture import Picture
from tests.widget.projects import CLEAN, RAW, REPORT, project


def test_a_click_chooses_one_asset() -> None:
    """The next click chooses another one instead; with several it chooses both, then lets go."""
    with project() as workspace:
        picture = Picture(workspace, None)
        picture.click("raw", several=False)
        picture.click("clean", several=False)
        assert (list(picture.chosen), picture.focus) == ([CLEAN], "clean")
        picture.click("raw", several=True)
        assert picture.marked_expression() == "clean or raw"
        picture.click("clean", several=True)
        assert list(picture.chosen) == [RAW]


def test_a_group_is_chosen_and_folded_by_its_box() -> None:
    """A click on a box chooses its members; a double click folds them into one node."""
    with project() as workspace:
        workspace.define()
        picture = Picture(workspace, None)
        picture.click("box:sources", several=False)
        assert (list(picture.chosen), picture.focus) == ([RAW], 'group:"sources"')
        assert picture.toggle("box:sources")
        assert not picture.toggle("clean")


def test_a_search_finds_what_a_selection_names() -> None:
    """The search has the selection language; an empty one finds everything again."""
    with project() as workspace:
        picture = Picture(workspace, None)
        picture.search("clean+")
        assert picture.bright == frozenset({"clean", "report"})
        assert picture.marked_expression() == "clean+"
        picture.search("")
        assert picture.bright is None
        with pytest.raises(SelectionError):
            picture.search("clean or (")


def test_a_picture_of_a_selection_shows_nothing_else() -> None:
    """What is not named is counted as hidden."""
    with project() as workspace:
        picture = Picture(workspace, "+clean")
        assert [node.id for node in picture.view.nodes] == ["raw", "clean"]
        assert picture.view.hidden == 2
        assert picture.due_expression() == "+clean"


def test_what_left_the_graph_is_chosen_no_more() -> None:
    """After an asset is forgotten nothing points at it."""
    with project() as workspace:
        picture = Picture(workspace, None)
        picture.click("report", several=False)
        before = picture.structure
        workspace.forget("report")
        picture.read()
        assert (picture.chosen, picture.focus, picture.focused) == ({}, "", None)
        assert picture.structure != before


def test_a_plan_is_made_without_running_anything() -> None:
    """The plan of a button is that of the magic it stands for."""
    with project() as workspace:
        picture = Picture(workspace, None)
        assert picture.plan(above("report")).keys == workspace.plan("+report").keys
        assert picture.plan("report").selected == (REPORT,)
        assert picture.has_due()


@pytest.mark.parametrize(
    ("name", "expression"),
    [("orders", "orders"), ("and", 'key:"and"'), ("2nd", 'key:"2nd"'), ("ns/a", "ns/a")],
)
def test_an_expression_names_just_the_key(name: str, expression: str) -> None:
    """Bare words where the language has them, quotes where it needs them."""
    assert key_expression(AssetKey.from_user_string(name)) == expression


def test_expressions_of_several_are_put_in_parentheses() -> None:
    """A traversal goes over the whole of a selection."""
    both = any_of([RAW, CLEAN])
    assert (above(both), below("raw")) == ("+(raw or clean)", "raw+")
