"""The live graph in a panel of JupyterLab's own, outside of all cells."""

from __future__ import annotations

from dagbook.definitions.keys import AssetKey
from dagbook.widget.dag_widget import DagWidget
from dagbook.widget.live import LiveWorkspace


class LabPanel:
    """The same graph as `%dag` draws, for a narrow place; pages find it by the id of its model."""

    def __init__(self, workspace: LiveWorkspace) -> None:
        self._drawn = DagWidget(workspace, narrow=True)
        self._step = 1

    @property
    def model_id(self) -> str:
        """By which a page finds the widget."""
        return str(self._drawn.widget.model_id)

    def choose(self, key: AssetKey) -> None:
        """Show what a click on the asset, or on the folded group that holds it, would show."""
        self._drawn.click(self._drawn.node_of(key))

    def fit(self) -> None:
        """Show the whole graph in its frame, whose size has changed."""
        canvas = self._drawn.canvas
        # Only a height that differs makes the page measure anew; up and down, so that none adds up.
        self._step = -self._step
        canvas.resize(int(canvas.widget.layout.height.removesuffix("px")) + self._step)

    def cancel(self) -> None:
        """Stop the run that a button of the panel has started."""
        self._drawn.cancel()

    def close(self) -> None:
        """Take it out of the page."""
        self._drawn.close()
