"""A conversation for tests: a workspace, its cells, and all that was told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dagbook.comm.codec import decode, encode
from dagbook.comm.conversation import Conversation
from dagbook.comm.messages import PROTOCOL, Answer, AssetState, Attach, FromKernel, MadeWith, State
from dagbook.comm.notebook_cells import AnyKey
from dagbook.definitions.keys import AssetKey
from dagbook.engine.workspace import Workspace

T = TypeVar("T")


@dataclass(slots=True)
class Cells:
    """Which cell defines what, as a notebook would know it."""

    cells: dict[str, tuple[AnyKey, ...]] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    made_with: dict[str, Mapping[AssetKey, str]] = field(default_factory=dict)
    is_busy: bool = False

    def forget_cell(self, keys: Iterable[AnyKey]) -> None:
        gone = set(keys)
        for cell, defined in list(self.cells.items()):
            self.cells[cell] = tuple([key for key in defined if key not in gone])

    def recall_cell(self, cell_id: str, keys: tuple[AnyKey, ...]) -> None:
        self.cells[cell_id] = keys


@dataclass(slots=True)
class Shown:
    """Stands where the live graph is drawn; it knows what was chosen."""

    model_id: str = "model"
    chosen: list[AssetKey] = field(default_factory=list)
    size: tuple[int, int] | None = None

    def choose(self, key: AssetKey) -> None:
        self.chosen.append(key)

    def fit(self, width: int, height: int) -> None:
        self.size = width, height

    def close(self) -> None:
        self.model_id = ""


class Page:
    """A page that keeps what the kernel told it."""

    def __init__(self, workspace: Workspace, cells: Cells | None = None) -> None:
        self.cells = cells or Cells()
        self.shown = Shown()
        self.heard: list[Any] = []
        self.talk = Conversation(
            workspace, self.cells, lambda *_size: self.shown, self._hear, version="1.0"
        )

    def _hear(self, data: dict[str, Any]) -> None:
        self.heard.append(decode(FromKernel, data))

    def attach(
        self,
        protocol: int = PROTOCOL,
        madewith: tuple[MadeWith, ...] = (),
        stale: tuple[str, ...] = (),
    ) -> Answer:
        """Say that the page is there, what it shows from before, and what of it was stale."""
        asked = Attach(
            request="attach", protocol=protocol, version="0.9", madewith=madewith, stale=stale
        )
        return self.ask(asked)

    def ask(self, message: Any) -> Answer:
        """Send a request and wait for its answer."""
        self.talk.hear(encode(message))
        return self.answer(message.request)

    def answer(self, request: str) -> Answer:
        """Wait for the answer to a request."""
        return self.wait(
            lambda: next(
                (m for m in self.heard if isinstance(m, Answer) and m.request == request), None
            )
        )

    def asset(self, key: str, *, state: str) -> AssetState:
        """Wait until the asset is known to stand so."""
        return self.wait(
            lambda: one if (one := self.assets().get(key)) and one.state == state else None
        )

    def states(self) -> list[State]:
        """The messages about how things stand."""
        return [message for message in self.heard if isinstance(message, State)]

    def assets(self) -> dict[str, AssetState]:
        """The assets as a page knows them that took in every message."""
        known: dict[str, AssetState] = {}
        for message in self.states():
            known = {} if message.whole else known
            known |= {asset.key: asset for asset in message.assets}
            for gone in message.goneassets:
                known.pop(gone, None)
        return known

    def wait(self, found: Callable[[], T | None], seconds: float = 20) -> T:
        """Wait for something to be found."""
        end = time.monotonic() + seconds
        while (result := found()) is None:
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s; heard: {self.heard[-5:]}")
            time.sleep(0.01)
        return result
