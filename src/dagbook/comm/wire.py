"""Carries a conversation over two comms: the state comm, and one control comm a page."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import comm

from dagbook.comm.conversation import Conversation, Panel
from dagbook.comm.messages import CONTROL_TARGET, STATE_TARGET
from dagbook.comm.notebook_cells import NotebookCells
from dagbook.engine.workspace import Workspace


def connect(
    workspace: Workspace,
    cells: NotebookCells,
    open_panel: Callable[[int, int], Panel],
    transform: Callable[[str], str] | None = None,
) -> Callable[[], None]:
    """Tell every page that dagbook is ready, and talk with those that answer; gives what ends it."""
    told: list[Any] = []
    talk = Conversation(
        workspace,
        cells,
        open_panel,
        send=lambda data: told[0].send(data),
        version=version("dagbook"),
        transform=transform,
    )
    controls: list[Any] = []

    def opened(control: Any, message: dict[str, Any]) -> None:
        controls.append(control)
        control.on_msg(lambda each: talk.hear(each["content"]["data"]))
        control.on_close(lambda _message: controls.remove(control))
        talk.hear(message["content"]["data"])

    manager = comm.get_comm_manager()
    manager.register_target(CONTROL_TARGET, opened)
    state = comm.create_comm(target_name=STATE_TARGET, data=talk.greeting())
    told.append(state)

    def closed(_message: dict[str, Any]) -> None:
        # A page without the extension closes what it does not know; later pages are to find it still.
        manager.register_comm(state)

    state.on_close(closed)

    def end() -> None:
        manager.unregister_target(CONTROL_TARGET, opened)
        talk.close()
        state.close()

    return end
