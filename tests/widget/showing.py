"""The widget of the small project, and what is read on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dagbook import Workspace
from dagbook.widget.dag_widget import DagWidget
from tests.views.test_tables import Tags
from tests.widget.projects import project


@contextmanager
def shown(selection: str | None = None) -> Iterator[tuple[Workspace, DagWidget]]:
    """The widget of the small project."""
    with project() as workspace:
        widget = DagWidget(workspace, selection)
        yield workspace, widget
        widget.close()


def click_on_page(widget: DagWidget, node: str, classes: str = "card") -> None:
    """What the page tells of a click on a node."""
    told = {"event": "click", "widget": "node", "data": {"data": {"id": node}, "classes": classes}}
    widget.canvas.widget._handle_custom_msg(told, [])


def press(widget: DagWidget, name: str) -> None:
    """Click a button."""
    assert not widget.toolbar.buttons[name].disabled, name
    widget.toolbar.buttons[name].click()


def line(widget: DagWidget) -> str:
    """The line below the buttons as it is read."""
    return Tags(widget._line.value).text


def panel(widget: DagWidget) -> str:
    """The panel as it is read."""
    return Tags(widget.panel.body.value).text


def states(widget: DagWidget) -> dict[str, str]:
    """The state of every node by its id."""
    return {node.id: node.state for node in widget.picture.view.nodes}
