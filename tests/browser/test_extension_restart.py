"""What a page shows of a notebook while it learns: of another kernel, a queue, or files outside."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.browser.lab import Lab
from tests.browser.test_extension_badges import expect_state

SECONDS = 30_000
MARK = ".dagbook-outdated-mark"
BASE, SUM = 1, 3
CELLS = ("%load_ext dagbook\nN = 3", "%%asset base\nlist(range(N))")
WAITING = "import time, os\nwhile not os.path.exists('go'): time.sleep(0.1)"


def test_what_is_wrong_on_the_screen_stays_grey_over_a_restart(lab_of_wheel: Lab) -> None:
    """It is, without a kernel and with the next one, and in a page that is loaded anew; then not."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, "%materialize base", "sum(base)")
    lab.run_all()
    marks = lab.page.locator(MARK)
    lab.set_source(0, CELLS[0].replace("3", "5"))
    lab.run_cell(0)
    lab.run_cell(2)
    expect(marks).to_have_text(["↻ran before base changed"] * 2, timeout=SECONDS)
    lab.restart_kernel()
    expect_state(lab, BASE, "not connected")
    expect(marks).to_have_count(2)
    lab.run_cell(0)
    expect_state(lab, BASE, "not registered")
    expect(marks).to_have_text(["↻ran before base changed"] * 2)
    lab.screenshot("extension-restarted")
    lab.save()
    lab.page.reload()
    lab.open(lab.folder / "cells.ipynb")
    expect(marks).to_have_text(["↻ran before base changed"] * 2, timeout=SECONDS)
    lab.run_all()
    expect_state(lab, BASE, "fresh")
    expect(marks).to_have_count(0)
    assert "[0, 1, 2, 3, 4]" in lab.output(BASE)


def test_what_was_stale_stays_grey_over_a_restart_and_without_a_kernel(lab_of_wheel: Lab) -> None:
    """The next kernel has no code to judge by until cells run; a page that is opened later has none."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, "sum(base)")
    lab.run_all()
    marks, grey = lab.page.locator(MARK), lab.page.locator(".dagbook-outdated")
    lab.set_source(0, CELLS[0].replace("3", "5"))
    lab.run_cell(0)
    expect_state(lab, BASE, "stale")
    expect(grey).to_have_count(2)
    lab.restart_kernel()
    lab.run_cell(0)
    expect_state(lab, BASE, "not registered")
    expect(marks).to_have_text(["↻reads base, stale by now"] * 2)
    lab.save()
    lab.server.end_sessions()
    lab.page.reload()
    lab.open(lab.folder / "cells.ipynb")
    expect_state(lab, BASE, "not connected")
    expect(marks).to_have_text(["↻reads base, stale by now"] * 2, timeout=SECONDS)
    lab.screenshot("extension-without-kernel")
    lab.run_all()
    expect_state(lab, BASE, "fresh")
    expect(grey).to_have_count(0)


def test_a_restart_by_somebody_else_is_noticed(lab_of_wheel: Lab) -> None:
    """From another tab, say: badges are not connected then, and are again once dagbook is loaded."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_all()
    expect_state(lab, BASE, "fresh")
    kernel = lab.server.request("/api/sessions")[0]["kernel"]["id"]
    lab.server.request(f"/api/kernels/{kernel}/restart", "POST")
    expect_state(lab, BASE, "not connected")
    lab.run_cell(0)
    expect_state(lab, BASE, "not registered")
    lab.cell(BASE).locator(".dagbook-run").click()
    expect_state(lab, BASE, "fresh")


def test_two_pages_of_a_notebook_mark_what_each_of_them_shows(
    lab_of_wheel: Lab, browser: Browser
) -> None:
    """What was saved before a run is outdated on the page that shows it, and not where it ran."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, "sum(base)")
    lab.run_all()
    expect_state(lab, BASE, "fresh")
    lab.save()
    lab.set_source(0, CELLS[0].replace("3", "5"))
    lab.run_all()
    assert lab.output(2) == "10"
    with browser.new_page() as other:
        place = f"lab/workspaces/other/tree/{lab.folder.name}/cells.ipynb"
        other.goto(f"{lab.server.url}/{place}?token={lab.server.token}")
        expect(other.locator(MARK)).to_have_text(["↻ran before base changed"] * 2, timeout=SECONDS)
        expect(lab.page.locator(MARK)).to_have_count(0)


def test_what_is_still_true_is_not_called_wrong_after_a_restart(lab_of_wheel: Lab) -> None:
    """Outputs that show what is kept stay as they are; those of which nothing is known are doubted."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, "sum(base)")
    lab.run_all()
    lab.page.wait_for_function(_KEPT, arg=[BASE, 2], timeout=SECONDS)
    lab.restart_kernel()
    lab.run_cell(0)
    expect_state(lab, BASE, "not registered")
    expect(lab.page.locator(MARK)).to_have_count(0)
    lab.page.evaluate(_FORGET, BASE)
    lab.restart_kernel()
    lab.run_cell(0)
    expect(lab.page.locator(MARK)).to_have_text(["↻not run since dagbook was loaded"])
    lab.screenshot("extension-unknown")
    lab.run_cell(BASE)
    expect_state(lab, BASE, "fresh")
    expect(lab.page.locator(MARK)).to_have_count(0)


def test_badges_are_connected_while_cells_wait(lab_of_wheel: Lab) -> None:
    """As soon as dagbook is loaded they tell how things stand, however many cells are still to run."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, WAITING, "%%asset total\nsum(base)")
    expect_state(lab, BASE, "not connected")
    lab.command("notebook:run-all-cells")
    expect_state(lab, BASE, "fresh")
    expect_state(lab, SUM, "not registered")
    lab.screenshot("extension-connected-early")
    (lab.folder / "go").touch()
    lab.wait_idle()
    expect_state(lab, SUM, "fresh")


def test_who_comes_back_sees_what_changed_outside(lab_of_wheel: Lab) -> None:
    """A file that was edited elsewhere makes its reader stale as soon as the window is in front."""
    lab = lab_of_wheel
    (lab.folder / "rows.csv").write_text("a\n1\n")
    lab.open_cells(CELLS[0], "%%asset rows --reads rows.csv\nlen(open('rows.csv').readlines())")
    lab.run_all()
    expect_state(lab, BASE, "fresh")
    (lab.folder / "rows.csv").write_text("a\n1\n2\n3\n")
    # Again and again: the pause since the last look may not be over.
    lab.page.wait_for_function(_BACK_AND_STALE, polling=500, timeout=SECONDS)
    expect_state(lab, BASE, "stale")


_KEPT = """cells => cells.every(
  i => window.testNotebook.content.widgets[i].model.getMetadata('dagbook') !== undefined
)"""
_BACK_AND_STALE = """() => {
  window.dispatchEvent(new Event('focus'));
  return document.querySelector(".dagbook-badge[data-state='stale']") !== null;
}"""
_FORGET = "i => window.testNotebook.content.widgets[i].model.deleteMetadata('dagbook')"
