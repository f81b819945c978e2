"""The wheel: what it brings into an environment, and what the page says where versions differ."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.lab import Lab
from tests.browser.test_extension_badges import CELLS, ORDERS, TOTALS, badge, expect_state
from tests.browser.test_extension_panel import do, panel

# A kernel of a later version, whose messages this extension does not know.
LATER = """\
from dagbook.comm import conversation, messages, wire
conversation.PROTOCOL = 99
wire.version = lambda _name: "9.0"
%load_ext dagbook"""


@pytest.fixture
def environment(tmp_path_factory: pytest.TempPathFactory, lab_of_wheel: Lab) -> Path:
    """The environment that the wheel was installed into."""
    base = tmp_path_factory.getbasetemp()
    return next(
        place
        for place in (base / "environment-of-wheel", base.parent / "environment-of-wheel")
        if (place / "ready").exists()
    )


def test_the_extension_is_small_and_there_once(environment: Path) -> None:
    """Less than 100 kB of script are loaded, with the settings, and the package has no second copy."""
    place = environment / "share/jupyter/labextensions/dagbook"
    scripts = sum(script.stat().st_size for script in place.glob("static/*.js"))
    assert 10_000 < scripts < 100_000
    assert (place / "schemas/dagbook/commands.json").exists()
    assert json.loads((place / "install.json").read_text())["packageName"] == "dagbook"
    assert list(environment.glob("lib/python*/site-packages/dagbook/labextension")) == []


def test_every_plugin_is_active(lab_of_wheel: Lab) -> None:
    """JupyterLab has activated all plugins of the extension."""
    lab_of_wheel.open_cells("1")
    names = ("kernel", "runner", "cells", "panel", "commands", "editor")
    active = lab_of_wheel.page.evaluate(
        "ids => ids.filter(id => window.jupyterapp.isPluginActivated(id))",
        [f"dagbook:{name}" for name in names],
    )
    assert active == [f"dagbook:{name}" for name in names]


def test_another_version_says_so_instead_of_breaking(lab_of_wheel: Lab) -> None:
    """Badges and panel say which versions do not understand each other, in a page that comes later too."""
    lab = lab_of_wheel
    lab.open_cells(LATER, *CELLS[1:])
    lab.run_all()
    expect_state(lab, ORDERS, "not connected")
    told = badge(lab, ORDERS).get_attribute("title") or ""
    assert "this kernel dagbook 9.0: install the same version" in told
    assert "[1, 2, 3]" in lab.output(ORDERS)
    do(lab, "show-graph")
    expect(panel(lab)).to_contain_text("install the same version")
    lab.screenshot("extension-other-version")
    lab.save()
    lab.page.reload()
    lab.open(lab.folder / "cells.ipynb")
    do(lab, "show-graph")
    expect(panel(lab)).to_contain_text("this kernel dagbook 9.0: install the same version")
    expect(badge(lab, ORDERS)).to_have_attribute("title", re.compile("this kernel dagbook 9.0"))
    expect_state(lab, ORDERS, "not connected")
    assert lab.errors == []


def test_badges_work_in_notebook_7(lab_of_wheel: Lab) -> None:
    """Edit, run from the badge, and the menu are there in Notebook as in JupyterLab."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS, app="notebook")
    lab.run_all()
    lab.set_source(1, "factor = 3")
    lab.run_cell(1)
    expect_state(lab, TOTALS, "stale")
    lab.cell(TOTALS).locator(".dagbook-run").click()
    expect_state(lab, TOTALS, "fresh")
    lab.page.get_by_role("menuitem", name="Assets", exact=True).click()
    expect(lab.page.locator(".lm-Menu", has_text="Show the Graph of Assets")).to_be_visible()
    lab.screenshot("extension-notebook")
