"""Commands, menu, toolbar and shortcuts of the extension, and deleted cells; from the wheel."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.test_extension_badges import (
    CELLS,
    MANY,
    ORDERS,
    SELECT,
    TOTALS,
    expect_state,
)
from tests.browser.test_extension_panel import expect_drawn

COMMANDS = {
    "Materialize This Cell's Asset",
    "Materialize This Cell's Asset With Everything Upstream",
    "Materialize All Stale Assets",
    "Cancel the Run of Assets",
    "Go to the Cell of an Input",
    "Go to Where the Name Is Defined",
    "Show the Graph of Assets",
    "Insert an Asset Cell",
    "Insert a Check Cell",
    "Rename an Asset Everywhere",
}
ACTIVE = "() => window.testNotebook.content.activeCellIndex"
SOURCES = "() => window.testNotebook.content.widgets.map(w => w.model.sharedModel.getSource())"
CURSOR = """([i, line, column]) => {
  const cell = window.testNotebook.content.widgets[i];
  window.testNotebook.content.activeCellIndex = i;
  cell.editor.setCursorPosition({line, column});
}"""


def do(lab: Lab, command: str) -> None:
    """Run one of our commands to its end."""
    lab.page.evaluate("name => window.jupyterapp.commands.execute(name)", f"dagbook:{command}")


def press(lab: Lab, keys: str, cell: int) -> None:
    """Make a cell active, as a person who moves there, and press a shortcut."""
    lab.page.evaluate(SELECT, cell)
    lab.page.locator(".jp-Notebook").focus()
    lab.page.keyboard.press(keys)


def start(lab: Lab, command: str, cell: int) -> None:
    """Make a cell active and start a command without waiting for its end."""
    lab.page.evaluate(SELECT, cell)
    lab.page.evaluate(
        "name => { void window.jupyterapp.commands.execute(name); }", f"dagbook:{command}"
    )


@pytest.fixture
def lab(lab_of_wheel: Lab) -> Lab:
    """A notebook of assets that has run."""
    lab_of_wheel.open_cells(*CELLS)
    lab_of_wheel.run_all()
    expect_state(lab_of_wheel, TOTALS, "fresh")
    return lab_of_wheel


def test_the_palette_and_the_menu_hold_every_command(lab: Lab) -> None:
    """Each command has a clear name under `Assets`."""
    lab.page.get_by_role("menuitem", name="Assets", exact=True).click()
    labels = lab.page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts()
    assert {label for label in labels if label} == COMMANDS
    lab.screenshot("extension-menu")
    lab.page.keyboard.press("Escape")
    lab.page.evaluate(
        "() => window.jupyterapp.commands.execute('apputils:activate-command-palette')"
    )
    lab.page.locator("#modal-command-palette input").fill("asset")
    shown = lab.page.locator("#modal-command-palette .lm-CommandPalette-itemLabel")
    expect(shown.filter(has_text="Rename an Asset Everywhere")).to_be_visible()


def test_a_stale_asset_is_made_by_its_shortcut_and_all_by_the_button(lab: Lab) -> None:
    """Alt+M makes the active cell's asset; the toolbar's button everything that is stale."""
    lab.set_source(1, "factor = 3")
    lab.run_cell(1)
    expect_state(lab, TOTALS, "stale")
    lab.page.evaluate(SELECT, TOTALS)
    lab.page.locator(".jp-Notebook").focus()
    lab.page.keyboard.press("Alt+m")
    expect_state(lab, TOTALS, "fresh")
    lab.set_source(1, "factor = 4")
    lab.run_cell(1)
    expect_state(lab, TOTALS, "stale")
    lab.page.locator('[data-jp-item-name="dagbook-stale"]').click()
    expect_state(lab, TOTALS, "fresh")


def test_shortcuts_run_what_is_above_and_all_that_is_stale(lab: Lab) -> None:
    """Alt+Shift+M makes the asset with everything upstream, Alt+Shift+S all that is stale."""
    for keys, active in (("Alt+Shift+M", TOTALS), ("Alt+Shift+S", 0)):
        lab.set_source(ORDERS, f"%%asset orders --lazy\n[1, 2, {len(keys)}, {active}]")
        lab.run_cell(ORDERS)
        expect_state(lab, ORDERS, "stale")
        expect_state(lab, TOTALS, "stale")
        press(lab, keys, active)
        expect_state(lab, ORDERS, "fresh")
        expect_state(lab, TOTALS, "fresh")


def test_a_run_is_cancelled_by_its_command(lab: Lab) -> None:
    """What a shortcut began, the command in the menu ends."""
    lab.set_source(TOTALS, "%%asset totals --lazy\nimport time\ntime.sleep(60)\n1")
    lab.run_cell(TOTALS)
    expect_state(lab, TOTALS, "stale")  # until then the command says that it is not registered
    press(lab, "Alt+m", TOTALS)
    expect_state(lab, TOTALS, "running")
    lab.page.get_by_role("menuitem", name="Assets", exact=True).click()
    lab.page.get_by_role("menuitem", name="Cancel the Run of Assets").click()
    expect_state(lab, TOTALS, "stale")


def test_a_run_of_another_process_is_seen(lab: Lab) -> None:
    """What `dagbook run` makes in a terminal shows on the badges, without a cell being run."""
    lab.set_source(1, "factor = 5")
    lab.run_cell(1)
    expect_state(lab, TOTALS, "stale")
    lab.save()
    ran = subprocess.run(
        [sys.executable, "-m", "dagbook", "run", "cells.ipynb"],
        cwd=lab.folder,
        # The store is the one beside the notebook.
        env={name: told for name, told in os.environ.items() if name != "DAGBOOK_HOME"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    expect_state(lab, TOTALS, "fresh")


def test_shortcuts_go_to_inputs_names_and_the_graph(lab: Lab) -> None:
    """Where an asset reads several others, one is asked which; a name leads to where it is bound."""
    lab.set_source(MANY, "%%asset both --lazy\n[orders, totals, factor]")
    lab.run_cell(MANY)
    expect_state(lab, MANY, "missing")
    press(lab, "Alt+i", MANY)
    asked = lab.page.locator(".jp-Dialog")
    expect(asked.locator("option")).to_have_text(["orders", "totals"])
    asked.locator("select").select_option("totals")
    asked.locator(".jp-mod-accept").click()
    lab.page.wait_for_function(f"({ACTIVE})() === {TOTALS}")
    press(lab, "Alt+i", TOTALS)
    lab.page.wait_for_function(f"({ACTIVE})() === {ORDERS}")
    lab.page.evaluate(CURSOR, [MANY, 1, len("[orders, totals, fac")])
    press(lab, "Alt+j", MANY)
    lab.page.wait_for_function(f"({ACTIVE})() === 1")
    press(lab, "Alt+g", MANY)
    expect_drawn(lab, "both", "orders", "totals")


def test_one_goes_to_inputs_and_definitions(lab: Lab) -> None:
    """From a cell to the one that makes its input; from a name to where it is bound."""
    lab.page.evaluate(SELECT, TOTALS)
    do(lab, "go-to-input")
    assert lab.page.evaluate(ACTIVE) == ORDERS
    lab.page.evaluate(CURSOR, [TOTALS, 1, len("sum(orders) * fac")])
    do(lab, "go-to-definition")
    assert lab.page.evaluate(ACTIVE) == 1
    lab.page.evaluate(CURSOR, [TOTALS, 1, len("sum(ord")])
    do(lab, "go-to-definition")
    assert lab.page.evaluate(ACTIVE) == ORDERS


def test_cells_are_inserted_ready_to_be_named(lab: Lab) -> None:
    """A new asset has its name selected; a new check is of the active cell's asset."""
    lab.page.evaluate(SELECT, MANY)
    do(lab, "insert-asset")
    lab.page.keyboard.type("best")
    lab.page.evaluate(SELECT, ORDERS)
    do(lab, "insert-check")
    lab.page.keyboard.type("few")
    sources = lab.page.evaluate(SOURCES)
    assert sources[ORDERS + 1] == "%%asset_check few --asset orders\n"
    assert sources[-1] == "%%asset best\n"


