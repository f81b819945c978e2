"""The kernel's side of the talk with the pages that show its notebook; never keeps a cell waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from dagbook.comm.codec import decode, encode
from dagbook.comm.deleted import DeletedCells, defines
from dagbook.comm.messages import (
    PROTOCOL,
    Answer,
    Attach,
    Cancel,
    Edits,
    Faults,
    FindFaults,
    ForgetCells,
    FromKernel,
    Hello,
    LookAgain,
    Materialize,
    OpenPanel,
    Preview,
    RecallCells,
    Rename,
    ShowPreview,
    ToKernel,
)
from dagbook.comm.notebook_cells import NotebookCells
from dagbook.definitions.keys import AssetKey
from dagbook.engine.coalescing import Coalescer
from dagbook.engine.workspace import Workspace
from dagbook.errors.base import DagbookError
from dagbook.errors.comm import OtherProtocol
from dagbook.errors.definitions import UnknownAsset
from dagbook.later import later
from dagbook.views.parts import node_id

if TYPE_CHECKING:
    from dagbook.comm import asked, describing, outdated, renaming, runs
else:
    asked = later("dagbook.comm.asked")
    describing = later("dagbook.comm.describing")
    outdated = later("dagbook.comm.outdated")
    renaming = later("dagbook.comm.renaming")
    runs = later("dagbook.comm.runs")

# Seconds between two messages about how things stand.
BETWEEN = 0.1
# Seconds between two looks at what other processes have written; a look takes some microseconds.
LOOK = 1.0


class Panel(Protocol):
    """The live graph as a widget that a page can show."""

    @property
    def model_id(self) -> str: ...
    def choose(self, key: AssetKey, /) -> None: ...
    def fit(self, width: int, height: int, /) -> None: ...
    def close(self) -> None: ...


class Conversation:
    """What is told and heard, whatever carries it: `send` publishes a message to all pages.

    `open_panel` draws the live graph, once, in a place of this width and height; `version` is that of
    dagbook in this kernel; `transform` turns line magics and `!command` in a cell's text into Python.
    """

    def __init__(
        self,
        workspace: Workspace,
        cells: NotebookCells,
        open_panel: Callable[[int, int], Panel],
        send: Callable[[dict[str, Any]], None],
        version: str,
        transform: Callable[[str], str] | None = None,
    ) -> None:
        self._workspace = workspace
        self._cells = cells
        self._open_panel = open_panel
        self._send = send
        self._version = version
        self._transform = transform
        self._describer: describing.Describer | None = None
        self._deleted = DeletedCells(workspace, cells)
        # The assets that were stale when the kernel before this one ended, until they are defined.
        self._doubted: set[AssetKey] = set()
        # What pages told of cells that have not run in this kernel.
        self._recalled: dict[str, Mapping[AssetKey, str]] = {}
        self._panel: Panel | None = None
        self._told: describing.Standing | None = None
        self._number = 0
        self._attached = False
        self._asked: SimpleQueue[ToKernel | None] = SimpleQueue()
        self._painter = Coalescer(self._tell_standing, BETWEEN, lambda _error: None)
        self._end = workspace.on_change(self._poke)
        threading.Thread(target=self._work, name="dagbook-comm", daemon=True).start()

    def greeting(self) -> dict[str, Any]:
        """What the kernel says first."""
        told: dict[str, Any] = encode(Hello(protocol=PROTOCOL, version=self._version))
        return told

    def close(self) -> None:
        """Follow the workspace no more."""
        self._end()
        self._painter.close()
        self._asked.put(None)
        if self._panel is not None:
            self._panel.close()

    def hear(self, data: object) -> None:
        """Take a message of a page; returns at once, whatever it asks for."""
        try:
            message: ToKernel = decode(ToKernel, data)
        except DagbookError as error:
            request = data.get("request") if isinstance(data, dict) else None
            self._answer(request if isinstance(request, str) else "", problem=str(error))
            return
        if isinstance(message, Cancel):
            # Never behind what takes long; and once more behind it, for a run that only begins.
            self._workspace.activity.cancel()
        self._asked.put(message)

    def _poke(self) -> None:
        if self._attached:
            self._painter.poke()

    def _tell_standing(self) -> None:
        """Tell the pages what differs from what they know."""
        _, standing = self._workspace.observe(passive=True)
        graph, activity = self._workspace.graph, self._workspace.activity
        told = self._describer = self._describer or describing.Describer()
        self._doubted.difference_update([key for key in self._doubted if defines(graph, key)])
        now = describing.Standing(
            assets=told.assets(graph, standing, activity.running),
            cells=told.cells(self._cells.cells, self._cells.digests, graph),
            outdated=outdated.outdated_cells(
                self._cells,
                standing.assets,
                self._workspace.history_of.current,
                self._doubted,
            ),
            madewith=told.made_with(self._cells.made_with),
            runs=tuple(run.run_id for run in activity.going),
        )
        message = describing.difference(self._told, now, self._number + 1)
        self._told = now
        if message is not None:
            self._number += 1
            self._tell(message)

    # --- requests, one after the other

    def _work(self) -> None:
        while True:
            try:
                message = self._asked.get(timeout=LOOK if self._attached else None)
            except Empty:
                self._look_elsewhere()
                continue
            if message is None:
                return
            try:
                self._do(message)
            except DagbookError as error:
                self._answer(message.request, problem=str(error))
            except Exception as error:
                self._answer(message.request, problem=f"{type(error).__name__}: {error}")

    def _look_elsewhere(self) -> None:
        """Have all who show the graph look again where another process has written into the store.

        Not while a cell runs: its end brings a look of its own.
        """
        # A store that is gone or locked for long says so to whoever runs something next.
        with suppress(DagbookError):
            if not self._cells.is_busy and self._workspace.history_of.is_behind:
                self._workspace.look_again()

    def _do(self, message: ToKernel) -> None:
        match message:
            case Attach():
                self._attach(message)
            case LookAgain(request=request):
                if not self._cells.is_busy:
                    self._workspace.look_again()
                self._answer(request)
                return  # All who show the graph look by now, also this.
            case Materialize(request=request, assets=assets, reach=reach):
                keys = [self._key(asset) for asset in assets]
                runs.start(self._workspace, keys, reach, partial(self._ended, request))
            case Cancel(request=request):
                self._workspace.activity.cancel()
                self._answer(request)
            case OpenPanel(request=request):
                self._answer(request, self._shown_panel(message))
            case ForgetCells(request=request, cells=cells):
                self._answer(request, ", ".join(self._deleted.forget(cells)))
            case RecallCells(request=request, cells=cells):
                self._answer(request, ", ".join(self._deleted.recall(cells)))
            case FindFaults(request=request, text=text):
                self._tell(Faults(request=request, faults=asked.faults_in(text, self._transform)))
                return  # Nothing stands differently for that.
            case ShowPreview(request=request, asset=asset):
                html = asked.preview_of(self._workspace, self._key(asset))
                self._tell(Preview(request=request, html=html))
                return
            case Rename(request=request, asset=asset, to=to, cells=cells):
                texts = {cell.id: cell.text for cell in cells}
                edits = renaming.edits_of(self._workspace.graph, self._key(asset), to, texts)
                self._tell(Edits(request=request, edits=tuple(edits)))
                return
        self._poke()

    def _attach(self, message: Attach) -> None:
        if message.protocol != PROTOCOL:
            raise OtherProtocol(extension=message.version, kernel=self._version)
        if message.madewith:
            known = _by_id([*self._workspace.history_of.current])
            outdated.recall(self._cells, self._recalled, known, message.madewith)
            self._doubted |= {known[name] for name in message.stale if name in known}
        self._attached = True
        self._told = None
        self._answer(message.request, self._version)

    def _shown_panel(self, asked: OpenPanel) -> str:
        """The id of the model of the graph's widget."""
        if self._panel is None:
            self._panel = self._open_panel(asked.width, asked.height)
        if asked.asset is not None:
            self._panel.choose(self._key(asked.asset))
        self._panel.fit(asked.width, asked.height)
        return self._panel.model_id

    def _ended(self, request: str, problem: str | None, warnings: str) -> None:
        """A run is over: what is to be said of it is told."""
        self._answer(request, warnings, problem=problem)

    def _key(self, name: str) -> AssetKey:
        """The asset of this id; raises UnknownAsset."""
        graph = self._workspace.graph
        found = _by_id(graph.keys).get(name)
        if found is None:
            raise UnknownAsset(name=name[:200])
        return found

    def _answer(self, request: str, result: str = "", *, problem: str | None = None) -> None:
        self._tell(Answer(request=request, problem=problem, result=result))

    def _tell(self, message: FromKernel) -> None:
        self._send(encode(message))


def _by_id(keys: Sequence[AssetKey]) -> Mapping[str, AssetKey]:
    return {node_id(key): key for key in keys}
