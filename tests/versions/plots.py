"""Plots of many kinds, and as a program their data versions in the order of `KINDS`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from dagbook.versions.data import data_version

Plot = Callable[[float], Any]


def bars(by: float) -> Any:
    """Bars with all that a tutorial sets."""
    figure, axes = plt.subplots(figsize=(7, 3.2))
    axes.bar(range(5), np.arange(5.0) + by, color="#2a9a5c")
    axes.set(xlabel="age", ylabel="delay")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    return figure


def shared(by: float) -> Any:
    """Lines in axes that share a scale, with legends."""
    figure, grid = plt.subplots(2, 2, sharex=True)
    for axes in grid.flat:
        axes.plot(np.arange(200.0) + by, label="line")
        axes.legend()
    figure.suptitle("shared")
    return figure


def coloured(by: float) -> Any:
    """Points with a colour bar, arranged by constraints."""
    figure = plt.figure(layout="constrained")
    drawn = figure.add_subplot().scatter([1, 2], [3, 4 + by], c=[5, 6])
    figure.colorbar(drawn)
    return figure


def dated(by: float) -> Any:
    """A series of pandas, whose axis holds dates."""
    return pd.Series([1.0, 2 + by], index=pd.date_range("2024-01-01", periods=2)).plot().figure


def solid(by: float) -> Any:
    """A surface in space."""
    figure = plt.figure()
    axes: Any = figure.add_subplot(projection="3d")
    axes.plot_surface(*np.meshgrid([1, 2], [1, 2]), np.ones((2, 2)) + by)
    return figure


def drawn(by: float) -> Any:
    """One that was drawn already."""
    figure = bars(by)
    figure.canvas.draw()
    return figure


def clipped(by: float) -> Any:
    """One whose data is outside of what is seen."""
    figure, axes = plt.subplots()
    axes.plot([5.0 + by, 6.0])
    axes.set_ylim(0, 1)
    return figure


KINDS: tuple[Plot, ...] = (bars, shared, coloured, dated, solid, drawn, clipped)


def version(kind: Plot, by: float = 0.0) -> str:
    """The data version of a plot that pyplot no longer knows."""
    figure = kind(by)
    plt.close(figure)
    return data_version(figure).digest


if __name__ == "__main__":
    matplotlib.use("agg")
    for _ in range(int(sys.argv[1])):
        plt.figure()
    for each in KINDS:
        print(version(each))
