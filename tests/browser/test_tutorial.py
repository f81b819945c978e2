"""The first tutorial as a person works through it, in a real JupyterLab."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.browser.lab import Lab

TUTORIAL = Path(__file__).parents[2] / "notebooks" / "01_flights.ipynb"
CELLS = nbformat.read(TUTORIAL, as_version=4).cells


def cell_with(text: str) -> int:
    """The place of the first code cell that holds a text."""
    return next(
        i for i, cell in enumerate(CELLS) if cell.cell_type == "code" and text in cell.source
    )


@pytest.fixture
def tutorial(lab: Lab) -> Lab:
    """JupyterLab with the tutorial open and run from top to bottom."""
    lab.open(TUTORIAL)
    lab.run_all()
    return lab


def states(lab: Lab) -> dict[str, str]:
    """The second line of each asset's node: how it stands."""
    return {
        node.id: node.label.splitlines()[-1]
        for node in lab.nodes().values()
        if not node.id.startswith("box:")
    }


def until(lab: Lab, node: str, word: str, *, seconds: int = 30) -> str:
    """Wait until a node shows a state; gives what it shows then."""
    for _ in range(seconds * 10):
        shown = states(lab)[node]
        if word in shown:
            return shown
        lab.page.wait_for_timeout(100)
    raise AssertionError(f"{node} shows {states(lab)[node]!r}, not {word!r}")


def test_run_all_makes_every_asset_fresh(tutorial: Lab) -> None:
    """After a run from top to bottom, the graph shows every asset as fresh."""
    shown = states(tutorial)
    assert len(shown) == 8
    assert all("fresh" in text for text in shown.values())
    tutorial.screenshot("tutorial-graph", tutorial.cell(cell_with("%dag")))
    assert tutorial.errors == []


def test_a_click_shows_the_failing_rows(tutorial: Lab) -> None:
    """A click on the naive join shows its failed check and the rows without a plane."""
    tutorial.click_node("flights_with_planes")
    panel = tutorial.page.locator(".dagbook-panel")
    panel.get_by_text("52,606").first.wait_for()
    assert "every_flight_has_a_plane" in panel.inner_text()
    tutorial.screenshot("tutorial-panel")


def test_a_changed_constant_goes_stale_and_a_click_mends_it(tutorial: Lab) -> None:
    """Changing a constant makes what uses it stale; the button brings all of it up to date."""
    place = cell_with("OLDEST = 1985")
    tutorial.set_source(place, CELLS[place].source.replace("1985", "1990"))
    tutorial.run_cell(place)
    until(tutorial, "delay_plot", "stale")
    assert "fresh" in states(tutorial)["flight_facts"]
    tutorial.screenshot("tutorial-stale")
    drawn = tutorial.page.locator(".jp-OutputArea")
    drawn.get_by_role("button", name="All stale").click()
    until(tutorial, "delay_plot", "fresh")
    tutorial.screenshot("tutorial-mended")


def test_a_restart_recomputes_nothing(tutorial: Lab) -> None:
    """After a restart of the kernel, running all cells materializes nothing."""
    tutorial.restart_kernel()
    tutorial.run_all()
    runs = cell_with("%materialize")
    assert "8 fresh" in tutorial.output(runs)
    tutorial.set_source(runs, "import dagbook\nlen(dagbook.workspace().history('flight_facts'))")
    tutorial.run_cell(runs)
    assert tutorial.output(runs) == "1"
