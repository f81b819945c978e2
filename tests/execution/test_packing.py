"""What travels to worker processes, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dagbook.execution.packing import LARGE, Packer, unpack


def reading(value: Any) -> Callable[[], Any]:
    """A function as a cell makes it, which reads a global."""
    namespace = {"__name__": "__main__", "GLOBAL": value}
    exec("def body():\n    return GLOBAL", namespace)
    body: Callable[[], Any] = namespace["body"]
    return body


@pytest.mark.parametrize(
    "value",
    [
        np.arange(LARGE),
        pd.DataFrame({"n": range(LARGE)}),
        pd.Series(range(LARGE)),
        pl.DataFrame({"n": range(LARGE)}),
        pa.table({"n": range(LARGE)}),
    ],
    ids=lambda value: f"{type(value).__module__.split('.')[0]} {type(value).__name__}",
)
def test_a_large_value_is_packed_once(value: Any) -> None:
    """A hundred functions that read it are small, and each gets an equal copy of its own."""
    packer = Packer()
    packs = [packer.pack(reading(value)) for _ in range(100)]
    first, second = [unpack(data)[0]() for data in packs[:2]]
    packer.close()
    assert max(map(len, packs)) < 2_000
    assert str(first) == str(second) == str(value)
    assert first is not second


def test_what_one_body_does_to_its_copy_stays_there() -> None:
    """The next unpacking gives the value as it was packed."""
    packer = Packer()
    data = packer.pack(reading(np.zeros(LARGE)))
    unpack(data)[0]()[:] = 1
    assert unpack(data)[0]().sum() == 0
    packer.close()


@pytest.mark.parametrize("value", [np.arange(10), np.float64(1), [1] * LARGE, "x" * LARGE, np])
def test_everything_else_travels_with_its_function(value: Any) -> None:
    """Small values, modules and plain objects need no file."""
    packer = Packer()
    data = packer.pack(reading(value))
    packer.close()
    assert str(unpack(data)[0]()) == str(value)


def test_the_files_end_with_the_run() -> None:
    """Nothing is left of what a run shared."""
    packer = Packer()
    data = packer.pack(reading(np.zeros(LARGE)))
    packer.close()
    with pytest.raises(FileNotFoundError):
        unpack(data)
