"""Assets that ops make, and assets that are made together, in a real JupyterLab."""

from __future__ import annotations

from tests.browser.lab import Lab
from tests.browser.test_dag_widget import await_label, button, panel

PROJECT = """
%load_ext dagbook
from dagbook import AssetOut, asset, graph, graph_asset, multi_asset, op

fails = False

@asset
def raw():
    return [3, 1, 2]

@op
def clean(rows):
    "Takes out what is no number."
    return rows

@op
def ordered(rows):
    if fails:
        raise ValueError("no luck <b>")
    return sorted(rows)

@graph
def tidied(rows):
    return ordered(clean(rows))

@op
def first(rows):
    return rows[0]

@graph_asset
def least(raw):
    return first(tidied(raw))

@multi_asset(outs={"low": AssetOut(), "high": AssetOut()})
def ends(raw):
    return min(raw), max(raw)
"""
CLEAN, ORDERED, FIRST = (
    f'op:[["least"], "{path}"]' for path in ("tidied.clean", "tidied.ordered", "first")
)
BOXES = {'made:[["least"], ""]', 'made:[["least"], "tidied"]', 'made:[["low"], ""]'}


def wait_drawn(lab: Lab, node: str) -> None:
    """Wait until a node of this id is in a drawn graph."""
    lab.page.wait_for_function(
        "id => [...document.querySelectorAll('.jp-Notebook *')]"
        ".some(e => e._cyreg?.cy && e._cyreg.cy.getElementById(id).length)",
        arg=node,
    )


def test_a_double_click_opens_an_asset_into_its_ops(lab: Lab) -> None:
    """Ops with what became of them, in the boxes of their graphs; another one closes it again."""
    lab.open_cells(PROJECT, "%dag", "%materialize")
    lab.run_cell(0)
    lab.run_cell(1)
    assert lab.nodes()["least"].label == "least\n○ missing · 3 ops"
    lab.click_node("least", double=True)
    wait_drawn(lab, CLEAN)
    drawn = lab.nodes()
    assert drawn.keys() >= {CLEAN, ORDERED, FIRST, *BOXES}
    assert drawn[CLEAN].label == "clean\n○ no run yet"
    assert drawn[CLEAN].x < drawn[ORDERED].x < drawn[FIRST].x < drawn["least"].x
    lab.run_cell(2)
    await_label(lab, FIRST, "✓ ran")
    lab.screenshot("ops-light")
    lab.click_node(FIRST, double=True)
    lab.page.wait_for_timeout(500)
    assert FIRST not in lab.nodes()
    assert lab.errors == []


def test_an_op_that_fails_is_seen_to_have_failed(lab: Lab) -> None:
    """What ran before it is done, what comes after it did not run; its panel has the traceback."""
    lab.open_cells(PROJECT, "fails = True\n%materialize --no-raise", "%dag --expand least")
    lab.run_all()
    await_label(lab, ORDERED, "✗ failed")
    await_label(lab, CLEAN, "✓ ran")
    await_label(lab, FIRST, "○ not run")
    lab.click_node(ORDERED)
    panel(lab).get_by_text("ValueError: no luck <b>").first.wait_for()
    assert button(lab, "This").get_attribute("title").startswith("%materialize least")  # type: ignore[union-attr]
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    lab.page.wait_for_timeout(1_500)
    lab.screenshot("ops-dark")
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    lab.wait_idle()
    assert lab.errors == []


def test_the_button_opens_what_was_clicked(lab: Lab) -> None:
    """Open and Close are one button, which has nothing to do for an asset of one function."""
    lab.open_cells(PROJECT, "%dag")
    lab.run_all()
    lab.click_node("raw")
    panel(lab).get_by_text("missing").first.wait_for()
    assert button(lab, "Open").is_disabled()
    lab.click_node("least")
    button(lab, "Open").click()
    wait_drawn(lab, CLEAN)
    button(lab, "Close").click()
    lab.page.wait_for_timeout(500)
    assert CLEAN not in lab.nodes()


def test_what_is_made_together_is_told_in_every_view(lab: Lab) -> None:
    """A box around both; the panel of the box; `%asset`, the plan and the saved picture say it."""
    lab.open_cells(
        PROJECT,
        "%dag",
        "%materialize low or high --dry-run",
        "%materialize",
        "%asset low",
        "%asset least",
        "%dag --expand least --static",
    )
    lab.run_all()
    assert 'made:[["low"], ""]' in lab.nodes()
    assert "ends: 2 of 2 assets" in lab.output(2)
    assert "ends makes all of them at once." in lab.output(4)
    assert "least.tidied.ordered" in lab.output(5)
    picture = lab.cell(6).locator(".dagbook-still svg")
    assert picture.get_by_text("graph tidied").is_visible()
    lab.screenshot("ops-static", lab.cell(6))
    assert lab.errors == []