def test_an_asset_is_renamed_in_all_cells(lab: Lab) -> None:
    """The header, the readers and the checks change; the changed cells are to be run."""
    start(lab, "rename-asset", ORDERS)
    lab.page.locator(".jp-Dialog input").fill("sales")
    lab.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect_state(lab, TOTALS, "edited, not registered")
    assert lab.page.evaluate(SOURCES)[ORDERS:] == [
        "%%asset sales\n[1, 2, 3]",
        "%%asset totals\nsum(sales) * factor",
        "%%asset_check many --asset sales\nlen(sales) > 2",
    ]
    lab.run_all()
    expect_state(lab, TOTALS, "fresh")
    do(lab, "show-graph")
    expect_drawn(lab, "sales", "totals")


def test_a_deleted_cell_leaves_the_graph_and_comes_back(lab: Lab) -> None:
    """Nothing is asked; the notification undoes it, and the asset is fresh as before."""
    lab.page.evaluate(SELECT, ORDERS)
    lab.command("notebook:delete-cell")
    expect_state(lab, TOTALS - 1, "stale")
    # The tests' JupyterLab shows no passing notices: they are in the list at the bottom.
    lab.page.locator(".jp-Notification-Status").click()
    notice = lab.page.locator(".jp-Notification-List-Item", has_text="orders left the graph")
    notice.wait_for()
    lab.screenshot("extension-deleted")
    notice.get_by_text("Undo").click()
    expect_state(lab, ORDERS, "fresh")
    expect_state(lab, TOTALS, "fresh")
