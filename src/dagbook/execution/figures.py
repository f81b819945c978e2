"""Plots as values: whatever a plotting call returns stands for its figure."""

from __future__ import annotations

import sys
from typing import Any


def figure_of(value: Any) -> Any:
    """The figure of a Matplotlib artist or of several of one figure, taken from pyplot; others as they are.

    A figure that pyplot still knows would be shown again at the end of the cell.
    """
    if "matplotlib.figure" not in sys.modules:
        return value
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    first = next(iter(value), None) if isinstance(value, (list, tuple)) else value
    figure = first.figure if isinstance(first, Artist) else None
    if not isinstance(figure, Figure):
        return value
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    return figure
