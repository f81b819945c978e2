"""The notebook's faces joined: magics that draw with the widget."""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from dagbook.engine.workspace import Workspace
from dagbook.notebook.extension import Extension
from dagbook.notebook.extension import load as load_notebook

_loaded: dict[int, Extension] = {}


def load(shell: InteractiveShell) -> None:
    """Load into a shell, once."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = load_notebook(shell, draw)


def unload(shell: InteractiveShell) -> None:
    """Take out of a shell what was loaded."""
    extension = _loaded.pop(id(shell), None)
    if extension is not None:
        extension.uninstall()


def draw(workspace: Workspace, selection: str | None) -> Any:
    """The live widget of the graph."""
    # Loaded with the first picture: ipycytoscape and ipywidgets take longer than all the rest.
    from dagbook.widget.dag_widget import DagWidget

    return DagWidget(workspace, selection).widget
