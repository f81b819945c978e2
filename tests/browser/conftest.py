"""The browser and the JupyterLab that every browser test works in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.browser.lab import Lab, Server, running_server
from tests.browser.wheel import python_with_wheel

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not browser"` leaves them out."""
    here = __name__.rpartition(".")[0].replace(".", "/")
    for item in items:
        if item.nodeid.startswith(f"{here}/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab for all browser tests; each test has a folder and kernels of its own."""
    with running_server(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


# A started Playwright keeps an event loop running in this thread, in which no test that runs one of
# its own would work: so it ends with the module and not with the session.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium: this machine's, else the one that Playwright brought."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium.of_the_system(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def jupyter_of_wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab in a fresh environment that dagbook's wheel was installed into."""
    home = tmp_path_factory.mktemp("jupyter-of-wheel")
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Workers have folders of their own below the one of this session.
        shared = shared.parent
    python = python_with_wheel(shared / "environment-of-wheel")
    with running_server(home, python=python) as server:
        yield server


@pytest.fixture
def lab(browser: Browser, jupyter: Server, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A page of JupyterLab over a fresh folder, with its own kernels and its own store."""
    yield from _opened(browser, jupyter, request)


@pytest.fixture
def lab_of_wheel(
    browser: Browser, jupyter_of_wheel: Server, request: pytest.FixtureRequest
) -> Iterator[Lab]:
    """Like `lab`, as whoever has installed the wheel sees it."""
    yield from _opened(browser, jupyter_of_wheel, request)


def _opened(browser: Browser, jupyter: Server, request: pytest.FixtureRequest) -> Iterator[Lab]:
    folder = jupyter.folder / re.sub(r"\W+", "-", request.node.name)
    folder.mkdir()
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    opened = Lab(page=page, server=jupyter, folder=folder)
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    page.on("console", lambda message: opened.console.append(f"{message.type}: {message.text}"))
    yield opened
    page.close()
    jupyter.end_sessions()
