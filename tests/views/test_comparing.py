"""What is told of two versions of a value."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dagbook.views.comparing import data_change, extent
from dagbook.views.text import text_of

OLD = pd.DataFrame({"id": [1, 2, 3], "price": [1.0, 2.0, None], "name": ["a", "b", "c"]})


def told(old: object, new: object) -> str:
    """All that is told, as text."""
    change = data_change(old, new)
    return "\n".join([change.summary, *map(text_of, change.tables)])


def test_rows_are_told_apart_by_their_key() -> None:
    """What came, went and changed is counted by the column that is unique."""
    new = pd.DataFrame({"id": [2, 3, 4], "price": [2.0, 5.0, 1.0], "name": ["b", "c", "d"]})
    change = data_change(OLD, new)
    assert change.summary == ("3 rows × 3 columns, as before; by id: 1 added, 1 removed, 1 changed")
    assert "nan → 5.0" in told(OLD, new)


def test_an_index_with_a_name_is_the_key() -> None:
    """Rather than a column that happens to be unique; an index of several levels is one too."""
    old = pd.DataFrame({"carrier": ["AA", "UA"], "flights": [7, 9], "late": [1, 2]})
    new = old.assign(late=[1, 3])
    for key in ("carrier", ["carrier", "flights"]):
        said = told(old.set_index(key), new.set_index(key))
        assert "0 added, 0 removed, 1 changed" in said
        assert "by carrier" in said


def test_columns_tell_types_nulls_and_numbers() -> None:
    """Only those that are not as they were."""
    text = told(OLD, OLD.assign(price=[10, 20, 30]))
    assert "float64 → int64" in text
    assert "1 → 0" in text
    assert "1.5 → 20" in text
    assert "name" not in text


def test_columns_that_come_and_go_are_named() -> None:
    """In the sentence and in the table."""
    text = told(OLD, OLD.drop(columns="name").assign(kind="x"))
    assert "new: kind; gone: name" in text


def test_without_a_key_rows_come_and_go() -> None:
    """A changed row is one that went and one that came."""
    old = pd.DataFrame({"a": [1, 1, 2]})
    change = data_change(old, pd.DataFrame({"a": [1, 2, 2]}))
    assert "no column tells the rows apart: 1 added, 1 removed" in change.summary


@pytest.mark.parametrize("make", [pl.from_pandas, pa.Table.from_pandas])
def test_other_frames_are_compared_alike(make: object) -> None:
    """Polars and Arrow."""
    frame = OLD[["id", "name"]]
    other = frame.assign(name=["a", "x", "c"])
    assert "1 changed" in data_change(make(frame), make(other)).summary  # type: ignore[operator]


def test_other_values_are_told_by_their_text() -> None:
    """Shortened where it is long."""
    assert data_change(1, 2).summary == "was 1, is 2"
    assert len(data_change("a" * 9_000, None).summary) < 300


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (pd.DataFrame({"a": [[1], [2]]}), pd.DataFrame({"a": [[1], [3]]})),
        (pd.DataFrame(), pd.DataFrame({"a": [1]})),
        (pd.DataFrame({"a": []}), pd.DataFrame({"a": [1]})),
        (pd.DataFrame({"id": [1, 2], 0: [1, 2]}), pd.DataFrame({"id": [1, 2], 0: [1, 3]})),
        (pd.Series([1, 2]), pd.Series([1, 3], name="x")),
        (pd.DataFrame({"a": [None, None]}), pd.DataFrame({"a": [None, 1]})),
        (pd.DataFrame({"id": [1, 2], "a": ["x", "y"]}).astype("category"), OLD),
    ],
)
def test_odd_frames_are_told_without_an_error(old: object, new: object) -> None:
    """Lists in cells, no rows, labels that are no text."""
    assert told(old, new)


def test_the_extent_is_told_in_rows_and_columns() -> None:
    """Or by the text of the value."""
    assert (extent(OLD), extent(5)) == ("3 rows × 3 columns", "5")
