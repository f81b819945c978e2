"""The graph where it is seen again: after a reload, without a kernel, in Notebook 7, as a web page."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.lab import SCREENSHOTS, Lab, write_notebook

CELLS = (
    "%load_ext dagbook",
    "%%asset flights --group raw\n[1, 2, 3]",
    "%%asset flight_facts --group report\nlen(flights)",
    "%dag",
)
DAG = len(CELLS) - 1
TWIN = ".dagbook-still svg"
DRAWN = "() => [...document.querySelectorAll('*')].some(e => e._cyreg?.cy?.nodes().length)"
MIDDLE = """id => {
  const box = [...document.querySelectorAll('*')].find(e => e._cyreg?.cy);
  box.scrollIntoView({block: 'center', behavior: 'instant'});
  const frame = box.getBoundingClientRect();
  const at = box._cyreg.cy.getElementById(id).renderedPosition();
  return [frame.left + at.x, frame.top + at.y];
}"""


def click_in(page: Page, node: str) -> None:
    """Click a node of the only graph on any page, once it has come to rest."""
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(1_500)
    x, y = page.evaluate(MIDDLE, node)
    page.mouse.move(x, y)
    page.mouse.click(x, y)


@pytest.fixture
def executed(tmp_path: Path) -> Path:
    """A notebook that `nbconvert --execute` has run, beside a store of its own."""
    notebook = write_notebook(tmp_path / "graph.ipynb", *CELLS)
    convert(notebook, "notebook", "--execute", "--inplace")
    return notebook


def convert(notebook: Path, to: str, *options: str) -> None:
    """Run `jupyter nbconvert`."""
    command = [sys.executable, "-m", "nbconvert", "--to", to, *options, notebook.name]
    environment = os.environ | {"DAGBOOK_HOME": str(notebook.parent / "store")}
    subprocess.run(command, cwd=notebook.parent, env=environment, check=True, capture_output=True)


def test_a_reload_of_the_page_keeps_the_graph_alive(lab: Lab) -> None:
    """The widget is drawn again from its kernel, answers clicks and follows what changes."""
    lab.open_cells(*CELLS)
    lab.run_all()
    lab.nodes()
    lab.save()
    lab.open(lab.folder / "cells.ipynb")
    lab.click_node("flight_facts")
    lab.page.locator(".dagbook-panel").get_by_text("flight_facts").first.wait_for()
    assert not lab.page.locator(TWIN).is_visible()
    lab.set_source(1, "%%asset flights --group raw\n[1, 2]")
    lab.run_cell(1)
    lab.page.wait_for_function(
        "() => [...document.querySelectorAll('*')].find(e => e._cyreg?.cy)"
        "._cyreg.cy.getElementById('flight_facts').style('label').includes('stale')"
    )
    lab.screenshot("page-reloaded")


def test_without_its_kernel_the_static_picture_shows(lab: Lab) -> None:
    """A saved notebook that is opened anew shows its graph, although nothing is live."""
    lab.open_cells(*CELLS)
    lab.run_all()
    lab.nodes()
    lab.save()
    lab.server.end_sessions()
    lab.open(lab.folder / "cells.ipynb")
    lab.page.get_by_text("Error displaying widget").wait_for()
    assert lab.page.locator(TWIN).is_visible()
    lab.screenshot("page-without-kernel")


@pytest.mark.parametrize("saved", ["with the state of its widgets", "without it"])
def test_a_web_page_of_a_notebook_shows_the_static_picture(
    browser: Browser, executed: Path, saved: str
) -> None:
    """What nbconvert makes of an executed notebook shows the graph once, and no dead buttons."""
    if saved == "without it":
        notebook = nbformat.read(executed, as_version=4)
        notebook.metadata.pop("widgets", None)
        nbformat.write(notebook, executed)
    convert(executed, "html")
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(executed.with_suffix(".html").as_uri(), wait_until="domcontentloaded")
    page.wait_for_timeout(2_000)
    assert page.locator(TWIN).is_visible()
    assert page.locator(".dagbook-root:visible").count() == 0
    page.screenshot(path=SCREENSHOTS / f"page-exported-{saved.split()[0]}.png", full_page=True)
    page.close()


def test_notebook_7_draws_and_clicks(lab: Lab) -> None:
    """The same graph lives in Jupyter Notebook: drawn, clicked, its panel opened."""
    write_notebook(lab.folder / "seven.ipynb", *CELLS)
    page, path = lab.page, f"{lab.folder.name}/seven.ipynb"
    page.goto(f"{lab.server.url}/notebooks/{path}?token={lab.server.token}")
    page.locator(".jp-Notebook .jp-Cell").nth(DAG).wait_for()
    page.get_by_text("Python 3 (ipykernel)").first.wait_for()
    page.locator(".jp-Notebook .jp-Cell").first.locator(".cm-content").click()
    page.wait_for_timeout(2_000)
    for _ in CELLS:
        page.keyboard.press("Shift+Enter")
    click_in(page, "flight_facts")
    page.locator(".dagbook-panel").get_by_text("flight_facts").first.wait_for()
    assert not page.locator(TWIN).is_visible()
    page.screenshot(path=SCREENSHOTS / "page-notebook-7.png")
