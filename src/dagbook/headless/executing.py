"""Running a whole notebook with its values in a kernel of this Python, to a file with outputs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dagbook.errors.headless import ExecutionStopped
from dagbook.headless.notebook_file import MAJOR, read_notebook
from dagbook.headless.parameters import inject, with_parameters
from dagbook.headless.shell import place_of

KERNEL = ("-m", "ipykernel_launcher", "-f", "{connection_file}")


def execute_notebook(
    path: Path,
    target: Path,
    parameters: Mapping[str, Any],
    told: Callable[[int, int], None],
) -> None:
    """Run every cell and write the notebook with its outputs to `target`.

    `told` hears the place of each code cell before it runs, and how many there are. The kernel is
    this very Python, whatever the notebook says, so that it finds the same packages.
    Raises ExecutionStopped where a cell raises; the outputs up to there are written.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = read_notebook(path)
    with_parameters(notebook, parameters)
    document = nbformat.read(notebook.path, as_version=MAJOR)
    inject(document, parameters)
    places = {i for i, cell in enumerate(document.cells) if cell.cell_type == "code"}
    with place_of(notebook.path):
        client = NotebookClient(
            document,
            km=_own_kernel(),
            timeout=None,
            resources={"metadata": {"path": str(notebook.path.parent)}},
            on_cell_start=lambda cell, cell_index: told(
                sum(place <= cell_index for place in places), len(places)
            ),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise ExecutionStopped(
                path=str(target),
                type=error.ename,
                message=error.evalue,
                traceback=error.traceback,
            ) from None
        finally:
            _write(nbformat.writes(document), target)


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
