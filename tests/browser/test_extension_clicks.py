"""Clicks of a hand in the live graph of the side panel, from the wheel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab
from tests.browser.test_extension_badges import CELLS
from tests.browser.test_extension_panel import FITTED, GRAPH, do, expect_drawn, panel

# Where a card stands on the page: its middle, and half of its height.
CARD = f"""id => {{
  const box = ({GRAPH})(), frame = box.getBoundingClientRect();
  const node = box._cyreg.cy.getElementById(id), {{ x, y }} = node.renderedPosition();
  return [frame.left + x, frame.top + y, node.renderedHeight() / 2];
}}"""
LONG_NAME = "%%asset a_name_that_makes_the_line_two_lines\ntotals"


@pytest.fixture
def drawn(lab_of_wheel: Lab) -> Lab:
    """The panel beside a notebook of two assets, fitted into its frame."""
    lab_of_wheel.open_cells(*CELLS, "import time\ntime.sleep(3)")
    lab_of_wheel.run_all()
    do(lab_of_wheel, "show-graph")
    expect_drawn(lab_of_wheel, "orders", "totals")
    return lab_of_wheel


def line(lab: Lab) -> Locator:
    """What is said of what was clicked."""
    return panel(lab).locator(".dagbook-line").first


def aim(lab: Lab, node: str, at: float = 0) -> tuple[float, float]:
    """Where to click a card, from its upper edge (-1) over its middle to the lower one (1)."""
    lab.page.wait_for_function(FITTED)
    x, y, half = lab.page.evaluate(CARD, node)
    return x, y + at * half


def click(lab: Lab, node: str, at: float = 0) -> None:
    """Click a card of the panel's graph."""
    lab.page.mouse.click(*aim(lab, node, at))


@contextmanager
def held(lab: Lab, key: str) -> Iterator[None]:
    """Hold a key down meanwhile."""
    lab.page.keyboard.down(key)
    yield
    lab.page.keyboard.up(key)


@pytest.mark.parametrize("key", ["Shift", "Control"])
def test_a_click_with_a_key_adds_to_the_selection(drawn: Lab, key: str) -> None:
    """The asset is chosen beside the one before it, and goes again with another such click."""
    click(drawn, "totals")
    expect(line(drawn)).to_contain_text("This: ")
    with held(drawn, key):
        click(drawn, "orders")
        expect(line(drawn)).to_contain_text("Selection of totals, orders: ")
        click(drawn, "totals")
        expect(line(drawn)).to_contain_text("This: ")


def test_a_key_counts_for_its_own_clicks_only(drawn: Lab) -> None:
    """A click without it chooses that asset alone, also where a busy kernel hears of all of them late."""
    drawn.start_cell(len(CELLS))
    with held(drawn, "Shift"):
        click(drawn, "orders")
        click(drawn, "totals")
    click(drawn, "orders")
    expect(panel(drawn).locator(".dagbook-panel")).to_contain_text("orders")
    expect(line(drawn)).to_contain_text("This: ")


def test_a_click_meets_the_card_under_the_pointer(drawn: Lab) -> None:
    """The edge of a card too, after a longer text above the graph has moved it."""
    drawn.set_source(len(CELLS), LONG_NAME)
    drawn.run_cell(len(CELLS))
    expect_drawn(drawn, "a_name_that_makes_the_line_two_lines", "orders", "totals")
    with held(drawn, "Shift"):
        for node in ("totals", "orders", "a_name_that_makes_the_line_two_lines"):
            click(drawn, node)
            expect(panel(drawn).locator(".dagbook-panel")).to_contain_text(node)
        expect(line(drawn)).to_contain_text("Selection of totals, orders, a_name")
        click(drawn, "totals", at=0.9)
        expect(line(drawn)).to_contain_text("Selection of orders, a_name")


def test_a_hand_that_moves_a_little_clicks(drawn: Lab) -> None:
    """Five pixels between pressing and releasing are no drag."""
    x, y = aim(drawn, "totals")
    drawn.page.mouse.move(x, y)
    drawn.page.mouse.down()
    drawn.page.mouse.move(x + 5, y)
    drawn.page.mouse.up()
    expect(panel(drawn).locator(".dagbook-panel")).to_contain_text("totals")


def test_a_click_meets_the_graph_that_was_drawn_meanwhile(drawn: Lab) -> None:
    """A new asset changes the graph between pressing and releasing: the click counts all the same."""
    drawn.set_source(len(CELLS), "%%asset more\ntotals")
    drawn.page.mouse.move(*aim(drawn, "totals"))
    drawn.page.mouse.down()
    drawn.run_cell(len(CELLS))
    expect_drawn(drawn, "more", "orders", "totals")
    drawn.page.mouse.up()
    expect(panel(drawn).locator(".dagbook-panel")).to_contain_text("totals")
    expect(line(drawn)).to_contain_text("This: ")
