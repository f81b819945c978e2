"""Badges on the cells of assets and checks, from the wheel."""

from __future__ import annotations

import pytest
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

SELECT = "i => { window.testNotebook.content.activeCellIndex = i; }"
THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"


@pytest.fixture
def ran(lab_of_wheel: Lab) -> Lab:
    """A notebook of assets that has run, everything in it fresh."""
    lab_of_wheel.open_cells(*CELLS)
    lab_of_wheel.run_all()
    expect_state(lab_of_wheel, TOTALS, "fresh")
    expect_state(lab_of_wheel, MANY, "passed")
    return lab_of_wheel


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


def test_an_edit_is_seen_and_its_undo_too(ran: Lab) -> None:
    """An edited cell is not registered until it is run, or until the edit is taken back."""
    ran.set_source(ORDERS, "%%asset orders\n[1, 2, 3, 4]")
    expect_state(ran, ORDERS, "edited, not registered")
    expect_state(ran, TOTALS, "fresh")
    ran.set_source(ORDERS, CELLS[ORDERS])
    expect_state(ran, ORDERS, "fresh")
    ran.set_source(ORDERS, "%%asset orders\n[1, 2, 3, 4]")
    ran.run_cell(ORDERS)
    expect_state(ran, ORDERS, "fresh")
    expect_state(ran, TOTALS, "stale")


def test_a_badge_goes_and_comes_with_the_header(ran: Lab) -> None:
    """An ordinary cell has a badge as soon as its first line makes it one of an asset, and loses it."""
    ran.set_source(1, "%%asset factor\n2")
    expect_state(ran, 1, "not registered")
    ran.set_source(1, "factor = 2")
    expect(ran.cell(1).locator(".dagbook-bar")).to_have_count(0)


def test_moved_cells_keep_their_badges_and_copies_say_so(ran: Lab) -> None:
    """A move changes nothing; a copy of a cell says that another one defines the asset."""
    ran.page.evaluate(SELECT, TOTALS)
    ran.command("notebook:move-cell-up")
    expect_state(ran, TOTALS - 1, "fresh")
    expect(badge(ran, TOTALS - 1).locator(".dagbook-name")).to_have_text("totals")
    ran.command("notebook:copy-cell")
    ran.command("notebook:paste-cell-below")
    expect_state(ran, TOTALS, "defined in another cell")
    expect_state(ran, TOTALS - 1, "fresh")


def test_a_restart_disconnects_until_the_extension_is_loaded(ran: Lab) -> None:
    """After a restart nothing is connected; running all finds everything as it was."""
    ran.restart_kernel()
    expect_state(ran, ORDERS, "not connected")
    ran.run_all()
    expect_state(ran, ORDERS, "fresh")
    expect_state(ran, MANY, "passed")


def test_a_reloaded_page_finds_its_kernel(ran: Lab) -> None:
    """A page that was not there as the kernel loaded dagbook hears how things stand all the same."""
    ran.save()
    ran.page.reload()
    ran.open(ran.folder / "cells.ipynb")
    expect_state(ran, ORDERS, "fresh")
    expect_state(ran, MANY, "passed")


def test_a_run_of_a_cell_is_followed(ran: Lab) -> None:
    """Badges follow what any cell runs, while it runs and after."""
    ran.set_source(1, "import time\nfactor = 3")
    ran.run_cell(1)
    ran.set_source(TOTALS, "%%asset totals --lazy\ntime.sleep(3)\nsum(orders) * factor")
    ran.run_cell(TOTALS)
    expect_state(ran, TOTALS, "stale")
    ran.set_source(0, "%materialize totals")
    ran.start_cell(0)
    expect_state(ran, TOTALS, "running")
    expect_state(ran, TOTALS, "fresh")


def test_a_run_from_a_badge_can_be_cancelled(ran: Lab) -> None:
    """The button starts a run in the background, cells answer meanwhile, and cancel ends it."""
    ran.set_source(TOTALS, "%%asset totals --lazy\nimport time\ntime.sleep(60)\n1")
    ran.run_cell(TOTALS)
    expect_state(ran, TOTALS, "stale")
    ran.cell(TOTALS).locator(".dagbook-run").click()
    expect_state(ran, TOTALS, "running")
    ran.set_source(1, "print('meanwhile')")
    ran.run_cell(1)
    assert ran.output(1) == "meanwhile"
    ran.screenshot("extension-running")
    ran.cell(TOTALS).locator(".dagbook-cancel").click()
    expect_state(ran, TOTALS, "stale")


def test_names_are_text_whatever_they_are(ran: Lab) -> None:
    """Markup in headers is shown as it is written, and nothing of it becomes part of the page."""
    name = "<img/src=x/onerror=document.title='taken'>"
    ran.set_source(1, f"%%asset {name}\n1")
    expect(badge(ran, 1).locator(".dagbook-name")).to_have_text(name)
    assert ran.cell(1).locator(".dagbook-bar img").count() == 0
    ran.set_source(1, "%%asset " + "long_" * 200)
    expect(badge(ran, 1).locator(".dagbook-name")).to_have_text("long_" * 200)
    box = badge(ran, 1).bounding_box()
    assert box is not None
    assert box["width"] < 900
    assert ran.page.title() != "taken"


def test_badges_are_read_in_the_dark(ran: Lab) -> None:
    """The dark theme shows the same states."""
    ran.set_source(ORDERS, "%%asset orders\n[1]")
    ran.run_cell(ORDERS)
    ran.page.evaluate(THEME, "JupyterLab Dark")
    ran.page.locator("body[data-jp-theme-light='false']").wait_for(state="attached")
    expect_state(ran, TOTALS, "stale")
    expect_state(ran, MANY, "failed")
    ran.screenshot("extension-badges-dark")
    ran.page.evaluate(THEME, "JupyterLab Light")


def test_the_console_holds_no_error_of_ours(ran: Lab) -> None:
    """Neither an exception nor a line in the console comes from the extension."""
    ran.set_source(ORDERS, "%%asset orders\n1 / 0")
    ran.start_cell(ORDERS)
    expect_state(ran, ORDERS, "failed")
    ran.restart_kernel()
    expect_state(ran, ORDERS, "not connected")
    assert ran.errors == []
    assert [line for line in ran.console if "dagbook" in line or line.startswith("error")] == []


def test_a_cell_that_shows_what_was_before_says_so(lab_of_wheel: Lab) -> None:
    """Of the asset itself and of a cell that reads it; a click runs the cell, and it shows what is."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, "totals + 1", "%materialize")
    lab.run_all()
    reads, materialize = len(CELLS), len(CELLS) + 1
    marks = lab.page.locator(".dagbook-outdated-mark")
    expect(marks).to_have_count(0)
    lab.set_source(1, "factor = 3")
    lab.run_cell(1)
    expect(marks).to_have_text(["↻reads totals, stale by now"], timeout=20_000)
    lab.run_cell(materialize)
    expect(marks).to_have_text(["↻ran before totals changed"] * 2, timeout=20_000)
    lab.screenshot("extension-outdated-light")
    lab.cell(TOTALS).locator(".dagbook-outdated-mark").click()
    lab.cell(reads).locator(".dagbook-outdated-mark").click()
    expect(marks).to_have_count(0, timeout=20_000)
    expect(lab.cell(reads).locator(".jp-OutputArea-output")).to_have_text("19")
