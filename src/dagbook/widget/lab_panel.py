"""The live graph in a panel of JupyterLab's own, outside of all cells."""

from __future__ import annotations

from dagbook.definitions.keys import AssetKey
from dagbook.widget.dag_widget import DagWidget
from dagbook.widget.live import LiveWorkspace


class LabPanel:
    """The same graph as `%dag` draws, in a place of its own; pages find it by the id of its model."""

    def __init__(self, workspace: LiveWorkspace, width: int, height: int) -> None:
        self._drawn = DagWidget(workspace, frame=(width, height))

    @property
    def model_id(self) -> str:
        """By which a page finds the widget."""
        return str(self._drawn.widget.model_id)

    def choose(self, key: AssetKey) -> None:
        """Show what a click on the asset, or on the folded group that holds it, would show."""
        self._drawn.click(self._drawn.node_of(key))

    def fit(self, width: int, height: int) -> None:
        """Fill a place of this size with the whole graph."""
        canvas, before = self._drawn.canvas, self._drawn.canvas.widget.layout.height
        self._drawn.fill((width, height))
        if self._drawn.canvas is canvas and canvas.widget.layout.height == before:
            # Only a height that differs makes the page measure anew.
            canvas.fit()

    def close(self) -> None:
        """Take it out of the page."""
        self._drawn.close()
