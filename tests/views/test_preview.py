"""A preview shows any value in little room and never fails."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from matplotlib.figure import Figure

from dagbook.views.preview import preview


class Hostile:
    """A value whose every method that a preview may call raises."""

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __str__(self) -> str:
        raise RuntimeError("no text")


class Lying:
    """A value that claims a type's module and attributes and has nothing behind them."""

    columns = property(lambda self: 1 / 0)


Lying.__module__ = "pandas.core.frame"


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_frame_shows_its_first_rows_and_its_shape(kind: object) -> None:
    """Frames of three libraries show alike."""
    shown = preview(kind({"n": list(range(20)), "s": ["<b>"] * 20})).text  # type: ignore[operator]
    lines = shown.splitlines()
    assert lines[0] == "20 rows × 2 columns"
    assert lines[-1] == "… 12 more"
    assert len(lines) == 11


def test_a_frame_with_an_index_shows_it() -> None:
    """An index that is not just counting stands as the first column."""
    frame = pd.DataFrame({"n": [1]}, index=pd.Index(["UA"], name="carrier"))
    assert preview(frame).text.splitlines()[1:] == ["carrier  n", "UA       1"]


def test_many_columns_are_counted() -> None:
    """A wide frame shows its first columns and how many more there are."""
    assert "… 6 more" in preview(pd.DataFrame([[0] * 20])).text


@pytest.mark.parametrize("value", [Hostile(), [Hostile()], Lying()])
def test_a_value_whose_methods_raise_is_shown_by_its_type(value: object) -> None:
    """A preview never raises."""
    assert preview(value).text
    assert preview(value).html


def test_a_cell_whose_text_raises_is_shown_by_its_type() -> None:
    """One bad object does not hide the frame."""
    frame = pd.DataFrame({"x": pd.Series([Hostile()], dtype=object)})
    assert "<Hostile>" in preview(frame).text


def test_html_of_a_value_is_escaped() -> None:
    """A string with markup shows as text."""
    assert "<script>" not in preview("<script>alert(1)</script>").html


def test_a_long_repr_is_cut() -> None:
    """Long text says how much of it is missing, long lists are shortened."""
    assert preview("x" * 100_000).text.endswith("more characters)")
    assert len(preview(list(range(10**6))).text) < 1_000


def test_an_array_shows_shape_and_type() -> None:
    """An array is told apart by shape and type before its numbers."""
    assert preview(np.zeros((2, 3))).text.startswith("array of 2 × 3, float64")


def test_a_figure_is_a_picture() -> None:
    """A figure shows as PNG, and in text by its size."""
    figure = Figure(figsize=(4, 3))
    figure.subplots(1, 2)
    shown = preview(figure)
    assert 'src="data:image/png;base64,' in shown.html
    assert shown.text == "figure of 4 × 3 inches, 2 axes"
