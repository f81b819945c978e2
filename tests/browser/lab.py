"""A real JupyterLab for tests: its server, and the page in which a test works as a person does."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page

SCREENSHOTS = Path(__file__).parent / "screenshots"

# What JupyterLab would otherwise show over the page, and what keeps cells out of the document.
SETTINGS: dict[str, dict[str, object]] = {
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running JupyterLab over `folder`."""

    url: str
    token: str
    folder: Path

    def request(self, path: str, method: str = "GET") -> Any:
        """The JSON that the server's API answers."""
        headers = {"Authorization": f"token {self.token}"}
        asked = urllib.request.Request(f"{self.url}{path}", method=method, headers=headers)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def end_sessions(self) -> None:
        """Shut down every kernel, so that no test meets another's."""
        # With its kernel a session is gone, and so are others on the same kernel.
        sessions = {each["kernel"]["id"]: each["id"] for each in self.request("/api/sessions")}
        for session in sessions.values():
            self.request(f"/api/sessions/{session}", "DELETE")


@contextmanager
def running_server(
    home: Path, *, python: str | Path = sys.executable, seconds: float = 60
) -> Iterator[Server]:
    """A JupyterLab whose notebooks, settings and records all live under `home`.

    `python` is that of the environment which is tested, this one by default.
    """
    folder = home / "notebooks"
    folder.mkdir(parents=True)
    for name, settings in SETTINGS.items():
        place = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(url=f"http://127.0.0.1:{port}", token="of-a-test", folder=folder)
    log = home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            _command(server, port, python),
            cwd=folder,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_answer(server, process, log, seconds)
            yield server
            server.end_sessions()
        finally:
            process.terminate()
            process.wait(timeout=30)


def _command(server: Server, port: int, python: str | Path) -> list[str]:
    return [
        *(str(python), "-m", "jupyterlab", "--no-browser", "--allow-root"),
        f"--ServerApp.token={server.token}",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={server.folder}",
        "--ServerApp.terminals_enabled=False",
        # Gives the page `window.jupyterapp`, by which `Lab` runs JupyterLab's own commands.
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]


def _environment(home: Path) -> dict[str, str]:
    """This process's environment without the user's Jupyter, and with stores beside the notebooks."""
    environment = {name: value for name, value in os.environ.items() if name != "DAGBOOK_HOME"}
    for name, folder in {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }.items():
        environment[name] = str(home / folder)
    return environment


