"""The live graph in a real JupyterLab: how soon it is drawn, how soon a click shows, what is sent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Error, sync_playwright

from tests.benchmarks.row import Row, allowed
from tests.browser import chromium
from tests.browser.conftest import FLAGS
from tests.browser.lab import Lab, Server, running_server

# Takes a minute and a browser, which `--quick` does without.
SLOW = True
ROUNDS = 3
# How many assets a group of the large graphs has.
MEMBERS = 50
# Seconds after which the stock widget counts as never drawn.
PATIENCE = 40

LARGE = """
from dagbook import AssetKey, AssetSpec, Workspace
from dagbook.widget.dag_widget import DagWidget

def drawn(count):
    workspace = Workspace(scope=f"draw-{count}")
    workspace.define(*[
        AssetSpec(
            AssetKey(f"a{i}"),
            group_name=f"g{i // 50}",
            deps=[AssetKey(f"a{i * 9 // 10}")] if i > 10 else [],
        )
        for i in range(count)
    ])
    return lambda: DagWidget(workspace).widget
"""
# As in the tutorial, pandas is there before the graph is drawn; the widget's libraries are not.
SMALL = """
import pandas
%load_ext dagbook
from dagbook import asset

@asset
def a0():
    return 0
""" + "".join(f"@asset\ndef a{i}(a{i - 1}):\n    return a{i - 1}\n" for i in range(1, 8))
RUN = """
from dagbook import Workspace, asset
from dagbook.widget.dag_widget import DagWidget

def made(i):
    @asset(name=f"a{i}", group_name=f"g{i // 50}", deps=[f"a{i * 9 // 10}"] if i > 10 else [])
    def body():
        return i
    return body

