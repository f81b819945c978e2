"""Running a whole notebook with its values in a kernel of this Python, to a file with outputs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dagbook.errors.headless import ExecutionStopped, KernelStopped
from dagbook.headless.notebook_file import MAJOR, read_notebook
from dagbook.headless.parameters import inject, with_parameters
from dagbook.headless.shell import place_of

# Its warnings are about connections, which are this machine's own.
QUIET = "--IPKernelApp.log_level=40"
KERNEL = ("-m", "ipykernel_launcher", "-f", "{connection_file}", QUIET)


def execute_notebook(
    path: Path,
    target: Path,
    parameters: Mapping[str, Any],
    told: Callable[[int, int], None],
) -> None:
    """Run every cell and write the notebook with its outputs to `target`.

    `told` hears the place of each code cell before it runs, and how many there are. The kernel is
    this very Python, whatever the notebook says, so that it finds the same packages.
    Raises ExecutionStopped where a cell raises, KernelStopped where the kernel ends or does not
    start, KeyboardInterrupt; the outputs up to there are written.
    """
    import nbformat

    notebook = read_notebook(path)
    with_parameters(notebook, parameters)
    document = nbformat.read(notebook.path, as_version=MAJOR)
    inject(document, parameters)
    for cell in document.cells:
        # What JupyterLab has kept of the outputs before.
        cell.metadata.pop("dagbook", None)
    places = [i for i, cell in enumerate(document.cells) if cell.cell_type == "code"]

    interrupt = _Interrupt()

    def begins(cell: Any, cell_index: int) -> None:
        interrupt.take_over()
        told(sum(place <= cell_index for place in places), len(places))

    with place_of(notebook.path):
        try:
            _run(document, str(notebook.path.parent), begins, target)
        except (KernelStopped, asyncio.CancelledError):
            if interrupt.came:
                raise KeyboardInterrupt from None
            raise
        finally:
            _write(nbformat.writes(document), target)


def _run(document: Any, folder: str, begins: Callable[..., None], target: Path) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    client = NotebookClient(
        document,
        km=_own_kernel(),
        timeout=None,
        resources={"metadata": {"path": folder}},
        on_cell_start=begins,
        coalesce_streams=True,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise ExecutionStopped(
            path=str(target), type=error.ename, message=error.evalue, traceback=error.traceback
        ) from None
    except DeadKernelError as error:
        raise KernelStopped(path=str(target), problem=str(error)) from None


class _Interrupt:
    """Ends the execution as a whole; nbclient itself would tell of a dead kernel."""

    def __init__(self) -> None:
        self.came = False

    def take_over(self) -> None:
        """Called within the execution's own task, when nbclient has set its handler."""
        task = asyncio.current_task()
        assert task is not None

        def interrupted() -> None:
            self.came = True
            task.cancel()

        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted)
        except (NotImplementedError, RuntimeError):
            pass  # Windows and other threads: Python's own KeyboardInterrupt comes through


def _own_kernel() -> Any:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OwnPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(argv=[sys.executable, *KERNEL], language="python")

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=OwnPython())


def _write(text: str, target: Path) -> None:
    """Whole or not at all, so that an interrupt leaves no half of a notebook."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(target)
