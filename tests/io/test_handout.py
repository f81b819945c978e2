"""Handouts: a consumer's own value, and a change in place that is noticed."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dagbook.io.handout import hand_out
from dagbook.io.objects import ObjectStore

N = 200_000


def array() -> Any:
    return np.arange(N, dtype="f8")


def frame() -> Any:
    return pd.DataFrame({"a": np.arange(N, dtype="f8"), "s": ["x", "y"] * (N // 2)})


def cells() -> Any:
    """A frame whose cells can be changed in place."""
    return pd.DataFrame({"a": np.arange(3), "d": [{"k": 1}, [2], None]})


def record() -> Any:
    return {"weights": array(), "names": ["a", "b"]}


def set_(key: Any, value: Any) -> Callable[[Any], None]:
    return lambda target: target.__setitem__(key, value)


CHANGES: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
    (array, set_(5, -1.0)),
    (array, lambda a: a.sort() or a.__imul__(2)),
    (array, lambda a: a.fill(1)),
    (lambda: array()[:10].copy(), set_(5, -1.0)),
    (frame, set_("a", 1.0)),
    (frame, set_("new", 1.0)),
    (frame, lambda f: f.iloc.__setitem__((3, 0), -1.0)),
    (frame, lambda f: f.loc.__setitem__((3, "s"), "changed")),
    (frame, lambda f: setattr(f, "columns", ["b", "t"])),
    (frame, lambda f: setattr(f.index, "name", "row")),
    (frame, lambda f: f.attrs.__setitem__("unit", "m")),
    (frame, lambda f: f.pop("a")),
    (lambda: frame()["a"], lambda s: s.iloc.__setitem__(3, -1.0)),
    (lambda: frame()["a"], lambda s: setattr(s, "name", "b")),
    (cells, lambda f: f["d"].iloc[0].update(k=2)),
    (cells, lambda f: f["d"].iloc[1].append(3)),
    (lambda: pl.DataFrame({"a": array()}), set_((0, "a"), -1.0)),
    (lambda: pl.DataFrame({"a": array()}), lambda f: f.drop_in_place("a")),
    (record, lambda r: r["names"].append("c")),
    (record, lambda r: r["weights"].__setitem__(0, -1.0)),
    (record, lambda r: r.update(weights=r["weights"] + 1)),
    (lambda: [1, {2}], lambda v: v[1].add(3)),
    (lambda: bytearray(b"abc"), set_(0, 0)),
]
READS: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
    (array, lambda a: (a.sum(), a + 1, np.sort(a))),
    (frame, lambda f: (f.describe(), f.values, f.sort_values("a"), f.groupby("s").sum())),
    (frame, lambda f: f.assign(b=1).dropna()),
    (cells, lambda f: (f["d"].map(str), f.to_dict())),
    (lambda: pl.DataFrame({"a": array()}), lambda f: (f.sum(), f.with_columns(b=1))),
    (record, lambda r: (r["weights"].sum(), sorted(r))),
    (lambda: pa.table({"a": array()}), lambda t: t.to_pandas()),
]


def equal(left: Any, right: Any) -> bool:
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[k], right[k]) for k in left)
    if isinstance(left, np.ndarray):
        return left.shape == right.shape and bool(np.array_equal(left, right))
    if hasattr(left, "equals"):
        return bool(left.equals(right)) and getattr(left, "attrs", 0) == getattr(right, "attrs", 0)
    return bool(left == right)


@pytest.mark.parametrize(("make", "change"), CHANGES)
def test_a_change_in_place_is_noticed_and_stays_with_the_consumer(
    make: Callable[[], Any], change: Callable[[Any], Any]
) -> None:
    """The caller's value is as before, and the handout says that it was changed."""
    mine = make()
    handout = hand_out(mine)
    assert type(handout.value) is type(mine)
    assert equal(handout.value, mine)
    assert not handout.changed()
    change(handout.value)
    assert handout.changed()
    assert equal(mine, make())


@pytest.mark.parametrize(("make", "change"), CHANGES)
def test_a_change_of_a_stored_value_reaches_nobody_else(
    tmp_path: Path, make: Callable[[], Any], change: Callable[[Any], Any]
) -> None:
    """Neither a consumer before or after, nor the store, sees what one consumer did."""
    store = ObjectStore(tmp_path)
    stored = store.put(make())
    other, handout = store.hand_out(stored), store.hand_out(stored)
    assert not handout.changed()
    change(handout.value)
    assert handout.changed()
    assert not other.changed()
    assert equal(other.value, make())
    assert equal(store.load(stored), make())


@pytest.mark.parametrize(("make", "read"), READS)
def test_reading_is_no_change(
    tmp_path: Path, make: Callable[[], Any], read: Callable[[Any], Any]
) -> None:
    """Whatever computes with a value without assigning to it leaves it unchanged."""
    store = ObjectStore(tmp_path)
    for handout in (hand_out(make()), store.hand_out(store.put(make()))):
        read(handout.value)
        assert not handout.changed()


@pytest.mark.parametrize("value", [5, "text", None, datetime.date(2024, 1, 1), (1, "a"), len, int])
def test_what_cannot_be_changed_is_handed_out_as_it_is(value: object) -> None:
    """No copy is made of a scalar, a tuple of scalars or code."""
    handout = hand_out(value)
    assert handout.value is value
    assert not handout.changed()


def test_what_cannot_be_copied_is_shared() -> None:
    """A lock has no pickle: the consumer gets the object itself."""
    lock = threading.Lock()
    assert hand_out(lock).value is lock


def test_memory_written_past_pandas_is_noticed(tmp_path: Path) -> None:
    """Even a write through the array below a stored column shows, and reaches nobody."""
    store = ObjectStore(tmp_path)
    stored = store.put(frame())
    handout = store.hand_out(stored)
    handout.value["a"].array[0] = 77.0
    assert handout.changed()
    assert equal(store.load(stored), frame())
