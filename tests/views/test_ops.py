"""What stands behind an asset is told in words: its ops, and what is made together with it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from dagbook.definitions.keys import AssetKey
from dagbook.errors.notebook import NothingToExpand
from dagbook.views.expanding import to_expand
from dagbook.views.op_panel import op_html
from dagbook.views.ops import Computation, computation, ops_table
from dagbook.views.panel import PanelSubject, panel_sections, panel_text
from tests.views.op_graphs import EVENS, LOW, ODDS, TIDY, finished, whole
from tests.views.test_tables import Tags


def behind(name: str) -> Computation:
    """What makes this asset of the project."""
    found = computation(whole(), AssetKey(name))
    assert found is not None
    return found


def told(name: str, **outcomes: str) -> dict[str, list[str]]:
    """The table of the ops of an asset that is fresh: the cells of each column by its head."""
    made = behind(name)
    records = finished(made.key, {f"{name}.{op}": word for op, word in outcomes.items()})
    view = ops_table(made, records, dict.fromkeys(made.definition.keys, "fresh"))
    assert view is not None
    heads = [column.name for column in view.columns]
    return {head: [row[i].text for row in view.rows] for i, head in enumerate(heads)}


def test_each_op_has_a_row_in_the_order_of_running() -> None:
    """Its path, its step key, its inputs with where they come from, outputs and retries."""
    assert told("tidy") == {
        "op": ["inner.clean", "inner.ordered", "last"],
        "step": ["tidy.inner.clean", "tidy.inner.ordered", "tidy.last"],
        "reads": [
            "rows from raw",
            "rows from inner.clean; least = 1",
            "rows from inner.ordered",
        ],
        "gives": ["result", "result", "tidy"],
        "retries": ["", "", "3 times, after 500 ms"],
        "last outcome": ["○ no run yet"] * 3,
    }


def test_outcomes_say_why_an_op_failed_and_what_it_took() -> None:
    """An op that did not run took no time."""
    cells = told("tidy", last="failed")
    assert (cells["last outcome"][2], cells["why"][2]) == ("failed", "ValueError: no luck")
    assert cells["took"] == ["", "", "250 ms"]


@pytest.mark.parametrize(
    ("name", "column", "cells"),
    [
        ("evens", "gives", ["odd as odds (optional), even (optional)", "evens"]),
        ("evens", "reads", ["rows from raw", "rows from split.even"]),
        ("mapped", "gives", ["result (any number)", "result", "mapped"]),
        ("mapped", "reads", ["rows from raw", "piece from each pieces", "parts from all one"]),
    ],
)
def test_several_outputs_are_told_apart(name: str, column: str, cells: list[str]) -> None:
    """Which output is which asset, what need not be given, and what is mapped or collected."""
    assert told(name)[column] == cells


@pytest.mark.parametrize("name", ["raw", "low"])
def test_what_one_function_makes_has_no_ops(name: str) -> None:
    """A plain asset has nothing behind it; a multi-asset has several assets and no ops."""
    made = computation(whole(), AssetKey(name))
    assert made is None or ops_table(made, (), {}) is None


def shown(key: AssetKey) -> PanelSubject:
    """The subject of a panel of this asset."""
    return PanelSubject(node=whole().node(key), made=behind(str(key)))


def test_a_panel_shows_the_ops_and_what_is_made_together() -> None:
    """Sections of their own, with whether one can be made without the others."""
    sections = {section.title: Tags(section.body).text for section in panel_sections(shown(EVENS))}
    assert "parted.finish" in sections["Ops"]
    assert "odds" in sections["Made together with it"]
    assert "parted can make some of them without the others." in sections["Made together with it"]


def test_the_text_of_a_panel_has_the_table_of_ops() -> None:
    """It is the same on every run: no duration is in it."""
    lines = panel_text(shown(EVENS)).splitlines()
    assert lines[3] == "made together with odds"
    assert lines[5].split() == ["op", "step", "reads", "gives", "retries", "last", "outcome"]
    assert "made together with high" in panel_text(shown(LOW))


def test_the_panel_of_an_op_tells_its_error_and_its_code() -> None:
    """What it reads and gives, for which assets it runs, the traceback, and the source."""
    records = finished(ODDS, {"parted.split": "failed"})
    text = Tags(op_html(behind("odds"), "split", records, {})).text
    for words in ("parted.split", "raised an error", "no luck", "odds, evens", "def split("):
        assert words in text


def test_names_to_expand_are_assets_graphs_or_groups() -> None:
    """The group of an asset is opened with it; a graph is known by its own name too."""
    found = to_expand(whole(), ["tidy", "parted"])
    assert found.computations == {TIDY, ODDS}
    assert found.groups == {"report", "default"}
    assert to_expand(whole(), ["report"]).computations == frozenset()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("raw", "`raw` is made by one function: there are no ops in it to show."),
        ("low", "`low` is made by one function: there are no ops in it to show."),
        (
            "tidyy",
            "No group is named `tidyy`, and no asset that is made by ops. Did you mean `tidy`?",
        ),
    ],
)
def test_a_name_that_opens_into_nothing_is_an_error(name: str, sentence: str) -> None:
    """It says whether the name is known, and what was meant."""
    with pytest.raises(NothingToExpand) as caught:
        to_expand(whole(), [name])
    assert str(caught.value) == sentence


def test_an_op_stands_once_among_what_is_read_from_outside() -> None:
    """By its name; the function in it is no name that anybody wrote, its defaults are."""
    names = ["body", "clean", "op clean", "ordered", "op ordered", "op ordered.least="]
    parts = [SimpleNamespace(name=name, kind="body", reason="", text="") for name in names]
    view = replace(shown(TIDY), parts=parts).outside_view
    assert view is not None
    assert [row[0].text for row in view.rows] == ["clean", "ordered", "least="]
