"""The side panel with the live graph, from the wheel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab
from tests.browser.test_extension_badges import CELLS, ORDERS, TOTALS, badge, expect_state

# The element that the panel's graph is drawn into.
GRAPH = """() => [...document.querySelectorAll('.dagbook-assets *')]
  .find(e => e._cyreg?.cy && e.clientWidth > 0)"""
# Whether all nodes are drawn inside of the frame.
FITTED = f"""() => {{
  const box = ({GRAPH})();
  return Boolean(box) && box._cyreg.cy.nodes().every(node => {{
    const {{ x1, y1, x2, y2 }} = node.renderedBoundingBox();
    return x1 > -1 && y1 > -1 && x2 < box.clientWidth + 1 && y2 < box.clientHeight + 1;
  }});
}}"""
# The scale at which the graph is drawn, and whether the chosen card can be seen without scrolling.
SCALE = f"() => ({GRAPH})()._cyreg.cy.zoom()"
CHOSEN_IS_SEEN = """() => {
  const mark = document.querySelector('.dagbook-assets .dagbook-mark').getBoundingClientRect();
  const stage = document.querySelector('.dagbook-assets .dagbook-stage').getBoundingClientRect();
  return mark.height > 20 && mark.top > stage.top - 1 && mark.bottom < stage.bottom + 1;
}"""
LONG = (
    "%load_ext dagbook\n%config Dagbook.on_define = 'register'",
    "from dagbook import asset\n"
    "for n in range(25):\n"
    "    asset(name=f'part_{n}', deps=[f'part_{n - 1}'] if n else [])(lambda: 1)",
    "%%asset last --deps part_24 part_3\n1",
)
DRAWN = f"() => ({GRAPH})()?._cyreg.cy.nodes().map(n => n.id()).sort()"


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


def test_a_long_graph_is_read_in_a_narrow_panel(lab_of_wheel: Lab) -> None:
    """All of it is drawn large enough to be read; the chosen asset is scrolled to, and told of."""
    lab = lab_of_wheel
    lab.open_cells(*LONG)
    lab.run_all()
    lab.cell(2).locator(".dagbook-badge").click()
    lab.page.wait_for_function(f"({FITTED})() && ({SCALE})() > 0.7")
    lab.page.wait_for_function(CHOSEN_IS_SEEN)
    expect(panel(lab).locator(".dagbook-panel")).to_contain_text("part_24", timeout=20_000)
    lab.screenshot("extension-panel-long")


def test_the_panel_says_what_is_missing(lab_of_wheel: Lab) -> None:
    """Before dagbook is loaded the panel says how to load it, and then draws by itself."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    do(lab, "show-graph")
    expect(panel(lab)).to_contain_text("%load_ext dagbook")
    lab.run_all()
    expect_drawn(lab, "orders", "totals")


def test_the_panel_follows_the_notebook_in_front_and_outlives_a_reload(lab_of_wheel: Lab) -> None:
    """Another notebook's graph takes the place of the first one's; a reload finds both again."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_all()
    do(lab, "show-graph")
    expect_drawn(lab, "orders", "totals")
    lab.open_beside("%load_ext dagbook", "%%asset other\n1", name="second.ipynb")
    lab.run_all()
    expect_drawn(lab, "other")
    lab.save()
    front(lab, "cells.ipynb")
    expect_drawn(lab, "orders", "totals")
    front(lab, "second.ipynb")
    expect_drawn(lab, "other")
    lab.reload(panel="dagbook-assets")
    expect_drawn(lab, "other")
    lab.page.wait_for_function(FITTED)
    lab.screenshot("extension-panel-reloaded")


def test_two_notebooks_on_one_kernel_show_the_same_graph(lab_of_wheel: Lab) -> None:
    """JupyterLab connects only the first of them; the second hears and asks through it."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_all()
    do(lab, "show-graph")
    expect_drawn(lab, "orders", "totals")
    kernel = lab.page.evaluate("() => window.testNotebook.sessionContext.session.kernel.id")
    lab.open_beside("%%asset more\nlen(orders)", name="second.ipynb")
    lab.page.evaluate(
        "id => window.testNotebook.sessionContext.changeKernel({id}).then(() => null)", kernel
    )
    shown = lab.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .dagbook-badge")
    expect(shown.locator(".dagbook-state")).to_have_text("not registered")
    lab.run_cell(0)
    expect(shown.locator(".dagbook-state")).to_have_text("fresh")
    expect_drawn(lab, "more", "orders", "totals")
    assert lab.errors == []


def test_the_panel_starts_anew_with_its_kernel(lab_of_wheel: Lab) -> None:
    """After a restart the old graph is gone, and the new kernel's is drawn as soon as it is there."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_all()
    do(lab, "show-graph")
    expect_drawn(lab, "orders", "totals")
    lab.restart_kernel()
    expect(panel(lab)).to_contain_text("Nothing is connected")
    lab.run_all()
    expect_drawn(lab, "orders", "totals")
    assert lab.errors == []


def test_the_panel_runs_what_its_buttons_say(lab_of_wheel: Lab) -> None:
    """A run from the panel shows on the badges too."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_all()
    lab.set_source(1, "factor = 3")
    lab.run_cell(1)
    expect_state(lab, TOTALS, "stale")
    badge(lab, TOTALS).click()
    panel(lab).get_by_role("button", name="Upstream").click()
    expect_state(lab, TOTALS, "fresh")


def test_a_badge_cancels_a_run_of_the_panel(lab_of_wheel: Lab) -> None:
    """What a button of the panel has started, the button on the cell's badge stops."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS[:3], "%%asset totals --lazy\nimport time\ntime.sleep(60)\n1")
    lab.run_all()
    badge(lab, TOTALS).click()
    panel(lab).get_by_role("button", name="This").click()
    expect_state(lab, TOTALS, "running")
    lab.cell(TOTALS).locator(".dagbook-cancel").click()
    expect_state(lab, TOTALS, "missing")


def do(lab: Lab, command: str) -> None:
    """Run one of our commands to its end."""
    lab.page.evaluate("name => window.jupyterapp.commands.execute(name)", f"dagbook:{command}")


def front(lab: Lab, name: str) -> None:
    """Bring an open notebook to the front."""
    lab.page.locator(".lm-TabBar-tabLabel", has_text=name).click()
