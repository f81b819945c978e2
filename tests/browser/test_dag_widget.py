"""The live graph in a real JupyterLab: what is drawn, clicked, run and seen to change."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Locator

from tests.browser.lab import Lab

PROJECT = """
import time
from dagbook import Workspace, asset, asset_check
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.widget.dag_widget import DagWidget

@asset(group_name="sources")
def raw():
    return [1, 2, 3]

@asset(group_name="sources")
def slow():
    time.sleep(2)
    return 1

@asset
def clean(raw):
    return [number for number in raw if number > 1]

@asset
def broken(clean):
    raise ValueError("no luck <b>")

@asset_check(asset=clean)
def enough(clean):
    return len(clean) > 5

workspace = Workspace(scope="browser")
workspace.define(raw, slow, clean, broken, enough)
"""
SHOW = "dag = DagWidget(workspace)\ndag.widget"


def button(lab: Lab, name: str) -> Locator:
    """A button of the widget by its word."""
    return lab.page.locator(".dagbook-toolbar").get_by_text(name, exact=True)


def panel(lab: Lab) -> Locator:
    """The panel of the widget."""
    return lab.page.locator(".dagbook-side")


def await_label(lab: Lab, node: str, words: str, *, seconds: float = 30) -> None:
    """Wait until the drawn node says these words."""
    end = time.monotonic() + seconds
    while words not in lab.nodes()[node].label:
        assert time.monotonic() < end, lab.nodes()[node].label
        lab.page.wait_for_timeout(50)


def test_a_click_shows_the_asset_and_a_button_runs_what_is_above(lab: Lab) -> None:
    """Click, panel, Upstream, and the drawn states change; nothing goes wrong on the page."""
    lab.open_cells(PROJECT, SHOW)
    lab.run_all()
    assert lab.nodes()["clean"].label == "clean\n○ missing · unchecked"
    lab.click_node("clean")
    panel(lab).get_by_text("not judged on the current data").wait_for()
    assert button(lab, "Upstream").get_attribute("title") == (
        "%materialize +clean\nwill run 2: raw, clean"
    )
    button(lab, "Upstream").click()
    await_label(lab, "clean", "✓ fresh · check failed ✗")
    await_label(lab, "raw", "✓ fresh")
    panel(lab).get_by_text("[2, 3]").wait_for()
    lab.screenshot("dag-light")
    assert lab.errors == []


def test_a_failure_shows_its_traceback(lab: Lab) -> None:
    """What a body raised opens in the panel, escaped, with a button to try again."""
    lab.open_cells(PROJECT, SHOW)
    lab.run_all()
    button(lab, "All stale").click()
    panel(lab).get_by_text("ValueError: no luck <b>").first.wait_for()
    await_label(lab, "broken", "✗ failed")
    assert button(lab, "Retry").is_enabled()
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    lab.page.wait_for_timeout(1_500)
    lab.screenshot("dag-dark")
    lab.command("apputils:change-theme", theme="JupyterLab Light")
    lab.wait_idle()


def test_cancel_ends_a_run(lab: Lab) -> None:
    """A run that is cancelled says so, and leaves its asset as it was."""
    lab.open_cells(PROJECT, SHOW)
    lab.run_all()
    lab.click_node("slow")
    button(lab, "This").click()
    await_label(lab, "slow", "▶ running")
    button(lab, "Cancel").click()
    lab.page.get_by_text("(cancelled)").wait_for()
    await_label(lab, "slow", "○ missing")


def test_states_change_while_a_cell_runs(lab: Lab) -> None:
    """The picture follows a background run while the kernel is busy with a cell."""
    lab.open_cells(PROJECT, SHOW, "dag.materialize('slow')\ntime.sleep(5)\nprint('done')")
    lab.run_cell(0)
    lab.run_cell(1)
    lab.nodes()
    lab.start_cell(2)
    await_label(lab, "slow", "▶ running", seconds=4)
    await_label(lab, "slow", "✓ fresh", seconds=10)
    assert "done" not in lab.output(2)


def test_a_search_marks_what_it_names(lab: Lab) -> None:
    """Matches stay bright, the rest fades; a mistake is pointed at below the buttons."""
    lab.open_cells(PROJECT, SHOW)
    lab.run_all()
    search = lab.page.locator(".dagbook-toolbar input[type=text]")
    search.fill("clean+")
    search.press("Enter")
    lab.page.get_by_text("2 of 4 assets found").wait_for()
    search.fill("clean or (")
    search.press("Enter")
    lab.page.get_by_text("The selection is not understood").wait_for()
    search.fill("status:stal")
    search.press("Enter")
    told = lab.page.get_by_text("expected missing, stale, fresh")
    told.wait_for()
    assert told.evaluate("e => e.scrollWidth <= e.clientWidth"), "the sentence is cut off"


def test_a_new_definition_is_drawn(lab: Lab) -> None:
    """A cell that defines another asset changes the picture without being told to."""
    more = "workspace.define(AssetSpec(AssetKey('more'), deps=[AssetKey('raw')]))"
    lab.open_cells(PROJECT, SHOW, more)
    lab.run_cell(0)
    lab.run_cell(1)
    assert "more" not in lab.nodes()
    lab.run_cell(2)
    lab.page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-Notebook *')]"
        ".some(e => e._cyreg?.cy && e._cyreg.cy.getElementById('more').length)"
    )
    assert len(lab.page.locator(".dagbook-graph").all()) == 1


def test_hostile_names_run_nothing(lab: Lab) -> None:
    """Names with markup are drawn as text, also in the panel; no script of theirs runs."""
    define = (
        "evil = AssetKey('<img src=x onerror=\"window.hacked=1\">')\n"
        "workspace = Workspace(scope='evil')\n"
        "workspace.define(AssetSpec(evil, group_name=str(evil), description=str(evil)),"
        " AssetSpec(AssetKey('x' * 10_000), deps=[evil]))\n" + SHOW
    )
    lab.open_cells(PROJECT, define)
    lab.run_all()
    lab.click_node('<img src=x onerror="window.hacked=1">')
    panel(lab).get_by_text("<img src=x").first.wait_for()
    assert lab.page.evaluate("() => window.hacked") is None
    assert all(len(spot.label) < 100 for spot in lab.nodes().values())
    assert lab.errors == []


def test_a_thousand_assets_are_drawn_by_groups(lab: Lab) -> None:
    """The picture of a large graph is there soon; a double click opens one of its groups."""
    define = (
        "workspace = Workspace(scope='large')\n"
        "workspace.define(*[AssetSpec(AssetKey(f'a{i}'), group_name=f'g{i // 50}',"
        " deps=[AssetKey(f'a{i * 9 // 10}')] if i > 10 else []) for i in range(1_000)])"
    )
    lab.open_cells(PROJECT, define, SHOW)
    lab.run_cell(0)
    lab.run_cell(1)
    start = time.monotonic()
    lab.start_cell(2)
    assert len(lab.nodes()) == 20
    assert time.monotonic() - start < 8
    lab.click_node("group:g3", double=True)
    lab.page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-Notebook *')]"
        ".some(e => e._cyreg?.cy && e._cyreg.cy.getElementById('a150').length)"
    )


def test_graphs_of_cells_that_ran_again_live_after_a_reload(lab: Lab) -> None:
    """A page that is loaded anew shows the newest graph, and other widgets too."""
    slider = "import ipywidgets\nipywidgets.IntSlider(value=7)"
    lab.open_cells("%load_ext dagbook", "%%asset a\n1", "%dag", slider)
    lab.run_all()
    lab.run_cell(2)
    lab.run_cell(3)
    lab.nodes()
    lab.save()
    lab.open(lab.folder / "cells.ipynb")
    lab.page.locator(".widget-slider").wait_for(timeout=15_000)
    assert list(lab.nodes()) == ["a"]
    lab.click_node("a")
    panel(lab).get_by_text("fresh").first.wait_for()
    assert lab.page.get_by_text("Loading widget").count() == 0


CHAIN = "%%asset a\n1", "%%asset b\na", "%%asset c\nb", "%%asset d\nc", "%%asset e\nd"
CORNER = "node => { const { x, y } = node.getBoundingClientRect(); return [x, y]; }"


def reach(lab: Lab) -> tuple[float, float]:
    """How far the drawn nodes are from left to right, and the width of their frame."""
    xs = [spot.x for spot in lab.nodes().values()]
    frame = lab.page.locator(".dagbook-graph").evaluate("node => node.clientWidth")
    return max(xs) - min(xs), float(frame)


def resize(lab: Lab, width: int) -> tuple[float, float]:
    """Give the window this width; tells the same of the graph there."""
    lab.page.set_viewport_size({"width": width, "height": 1000})
    lab.page.wait_for_timeout(500)
    return reach(lab)


def test_a_graph_fits_a_window_that_becomes_narrower_or_wider(lab: Lab) -> None:
    """It takes the same share of its frame, until somebody moves it."""
    lab.open_cells("%load_ext dagbook", *CHAIN, "%dag")
    lab.run_all()
    across, frame = reach(lab)
    for width in (1000, 1400):
        now, there = resize(lab, width)
        assert now / there == pytest.approx(across / frame, abs=0.05)
    graph = lab.page.locator(".dagbook-graph")
    graph.scroll_into_view_if_needed()
    left, top = graph.evaluate(CORNER)
    lab.page.mouse.move(left + 30, top + 15)
    lab.page.mouse.down()
    lab.page.mouse.move(left + 90, top + 25, steps=5)
    lab.page.mouse.up()
    assert resize(lab, 1200)[0] == pytest.approx(across, abs=1)


def test_a_graph_whose_kernel_was_restarted_is_its_static_twin(lab: Lab) -> None:
    """Buttons that nobody answers are gone, a sentence says what to do, and the cell brings them back."""
    lab.open_cells("%load_ext dagbook", *CHAIN, "%dag")
    lab.run_all()
    lab.nodes()
    twin = lab.page.locator(".dagbook-still")
    assert not twin.is_visible()
    lab.restart_kernel()
    twin.wait_for()
    told = twin.evaluate("node => getComputedStyle(node, '::before').content")
    assert "run this cell again" in told
    assert not lab.page.locator(".dagbook-toolbar").is_visible()
    lab.run_all()
    lab.nodes()
    assert not twin.is_visible()


def said_below(lab: Lab, selector: str) -> str:
    """What stands behind an element by the extension's rules alone."""
    told: str = lab.page.locator(selector).evaluate("e => getComputedStyle(e, '::after').content")
    return told


