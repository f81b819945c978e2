"""The side panel with the live graph, from the wheel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab
from tests.browser.test_extension_badges import CELLS, ORDERS, TOTALS, badge

DRAWN = """() => [...document.querySelectorAll('.dagbook-assets *')]
  .find(e => e._cyreg?.cy && e.clientWidth > 0)?._cyreg.cy.nodes().map(n => n.id()).sort()"""


def panel(lab: Lab) -> Locator:
    """The panel of assets."""
    return lab.page.locator(".dagbook-assets")


def expect_drawn(lab: Lab, *nodes: str) -> None:
    """Wait until the panel's graph has these nodes."""
    lab.page.wait_for_function(f"wanted => String(({DRAWN})()) === wanted", arg=",".join(nodes))


@pytest.mark.parametrize("app", ["lab", "notebook"])
def test_the_panel_draws_the_graph_of_the_notebook(lab_of_wheel: Lab, app: str) -> None:
    """A click on a badge opens the panel at its asset; a second one changes what is shown there."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, app=app)
    lab.run_all()
    badge(lab, TOTALS).click()
    expect_drawn(lab, "orders", "totals")
    expect(panel(lab).locator(".dagbook-panel")).to_contain_text("totals", timeout=20_000)
    badge(lab, ORDERS).click()
    expect(panel(lab).locator(".dagbook-panel")).to_contain_text("many", timeout=20_000)
    lab.page.wait_for_timeout(1500)
    lab.screenshot(f"extension-panel-{app}")
