"""Data versions: equal for equal content, different for different content."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import os
import pathlib
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dagbook.versions.data import data_version
from tests.versions import plots


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0


class Plain:
    def __init__(self, value: object) -> None:
        self.value = value


class Unreadable:
    def __reduce__(self) -> Any:
        raise RuntimeError("no")


Named = collections.namedtuple("Named", "a b")
_TEXTS = pd.Series(["a", None, "b"], dtype=object)

# Within a row all are different from one another; across rows too.
FAMILIES: dict[str, list[Any]] = {
    "scalars": [0, 1, -1, 10**500, True, False, None, 0.0, -0.0, 1.0, 1e308, float("nan"), 1j],
    "texts": ["", "1", "a", "\ud800", "é", "e\u0301", b"", b"a", bytearray(b"a"), ...],
    "lists": [[], [1], [1, 2], [2, 1], [[1], 2], [1, [2]], [None], [[]], ["1"], [1.0], [True]],
    "tuples": [(), (1,), (1, 2), ((1,), 2), Named(1, 2), Named(2, 1)],
    "long": [list(range(20)), list(map(float, range(20))), list(map(str, range(20)))],
    "dicts": [{}, {"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2, "a": 1}, {1: "a"}],
    "sets": [set(), {1}, {1, 2}, frozenset({1, 2}), {"a", "b"}, {(1, 2)}],
    "library": [
        datetime.date(2026, 1, 1),
        datetime.datetime(2026, 1, 1),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        datetime.timedelta(1),
        decimal.Decimal("1.0"),
        decimal.Decimal("1.00"),
        pathlib.Path("a"),
        range(3),
        collections.Counter("a"),
        collections.OrderedDict(a=1),
        collections.defaultdict(list, a=1),
        collections.deque([1]),
    ],
    "shaped": [Colour.RED, Colour.BLUE, Point(1), Point(1, 1), Point(2)],
    "arrays": [
        np.arange(4),
        np.arange(4.0),
        np.arange(4, dtype="int32"),
        np.arange(4).reshape(2, 2),
        np.array([0.0]),
        np.array([-0.0]),
        np.array([np.nan]),
        np.array(0.0),
        np.float64(0),
        np.int64(0),
        np.array(["a", None], dtype=object),
        np.array([("a", 1)], dtype=[("s", "U1"), ("n", "i4")]),
        np.array(["2026-01-01"], dtype="M8[D]"),
        np.ma.masked_array([1, 2], [True, False]),
    ],
    "frames": [
        pd.DataFrame(),
        pd.DataFrame({"a": [1, 2]}),
        pd.DataFrame({"b": [1, 2]}),
        pd.DataFrame({"a": [1, 2]}, index=[1, 0]),
        pd.DataFrame({"a": [1, 2]}, index=pd.Index([0, 1], name="i")),
        pd.DataFrame({"a": [1.0, 2.0]}),
        pd.DataFrame({"a": [1, 2]}, dtype="Int64"),
        pd.DataFrame({"a": [1, None]}, dtype="Int64"),
        pd.DataFrame({"a": [1, 2], "b": [3, 4]}),
        pd.DataFrame({"b": [3, 4], "a": [1, 2]}),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame({"a": ["x", "y"]}),
        pd.DataFrame({"a": ["x", None]}),
        pd.DataFrame({"a": ["xy", ""]}),
        pd.DataFrame({"a": pd.Categorical(["x", "y"])}),
        pd.DataFrame({"a": pd.Categorical(["x", "y"], ordered=True)}),
        pd.DataFrame({"a": pd.date_range("2026-01-01", periods=2)}),
        pd.DataFrame({"a": pd.date_range("2026-01-01", periods=2, tz="UTC")}),
        pd.DataFrame({"a": pd.interval_range(0, 2)}),
        pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}),
        pd.DataFrame({"a": pd.array(["x"], dtype="string")}),
    ],
    "series": [
        pd.Series([1, 2]),
        pd.Series([1, 2], name="a"),
        pd.Series([1, None], dtype=object),
        pd.Series([1, np.nan], dtype=object),
        _TEXTS,
        _TEXTS.where(_TEXTS.notna(), np.nan),
        pd.Series(["a", 1.0, "b"], dtype=object),
        pd.Index([1, 2]),
        pd.RangeIndex(2),
        pd.MultiIndex.from_tuples([(1, "a")]),
        pd.date_range("2026-01-01", periods=3),
        pd.date_range("2026-01-01", periods=3)._with_freq(None),
    ],
    "arrow": [
        pa.table({"a": [1, 2]}),
        pa.table({"a": pa.array([1, 2], pa.int32())}),
        pa.table({"a": ["x", None]}),
        pa.table({"a": ["x", ""]}),
        pa.table({"a": [[1], [2, 3]]}),
        pa.table({"a": [[1, 2], [3]]}),
        pa.table({"a": [{"b": 1}]}),
        pa.table({"a": [True, None]}),
        pa.table({"a": [0.0, None]}),
        pa.table({"a": pa.nulls(2)}),
        pa.table({"a": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}),
        pa.array([1, 2]),
    ],
    "polars": [
        pl.DataFrame({"a": [1, 2]}),
        pl.DataFrame({"a": ["x", None]}),
        pl.DataFrame({"a": [1, 2]}, schema={"a": pl.Int32}),
        pl.Series("a", [1, 2]),
        pl.DataFrame({"a": [[1], [2]]}),
        pl.DataFrame({"a": ["x", "y"]}, schema={"a": pl.Categorical}),
    ],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_values_that_differ_have_versions_that_differ(family: str) -> None:
    """Type, order, shape and content all show."""
    values = FAMILIES[family]
    digests = {data_version(value).digest: value for value in values}

    assert len(digests) == len(values)


def test_no_two_values_of_different_families_share_a_version() -> None:
    """The families do not overlap."""
    values = [value for family in FAMILIES.values() for value in family]

    assert len({data_version(value).digest for value in values}) == len(values)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_content_has_the_same_strong_version(family: str) -> None:
    """A second look gives the same digest, and no pickle was needed."""
    for value in FAMILIES[family]:
        version = data_version(value)
        assert version == data_version(value)
        assert not version.weak, value


FRAME = pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"], "c": [0.5, np.nan, 1.5]})
TABLE = pa.Table.from_pandas(FRAME, preserve_index=False)
ALIKE: dict[str, tuple[Any, Any]] = {
    "order of a set": (set("abcdef"), set("fedcba")),
    "nan of another sign": (np.array([np.nan]), np.array([-np.nan])),
    "float nan": (float("nan"), -float("nan")),
    "memory order": (np.arange(6).reshape(2, 3), np.asfortranarray(np.arange(6).reshape(2, 3))),
    "strides": (np.arange(10)[::2], np.arange(0, 10, 2)),
    "frame in pieces": (FRAME, pd.concat([FRAME.iloc[:1], FRAME.iloc[1:]])),
    "filtered": (FRAME.head(2), FRAME[FRAME.a < 3]),
    "chunks": (TABLE, pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])),
    "slice": (TABLE.slice(1, 2), TABLE.take([1, 2])),
    "polars chunks": (pl.concat([pl.DataFrame({"a": ["x"]})] * 2), pl.DataFrame({"a": ["x", "x"]})),
    "shared parts": ([[1, 2]] * 2, [[1, 2], [1, 2]]),
    "interned texts": (["ab"] * 20, ["".join(["a", "b"]) for _ in range(20)]),
    "dictionary of arrow": (
        pa.array(["a", "b"]).dictionary_encode(),
        pa.DictionaryArray.from_arrays(pa.array([1, 0]), ["b", "a"]).cast(
            pa.dictionary(pa.int32(), pa.string())
        ),
    ),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE)
def test_how_content_is_stored_does_not_show(one: Any, other: Any) -> None:
    """Chunks, strides, sharing and the order of sets are not content."""
    assert data_version(one) == data_version(other)


def test_what_stands_under_a_null_is_not_content() -> None:
    """The bytes of a missing value do not count."""
    mask = pa.py_buffer(b"\x01")
    one, other = (
        pa.Array.from_buffers(pa.int64(), 2, [mask, pa.py_buffer(np.array([1, n]).tobytes())])
        for n in (2, 3)
    )

    assert data_version(one) == data_version(other)


def test_an_object_known_by_its_pickle_is_weak() -> None:
    """The version of an object without known content says so, and names its class."""
    version = data_version(Plain([1]))

    assert version.weak
    assert "pickle" in version.reason
    assert version == data_version(Plain([1]))
    assert version.digest != data_version(Plain([2])).digest


def test_what_cannot_be_pickled_has_a_new_version_every_time() -> None:
    """Nothing below such a value is ever fresh on its account."""
    value = [Unreadable()]

    assert data_version(value).weak
    assert data_version(value) != data_version(value)


def test_the_classes_of_instances_are_named() -> None:
    """Who reads the value reads their code, so the version tells which they are."""
    version = data_version({"a": [Point(1)], "b": Colour.RED})

    assert {name.rpartition(":")[2] for name in version.named} == {"Point", "Colour"}


def test_a_list_that_holds_itself_has_a_version() -> None:
    """Rings end."""
    ring: list[Any] = [1]
    ring.append(ring)

    assert data_version(ring) == data_version(ring)


def test_shared_parts_are_written_once() -> None:
    """Sharing without end does not cost without end."""
    value: list[Any] = []
    for _ in range(100):
        value = [value, value]

    assert not data_version(value).weak


_SCRIPT = """
from dagbook.versions.data import data_version
class C:
    def __init__(self): self.names = {"a", "b", "c", "d"}
