"""Completion by Tab in a real JupyterLab: in the lines of the magics, and in the search box."""

from __future__ import annotations

import pytest

from tests.browser.lab import Lab

CELLS = (
    "%load_ext dagbook",
    "%%asset flights --group raw\n[1, 2, 3]",
    "%%asset planes --group raw\n[4]",
    "%%asset flight_facts --group report\nflights + planes",
    "%dag",
    "",
)
TYPED = len(CELLS) - 1


@pytest.fixture
def graph(lab: Lab) -> Lab:
    """JupyterLab with three assets, their live graph, and an empty cell to type in."""
    lab.open_cells(*CELLS)
    lab.run_all()
    lab.nodes()
    return lab


def write(lab: Lab, text: str) -> None:
    """Type into the last cell."""
    lab.cell(TYPED).locator(".cm-content").click()
    lab.page.keyboard.type(text)


def source(lab: Lab) -> str:
    """What stands in the last cell."""
    return lab.cell(TYPED).locator(".cm-content").inner_text().strip()


def await_source(lab: Lab, text: str) -> None:
    """Wait until just this stands in the last cell."""
    for _ in range(100):
        if source(lab) == text:
            return
        lab.page.wait_for_timeout(100)
    raise AssertionError(source(lab))


def take_first(lab: Lab) -> None:
    """Press Tab, and Enter for the first thing that is offered."""
    lab.page.keyboard.press("Tab")
    lab.page.locator(".jp-Completer-match").first.wait_for()
    lab.page.keyboard.press("Enter")


def test_tab_offers_what_may_follow_in_a_selection(graph: Lab) -> None:
    """In a `%materialize` line Tab lists the names that go on with the word, and takes one."""
    write(graph, "%materialize +fli")
    graph.page.keyboard.press("Tab")
    offered = graph.page.locator(".jp-Completer-match")
    offered.filter(has_text="flight_facts").wait_for()
    graph.page.wait_for_timeout(300)
    graph.screenshot("completion-magic")
    assert sorted(offered.all_inner_texts()) == ["flight_facts", "flights"]
    offered.filter(has_text="flight_facts").click()
    await_source(graph, "%materialize +flight_facts")


def test_tab_completes_values_and_options(graph: Lab) -> None:
    """After an attribute come its values, after the selection the options of the magic."""
    write(graph, "%select group:rep")
    take_first(graph)
    await_source(graph, "%select group:report")
    graph.page.keyboard.type(" --exp")
    take_first(graph)
    await_source(graph, "%select group:report --explain")


def test_tab_completes_in_the_search_box(graph: Lab) -> None:
    """Below the box stands what may follow; Tab goes there, Enter takes it and goes back."""
    search = graph.page.locator(".dagbook-toolbar input[type=text]")
    search.click()
    graph.page.keyboard.type("+flight_")
    row = graph.page.locator(".dagbook-suggestions")
    row.get_by_text("flight_facts", exact=True).wait_for()
    graph.screenshot("completion-search")
    graph.page.keyboard.press("Tab")
    graph.page.keyboard.press("Enter")
    graph.page.get_by_text("3 of 3 assets found").wait_for()
    graph.page.keyboard.type(" and group:r")
    row.get_by_text("report", exact=True).wait_for()
    graph.page.keyboard.press("Tab")
    graph.page.keyboard.press("Enter")
    graph.page.get_by_text("2 of 3 assets found").wait_for()
    assert search.input_value() == "+flight_facts and group:raw"
    search.press("Enter")
    row.get_by_text("report", exact=True).wait_for(state="hidden")
    assert graph.errors == []


def test_a_selection_is_marked_in_every_live_graph(graph: Lab) -> None:
    """`%select` draws a thick border around what it names, in graphs that are there already."""
    graph.set_source(TYPED, "%select group:raw --explain")
    graph.run_cell(TYPED)
    graph.page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-Notebook *')].filter(e => e._cyreg?.cy)"
        ".every(e => e._cyreg.cy.nodes('.card')"
        ".filter(n => parseFloat(n.style('border-width')) === 4).length === 2)"
    )
    assert "2 assets selected: flights, planes" in graph.output(TYPED)
    graph.screenshot("selection-marked")
