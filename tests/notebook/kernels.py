"""A real kernel, as a notebook's front end drives it."""

from __future__ import annotations

import os
import queue
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

PATIENCE = 60.0


@dataclass(slots=True)
class Answer:
    """What a kernel sent for one cell."""

    status: str = ""
    outputs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All its outputs as plain text."""
        return "\n".join(map(_text_of, self.outputs)).strip()


def _text_of(output: dict[str, Any]) -> str:
    if "text" in output:
        return str(output["text"])
    if "traceback" in output:
        return "\n".join(output["traceback"])
    return str(output["data"].get("text/plain", ""))


class Kernel:
    """A running kernel and the client that asks it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    def __call__(self, text: str, *, cell: str = "") -> Answer:
        """Run a cell and wait for its end."""
        return self.answer(self.send(text, cell=cell))

    def send(self, text: str, *, cell: str = "") -> str:
        """Have a cell run; gives the name of the request."""
        client = self.client
        content = {"code": text, "silent": False, "store_history": True, "allow_stdin": False}
        message = client.session.msg("execute_request", content, metadata={"cellId": cell})
        client.shell_channel.send(message)
        return str(message["header"]["msg_id"])

    def answer(self, request: str) -> Answer:
        """All that is sent for a request, until the kernel is idle again."""
        found = Answer()
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind in ("stream", "display_data", "execute_result", "error"):
                found.outputs.append(content)
            elif kind == "status" and content["execution_state"] == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request:
                found.status = reply["content"]["status"]
                return found

    def wait_for(self, mark: Path) -> None:
        """Wait until a body has written its mark."""
        for _ in range(int(PATIENCE * 20)):
            if mark.exists():
                return
            try:
                self.client.get_stdin_msg(timeout=0.05)
            except queue.Empty:
                continue
        raise TimeoutError(f"{mark} was not written")

    def kill(self) -> None:
        """Kill -9: nothing of the kernel's own runs any more."""
        provisioner: Any = self.manager.provisioner
        os.kill(provisioner.pid, signal.SIGKILL)


@contextmanager
def running_kernel(folder: Path) -> Iterator[Kernel]:
    """A kernel whose notebook is `notebook.ipynb` in this folder."""
    environment = {**os.environ, "JPY_SESSION_NAME": str(folder / "notebook.ipynb")}
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(folder), env=environment)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