C.__module__ = "elsewhere"
import sys, types; sys.modules["elsewhere"] = types.SimpleNamespace(C=C)
for value in ({"a", "b", "c"}, [frozenset("abc")], {"k": {("x", 1), ("y", 2)}}, C()):
    print(data_version(value).digest)
"""


def test_the_hash_seed_does_not_show() -> None:
    """Processes with different hash seeds agree, also on what is pickled."""
    seen = set()
    for seed in range(3):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT], env=environment, capture_output=True, check=True
        )
        seen.add(done.stdout)

    assert len(seen) == 1


def test_a_plot_has_one_version_in_every_process() -> None:
    """Under any hash seed, wherever it lies in memory, however many figures were open before."""
    seen = set()
    for number in range(3):
        environment = {**os.environ, "PYTHONHASHSEED": str(number), "PYTHONPATH": os.getcwd()}
        command = [sys.executable, "-m", "tests.versions.plots", str(number)]
        done = subprocess.run(command, env=environment, capture_output=True, check=True)
        seen.add(done.stdout)

    assert len(seen) == 1
    assert len(set(seen.pop().split())) == len(plots.KINDS)


@pytest.mark.parametrize("kind", plots.KINDS)
def test_a_plot_of_other_data_has_another_version(kind: plots.Plot) -> None:
    """By any amount, also where nothing of it is seen."""
    assert plots.version(kind, 1e-9) != plots.version(kind) == plots.version(kind)


def test_scalars_load_no_package() -> None:
    """NumPy, pandas, polars and Arrow are imported only when a value of theirs is met."""
    script = (
        "import sys; from dagbook.versions.data import data_version as v; v(1); v([{'a': {1}}]);"
        "print(sorted({'numpy', 'pandas', 'polars', 'pyarrow', 'duckdb'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