workspace = Workspace(scope="run")
workspace.define(*[made(i) for i in range(1_000)])
dag = DagWidget(workspace)
"""
STOCK = """
import ipycytoscape
nodes = [{"data": {"id": f"a{i}"}} for i in range(1_000)]
edges = [{"data": {"source": f"a{i * 9 // 10}", "target": f"a{i}"}} for i in range(11, 1_000)]
"""
DRAW_STOCK = """
stock = ipycytoscape.CytoscapeWidget()
stock.graph.add_graph_from_json({"nodes": nodes, "edges": edges}, directed=True)
stock
"""
_GRAPH = "[...document.querySelectorAll('.jp-Notebook *')].find(e => e._cyreg?.cy)"
_HAS = f"count => ({_GRAPH}?._cyreg.cy.nodes('[!parent]').length ?? 0) >= count"
# Milliseconds from the mouse's button to the frame in which the clicked node has its ring.
_CLICKED = f"""id => new Promise(done => {{
  const node = {_GRAPH}._cyreg.cy.getElementById(id);
  const before = node.style('border-color');
  addEventListener('mousedown', () => {{
    const start = performance.now();
    const look = () => node.style('border-color') === before
      ? requestAnimationFrame(look) : done(performance.now() - start);
    look();
  }}, {{once: true, capture: true}});
}})"""


@dataclass(slots=True)
class Traffic:
    """What the server sent to the page since `start`."""

    messages: int = 0
    size: int = 0
    seconds: Counter[int] = field(default_factory=Counter)

    def start(self) -> None:
        """Count from here."""
        self.messages = self.size = 0
        self.seconds.clear()

    def count(self, payload: str | bytes) -> None:
        """Count one message."""
        self.messages += 1
        self.size += len(payload)
        self.seconds[int(time.monotonic())] += 1


def run() -> Iterator[Row]:
    """The rows *draw* and *update*."""
    with (
        TemporaryDirectory() as home,
        running_server(Path(home)) as server,
        sync_playwright() as playwright,
    ):
        path = chromium.of_the_system()
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield from _tutorial_sized(browser, server)
        yield from _large(browser, server)
        yield from _running(browser, server)
        browser.close()


def _tutorial_sized(browser: Browser, server: Server) -> Iterator[Row]:
    taken, clicks = [], []
    for number in range(ROUNDS):
        with _page(browser, server, f"small-{number}", SMALL, "%dag") as (lab, _):
            taken.append(_seconds(lab, 1, 8))
            clicks += [_click(lab, f"a{node}") for node in range(8)]
    yield allowed("draw 8 assets, libraries loaded with it", median(taken), 1.0)
    yield allowed("a click to the changed picture", median(clicks), 0.1)


def _large(browser: Browser, server: Server) -> Iterator[Row]:
    ours: dict[int, list[float]] = {1_000: [], 5_000: []}
    counted = Traffic()
    for number in range(ROUNDS):
        for count, taken in ours.items():
            cells = (LARGE, f"show = drawn({count})", "show()")
            with _page(browser, server, f"large-{count}-{number}", *cells) as (lab, traffic):
                lab.run_cell(1)
                traffic.start()
                taken.append(_seconds(lab, 2, count // MEMBERS))
                if count == 1_000:
                    counted = traffic
    with _page(browser, server, "stock", STOCK, DRAW_STOCK) as (lab, _):
        stock = _seconds(lab, 1, 1_000)
    thousand = median(ours[1_000])
    yield Row(
        name="draw 1,000 assets, groups closed",
        ours_seconds=thousand,
        reference="stock ipycytoscape, all nodes" + (" (gave up)" if stock >= PATIENCE else ""),
        reference_seconds=stock,
        ratio=thousand / stock,
        goal=2 / 19,
    )
    yield allowed("draw 1,000 assets, groups closed", thousand, 2.0)
    yield allowed("draw 5,000 assets, groups closed", median(ours[5_000]), 3.0)
    yield allowed("draw 1,000 assets: messages", counted.messages, 1_000, unit="messages")
    yield allowed("draw 1,000 assets: bytes", counted.size, 1_000_000, unit="bytes")


def _running(browser: Browser, server: Server) -> Iterator[Row]:
    """What a run of 1,000 assets in the background sends while the picture follows it."""
    cells = (RUN, "dag.widget", "dag.materialize(None)")
    with _page(browser, server, "run", *cells) as (lab, traffic):
        _seconds(lab, 1, 1_000 // MEMBERS)
        traffic.start()
        lab.start_cell(2)
        lab.page.get_by_text("1000 fresh").first.wait_for(timeout=PATIENCE * 1_000)
    most = max(traffic.seconds.values())
    yield allowed("run 1,000 assets: messages a second", most, 100, unit="messages")


@contextmanager
def _page(
    browser: Browser, server: Server, name: str, *cells: str
) -> Iterator[tuple[Lab, Traffic]]:
    """A notebook of these cells, the first of which has run."""
    folder = server.folder / name
    folder.mkdir()
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    traffic = Traffic()
    # Playwright puts marks on bound methods, which a slotted object has no room for.
    page.on(
        "websocket", lambda socket: socket.on("framereceived", lambda data: traffic.count(data))
    )
    lab = Lab(page=page, server=server, folder=folder)
    lab.open_cells(*cells)
    lab.run_cell(0)
    yield lab, traffic
    page.close()
    server.end_sessions()


def _seconds(lab: Lab, cell: int, nodes: int) -> float:
    """The time from a cell's start until so many nodes are drawn; `PATIENCE` where they never are."""
    start = time.perf_counter()
    lab.start_cell(cell)
    try:
        lab.page.wait_for_function(_HAS, arg=nodes, timeout=PATIENCE * 1_000, polling="raf")
    except Error:
        return PATIENCE
    return time.perf_counter() - start


def _click(lab: Lab, node: str) -> float:
    """The seconds that a click on a node takes to show, as the page sees it."""
    spot = lab.nodes()[node]
    lab.page.mouse.move(spot.x, spot.y)
    waiting = lab.page.evaluate_handle(f"id => ({{done: ({_CLICKED})(id)}})", node)
    lab.page.mouse.click(spot.x, spot.y)
    milliseconds: float = lab.page.evaluate("waiting => waiting.done", waiting)
    return milliseconds / 1_000


if __name__ == "__main__":
    from tests.benchmarks.__main__ import line

    for row in run():
        print(line(row), flush=True)
