"""The first hour of somebody who has installed the wheel, in one test."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab
from tests.browser.test_tutorial import CELLS, TUTORIAL, cell_with

FACTS, AGES, PLOT = (
    cell_with(f"%%asset {name}") for name in ("flight_facts", "delay_by_age", "delay_plot")
)
CHECK = cell_with("every_flight_has_a_plane")
HELPER = cell_with("OLDEST")
ASSETS = [place for place, cell in enumerate(CELLS) if cell.source.startswith("%%asset ")]


def badge(lab: Lab, cell: int) -> Locator:
    """The badge of a cell."""
    return lab.cell(cell).locator(".dagbook-badge").first


def expect_state(lab: Lab, cell: int, word: str) -> None:
    """Wait until the cell's badge shows this state."""
    expect(badge(lab, cell).locator(".dagbook-state")).to_have_text(word, timeout=60_000)


def test_the_path_of_a_newcomer(lab_of_wheel: Lab) -> None:
    """Run all, edit a helper, run what is stale, look at a failing check, cancel, restart, go on."""
    lab = lab_of_wheel
    lab.open(TUTORIAL)
    lab.run_all()
    for cell in ASSETS:
        expect_state(lab, cell, "fresh")
    lab.screenshot("newcomer-1-run-all")

    lab.set_source(HELPER, CELLS[HELPER].source.replace("1985", "1990"))
    lab.run_cell(HELPER)
    expect_state(lab, AGES, "stale")
    expect_state(lab, PLOT, "stale")
    expect_state(lab, FACTS, "fresh")
    badge(lab, PLOT).scroll_into_view_if_needed()
    lab.screenshot("newcomer-2-stale")

    lab.cell(AGES).locator(".dagbook-run").click()
    expect_state(lab, AGES, "fresh")
    expect_state(lab, PLOT, "stale")

    expect_state(lab, CHECK, "failed")
    badge(lab, CHECK).click()
    panel = lab.page.locator(".dagbook-assets .dagbook-panel")
    expect(panel).to_contain_text("52,606", timeout=60_000)
    lab.screenshot("newcomer-3-failing-check")

    slow = CELLS[PLOT].source.replace("import", "import time; time.sleep(60)\nimport", 1)
    lab.set_source(PLOT, slow.replace("%%asset delay_plot", "%%asset delay_plot --lazy"))
    lab.run_cell(PLOT)
    expect_state(lab, PLOT, "stale")
    lab.cell(PLOT).locator(".dagbook-run").click()
    expect_state(lab, PLOT, "running")
    lab.cell(PLOT).locator(".dagbook-cancel").click()
    expect_state(lab, PLOT, "stale")

    for cell in (HELPER, PLOT):
        lab.set_source(cell, CELLS[cell].source)
    lab.restart_kernel()
    expect_state(lab, AGES, "not connected")
    lab.run_all()
    for cell in ASSETS:
        expect_state(lab, cell, "fresh")
    lab.screenshot("newcomer-4-restarted")
    assert lab.errors == []
