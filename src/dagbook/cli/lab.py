"""`dagbook lab`: JupyterLab of this Python, on a notebook."""

from __future__ import annotations

import os
import subprocess
import sys

from dagbook.cli.arguments import LabArguments
from dagbook.errors.headless import UnreadableNotebook


def lab(arguments: LabArguments) -> int:
    """Become JupyterLab; gives its exit code where a process cannot become another one.

    Raises UnreadableNotebook for a notebook that is not there.
    """
    notebook = arguments.notebook
    if notebook is not None and not notebook.exists():
        raise UnreadableNotebook(path=str(notebook), problem="there is no such file")
    command = lab_command(arguments)
    if os.name == "nt":
        return subprocess.run(command, check=False).returncode
    sys.stdout.flush()
    os.execv(command[0], command)


def lab_command(arguments: LabArguments) -> list[str]:
    """The command that starts it.

    >>> lab_command(LabArguments(options=("--no-browser",)))[1:]
    ['-m', 'jupyterlab', '--no-browser']
    """
    named = [str(arguments.notebook)] if arguments.notebook is not None else []
    return [sys.executable, "-m", "jupyterlab", *arguments.options, *named]