def test_a_saved_graph_without_a_kernel_says_what_to_do(lab: Lab) -> None:
    """In place of the error that its widget is gone; the picture stays."""
    lab.open_cells("%load_ext dagbook", *CHAIN, "%dag")
    lab.run_all()
    lab.nodes()
    lab.restart_kernel()
    lab.save()
    lab.open(lab.folder / "cells.ipynb")
    lab.page.get_by_text("model not found").wait_for(state="attached")
    gone = ".jupyter-widgets.jp-OutputArea-output"
    assert "Run this cell again" in said_below(lab, gone)
    assert lab.page.locator(gone).evaluate("e => getComputedStyle(e).fontSize") == "0px"
    assert lab.page.locator(".dagbook-still svg").is_visible()


def test_a_graph_that_is_not_trusted_says_why_it_is_not_there(lab: Lab) -> None:
    """JupyterLab leaves only the words of the picture, which mean nothing without it."""
    lab.open_cells("%load_ext dagbook", *CHAIN, "%dag")
    lab.run_all()
    lab.nodes()
    lab.save()
    saved = lab.folder / "cells.ipynb"
    foreign = saved.with_name("foreign.ipynb")
    foreign.write_text(saved.read_text().replace("%%asset a", "%%asset aa"))
    lab.open(foreign)
    still = ".jp-RenderedHTML:not(.jp-mod-trusted) .dagbook-still"
    lab.page.locator(still).wait_for(state="attached")
    assert "This notebook is not trusted" in said_below(lab, still)
    assert lab.page.locator(still).evaluate("e => getComputedStyle(e).fontSize") == "0px"


def test_a_graph_that_is_drawn_while_a_run_goes_on_shows_and_ends_it(lab: Lab) -> None:
    """In every place: below the cell, below a later one, and in the side panel."""
    run = "%materialize slow --background\n"
    slow = "%%asset slow --lazy\nimport time\ntime.sleep(60)"
    lab.open_cells("%load_ext dagbook", slow, run, "%dag")
    for cell in range(4):
        lab.run_cell(cell)
    assert lab.nodes()["slow"].label == "slow\n▶ running"
    lab.command("dagbook:show-graph")
    lab.page.locator("#dagbook-assets").get_by_text("0 of 1 asset done: slow").wait_for()
    lab.page.locator("#dagbook-assets .dagbook-toolbar").get_by_text("Cancel", exact=True).click()
    lab.cell(3).get_by_text("(cancelled)").wait_for()
    await_label(lab, "slow", "○ missing")
