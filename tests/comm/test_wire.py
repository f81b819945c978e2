"""The two comms of a real kernel, as a page uses them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dagbook.cells.digests import text_digest
from dagbook.comm.codec import encode
from dagbook.comm.messages import CONTROL_TARGET, PROTOCOL, STATE_TARGET, Attach, Materialize
from tests.notebook.kernels import Kernel, running_kernel

ASSET = "%%asset orders\n[1, 2]"


class Wire:
    """A page's ends of the comms of a kernel that has loaded dagbook."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        kernel.client.execute("%load_ext dagbook")
        self.opened = self.wait(lambda each: each["msg_type"] == "comm_open")["content"]

    def control(self, kind: str, data: Any) -> None:
        """Send on the control comm."""
        content = {"comm_id": "page", "target_name": CONTROL_TARGET, "data": data}
        client = self.kernel.client
        client.shell_channel.send(client.session.msg(kind, content))

    def wait(self, wanted: Any, seconds: float = 30) -> Any:
        """The next message of the kernel that is wanted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            message = self.kernel.client.get_iopub_msg(timeout=seconds)
            if wanted(message):
                return message
        raise TimeoutError

    def told(self, kind: str) -> Any:
        """The next message of this type on the state comm."""
        found = self.wait(
            lambda each: (
                each["msg_type"] == "comm_msg"
                and each["content"]["comm_id"] == self.opened["comm_id"]
                and each["content"]["data"]["type"] == kind
            )
        )
        return found["content"]["data"]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with running_kernel(tmp_path) as kernel:
        yield Wire(kernel)


def test_a_kernel_says_that_it_is_ready(wire: Wire) -> None:
    """Loading opens the state comm, which tells protocol and version."""
    assert wire.opened["target_name"] == STATE_TARGET
    assert wire.opened["data"]["type"] == "hello"
    assert wire.opened["data"]["protocol"] == PROTOCOL


def test_a_page_learns_cells_and_runs_assets(wire: Wire) -> None:
    """Cells are known by id and by the digest of their text; a run is asked for over control."""
    wire.control(
        "comm_open",
        encode(Attach(request="a", protocol=PROTOCOL, version="0", madewith=(), stale=())),
    )
    assert wire.told("state")["whole"]
    wire.kernel.send("%config Dagbook.on_define = 'register'")
    wire.kernel.send(ASSET, cell="cell-1")
    cell = wire.told("state")["cells"][0]
    assert (cell["id"], cell["digest"], cell["assets"]) == (
        "cell-1",
        text_digest(ASSET),
        ["orders"],
    )
    wire.control("comm_msg", encode(Materialize(request="r", assets=("orders",), reach="this")))
    answer = wire.told("answer")
    assert (answer["request"], answer["problem"]) == ("r", None)


def test_a_page_that_comes_later_finds_the_state_comm(wire: Wire) -> None:
    """The comm is listed, so that a page which was not there at loading can listen to it."""
    client = wire.kernel.client
    client.comm_info(target_name=STATE_TARGET)
    comms = client.get_shell_msg(timeout=30)
    while comms["msg_type"] != "comm_info_reply":
        comms = client.get_shell_msg(timeout=30)
    assert list(comms["content"]["comms"]) == [wire.opened["comm_id"]]


def test_unloading_closes_the_state_comm(wire: Wire) -> None:
    """`%unload_ext` tells the pages that nothing is connected any more."""
    wire.kernel.client.execute("%unload_ext dagbook")
    closed = wire.wait(lambda each: each["msg_type"] == "comm_close")
    assert closed["content"]["comm_id"] == wire.opened["comm_id"]
