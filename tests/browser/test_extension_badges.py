"""Badges on the cells of assets and checks, from the wheel."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

CELLS = (
    "%load_ext dagbook",
    "factor = 2",
    "%%asset orders\n[1, 2, 3]",
    "%%asset totals\nsum(orders) * factor",
    "%%asset_check many --asset orders\nlen(orders) > 2",
)
ORDERS, TOTALS, MANY = 2, 3, 4


def badge(lab: Lab, cell: int) -> Locator:
    """The first badge of a cell."""
    return lab.cell(cell).locator(".dagbook-badge").first


def expect_state(lab: Lab, cell: int, word: str) -> None:
    """Wait until the cell's badge shows this state."""
    expect(badge(lab, cell).locator(".dagbook-state")).to_have_text(word, timeout=20_000)


def test_a_cell_shows_how_its_asset_stands(lab_of_wheel: Lab) -> None:
    """From not connected over missing registration to fresh, with check and duration."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    expect_state(lab, ORDERS, "not connected")
    lab.run_cell(0)
    expect_state(lab, ORDERS, "not registered")
    lab.run_all()
    expect_state(lab, ORDERS, "fresh")
    expect_state(lab, MANY, "passed")
    expect(badge(lab, ORDERS).locator(".dagbook-check")).to_have_text("✓ many")
    expect(badge(lab, ORDERS).locator(".dagbook-seconds")).to_contain_text("ms")
    lab.screenshot("extension-badges-light")