def _await_answer(
    server: Server, process: subprocess.Popen[bytes], log: Path, seconds: float
) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            server.request("/api/status")
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not answer within {seconds} s:\n{log.read_text()[-3000:]}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a node of a drawn graph stands on the page; `label` is what is written on it now."""

    id: str
    label: str
    x: float
    y: float
    classes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Lab:
    """One page of JupyterLab, with `folder` for the notebooks that it opens."""

    page: Page
    server: Server
    folder: Path
    errors: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def open(self, notebook: Path, *, seconds: float = 60, app: str = "lab") -> None:
        """Open a copy of the notebook, in JupyterLab or in `notebook`, and wait until it is idle."""
        copy = self.folder / notebook.name
        if notebook.resolve() != copy.resolve():
            shutil.copy(notebook, copy)
        path = copy.relative_to(self.server.folder).as_posix()
        # A workspace of its own, else JupyterLab would reopen what earlier tests had open.
        place = f"lab/workspaces/{self.folder.name}/tree/{path}"
        place = f"notebooks/{path}" if app == "notebook" else place
        self.page.goto(f"{self.server.url}/{place}?token={self.server.token}")
        self.page.wait_for_function(_OPENED, arg=path, timeout=seconds * 1000)
        self.page.evaluate("() => { window.testRuns = 0; }")
        self.wait_idle(seconds=seconds)

    def open_cells(self, *sources: str, name: str = "cells.ipynb", app: str = "lab") -> None:
        """Open a new notebook of these code cells."""
        self.open(write_notebook(self.folder / name, *sources), app=app)

    def open_beside(self, *sources: str, name: str, seconds: float = 60) -> None:
        """Open another new notebook of these code cells in the same page, in front of the others."""
        path = write_notebook(self.folder / name, *sources).relative_to(self.server.folder)
        self.command("docmanager:open", path=path.as_posix())
        self.page.wait_for_function(_OPENED, arg=path.as_posix(), timeout=seconds * 1000)
        self.wait_idle(seconds=seconds)

    def reload(self, *, panel: str, seconds: float = 30) -> None:
        """Load the page anew, once JupyterLab has kept that the notebook and this panel are in front."""
        in_front = {"main": self.page.evaluate(_IN_FRONT), "right": panel}
        end = time.monotonic() + seconds
        while (kept := self._kept_in_front()) != in_front:
            assert time.monotonic() < end, (kept, in_front)
            self.page.wait_for_timeout(100)
        self.page.reload()

    def _kept_in_front(self) -> dict[str, str | None]:
        kept = self.server.request(f"/lab/api/workspaces/{self.folder.name}")["data"]
        layout = kept.get("layout-restorer:data", {})
        return {area: layout.get(area, {}).get("current") for area in ("main", "right")}

    def command(self, name: str, **arguments: object) -> None:
        """Start a command of JupyterLab; `wait_idle` waits for its end."""
        self.page.evaluate(_COMMAND, [name, arguments])

    def run_all(self, *, seconds: float = 120) -> None:
        """Run every cell from top to bottom and wait."""
        self.command("notebook:run-all-cells")
        self.wait_idle(seconds=seconds)

    def run_cell(self, index: int, *, seconds: float = 60) -> None:
        """Run one cell and wait."""
        self.start_cell(index)
        self.wait_idle(seconds=seconds)

    def start_cell(self, index: int) -> None:
        """Run one cell without waiting, for what is to be seen while it runs."""
        self.page.evaluate(f"i => {{ {_NOTEBOOK}.content.activeCellIndex = i; }}", index)
        self.command("notebook:run-cell")

    def set_source(self, index: int, source: str) -> None:
        """Replace the text of one cell."""
        script = f"([i, text]) => {_NOTEBOOK}.content.widgets[i].model.sharedModel.setSource(text)"
        self.page.evaluate(script, [index, source])

    def wait_idle(self, *, seconds: float = 60) -> None:
        """Wait until every started command has ended and the kernel has nothing to do."""
        self.page.wait_for_function(_IDLE, timeout=seconds * 1000)

    def restart_kernel(self, *, seconds: float = 60) -> None:
        """Restart the kernel without JupyterLab's question, and wait until it is idle."""
        self.page.evaluate(f"async () => {{ await {_SESSION}.session.kernel.restart(); }}")
        self.wait_idle(seconds=seconds)

    def save(self) -> None:
        """Save the notebook, and wait until the file is written."""
        self.command("docmanager:save")
        self.page.wait_for_function(f"() => window.testRuns === 0 && !{_NOTEBOOK}.model.dirty")

    def cell(self, index: int) -> Locator:
        """The cell's part of the page."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def outputs(self, index: int) -> Locator:
        """The outputs under the cell."""
        return self.cell(index).locator(".jp-OutputArea-output")

    def output(self, index: int) -> str:
        """The text of all outputs under the cell, as it is read on the page."""
        return "\n".join(text.strip() for text in self.outputs(index).all_inner_texts())

    def nodes(self, graph: int = 0, *, seconds: float = 20) -> dict[str, Spot]:
        """The nodes of a drawn graph by id, with where they are once they have come to rest."""
        self.page.wait_for_function(_DRAWN, arg=graph, timeout=seconds * 1000)
        end = time.monotonic() + seconds
        seen, spots = None, self._spots(graph)
        while spots != seen and time.monotonic() < end:
            self.page.wait_for_timeout(150)
            seen, spots = spots, self._spots(graph)
        return spots

    def _spots(self, graph: int) -> dict[str, Spot]:
        found = [
            Spot(**{**spot, "classes": tuple(spot["classes"])})
            for spot in self.page.evaluate(_SPOTS, graph)
        ]
        return {spot.id: spot for spot in found}

    def click_node(self, node: str, graph: int = 0, *, double: bool = False) -> None:
        """Click with the mouse where the node is drawn, scrolling there first."""
        self.page.wait_for_function(_DRAWN, arg=graph)
        end = time.monotonic() + 10
        while True:
            # What is drawn above it, such as a badge that arrives late, may move it meanwhile.
            self.page.evaluate(_SHOW, graph)
            spot = self.nodes(graph)[node]
            if self.page.evaluate(_REACHED, [graph, spot.x, spot.y]):
                break
            if time.monotonic() > end:
                raise AssertionError(f"{node!r} is not where a click could reach it: {spot}")
            self.page.wait_for_timeout(200)
        self.page.mouse.click(spot.x, spot.y, click_count=2 if double else 1)

    def screenshot(self, name: str, of: Locator | None = None) -> Path:
        """Keep a picture of the page, or of a part of it, and return its path."""
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        (self.page if of is None else of).screenshot(path=path)
        return path


def write_notebook(path: Path, *sources: str) -> Path:
    """A notebook file of these code cells, for the kernel that comes with ipykernel."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={
            "kernelspec": {
                "name": "python3",
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
            }
        },
    )
    nbformat.write(notebook, path)
    return path


_NOTEBOOK = "window.testNotebook"
_SESSION = f"{_NOTEBOOK}.sessionContext"

# Playwright takes a promise for a yes, so what it polls must answer at once.
_OPENED = f"""path => {{
  const shell = window.jupyterapp?.shell;
  const opened = shell && [...shell.widgets('main')].find(each => each.context?.path === path);
  if (!opened?.context.isReady || !opened.sessionContext.isReady) return false;
  {_NOTEBOOK} = opened;
  shell.activateById(opened.id);
  return shell.currentWidget === opened && Boolean({_SESSION}.session?.kernel);
}}"""

_IN_FRONT = "() => `notebook:${window.jupyterapp.shell.currentWidget.context.path}`"

_COMMAND = """([name, args]) => {
  window.testRuns += 1;
  const ended = () => { window.testRuns -= 1; };
  window.jupyterapp.commands.execute(name, args).then(ended, ended);
}"""

_IDLE = f"""() => window.testRuns === 0
  && {_SESSION}.session?.kernel?.status === 'idle'
  && ![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.textContent.includes('*'))"""

# cytoscape.js keeps its instance on the element that it draws into.
_GRAPHS = "[...document.querySelectorAll('.jp-Notebook *')].filter(e => e._cyreg?.cy)"

_DRAWN = f"""i => {{
  const box = {_GRAPHS}[i];
  return Boolean(box) && box.clientWidth > 0 && box._cyreg.cy.nodes().length > 0;
}}"""

_SHOW = f"i => {_GRAPHS}[i].scrollIntoView({{block: 'center', behavior: 'instant'}})"

_REACHED = f"([i, x, y]) => {_GRAPHS}[i].contains(document.elementFromPoint(x, y))"

_SPOTS = f"""i => {{
  const box = {_GRAPHS}[i];
  const frame = box.getBoundingClientRect();
  return box._cyreg.cy.nodes().map(node => ({{
    id: node.id(),
    label: String(node.style('label') || node.data('label') || node.data('name') || ''),
    x: frame.left + node.renderedPosition().x,
    y: frame.top + node.renderedPosition().y,
    classes: [...node.classes()],
  }}));
}}"""
