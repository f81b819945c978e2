"""Formats: whatever goes into the store comes back equal, in type and in every attribute."""

from __future__ import annotations

import datetime
import decimal
import subprocess
import sys
from collections import OrderedDict, defaultdict, namedtuple
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dagbook.io.formats.choice import format_for
from dagbook.io.formats.pickled import PROTOCOL
from dagbook.io.objects import ObjectStore

N = 20_000
Point = namedtuple("Point", "x y")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ObjectStore:
    return ObjectStore(tmp_path_factory.mktemp("objects"), durable=False)


def again(store: ObjectStore, value: Any) -> Any:
    """The value after a trip through the store."""
    return store.load(store.put(value))


def assert_same_frame(left: Any, right: Any) -> None:
    """Equal in values, types, index with its frequency, names, attributes and writability."""
    pd.testing.assert_frame_equal(
        left, right, check_exact=True, check_freq=True, check_flags=True, check_column_type=True
    )
    assert left.attrs == right.attrs
    assert [type(axis) for axis in left.axes] == [type(axis) for axis in right.axes]
    assert left.dtypes.equals(right.dtypes)


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.datetimes()
    | st.fractions()
    | st.complex_numbers(allow_nan=False)
)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=20,
)
LAX = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@LAX
@given(value=plain)
def test_plain_data_come_back_equal(store: ObjectStore, value: Any) -> None:
    """Any nesting of plain values is the same value again, of the same type."""
    back = again(store, value)
    assert back == value
    assert type(back) is type(value)


@LAX
@given(
    array=hnp.arrays(
        hnp.scalar_dtypes() | hnp.byte_string_dtypes() | hnp.unicode_string_dtypes(),
        hnp.array_shapes(max_dims=3, max_side=4),
    ),
    repeat=st.sampled_from([1, 20_000]),
    order=st.sampled_from(["C", "F"]),
)
def test_arrays_come_back_equal(store: ObjectStore, array: Any, repeat: int, order: Any) -> None:
    """Values to the bit, type, byte order, shape and layout; small and large."""
    array = np.asarray(np.repeat(array, repeat, axis=0), order=order)
    back = again(store, array)
    assert type(back) is np.ndarray
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.dtype.byteorder == array.dtype.byteorder
    assert back.tobytes() == array.tobytes()
    assert back.flags.f_contiguous == array.flags.f_contiguous
    assert back.flags.writeable


def readonly() -> Any:
    array = np.arange(N, dtype="f8")
    array.flags.writeable = False
    return array


ARRAYS: dict[str, Any] = {
    "read-only": readonly(),
    "strided": np.arange(4 * N, dtype="f8")[::2],
    "objects": np.array([1, "a", None, {"k": [1]}] * N, dtype=object),
    "records": np.zeros(N, dtype=[("a", "i4"), ("b", "f8", (2,))]),
    "aligned records": np.zeros(N, dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True)),
    "masked": np.ma.masked_equal(np.arange(N), 3),
    "matrix-like": np.arange(N, dtype="f8").reshape(-1, 2).view(np.recarray),
    "with metadata": np.arange(N).astype(np.dtype("i8", metadata={"unit": "m"})),
    "texts": np.array(["a", "bb"] * N, dtype=np.dtypes.StringDType()),
    "scalar": np.array(5.0),
    "empty": np.empty((0, 3)),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_unusual_arrays_come_back_equal(store: ObjectStore, name: str) -> None:
    """What a plain array file would lose is kept."""
    array = ARRAYS[name]
    back = again(store, array)
    assert type(back) is type(array)
    assert back.dtype == array.dtype
    assert back.dtype.metadata == array.dtype.metadata
    assert back.flags.writeable == array.flags.writeable
    assert repr(back.tolist()) == repr(array.tolist())


def frames() -> dict[str, Any]:
    """Frames that other formats change silently, or refuse."""
    days = pd.date_range("2024", periods=N, freq="h", tz="Europe/Berlin", name="hour")
    values = np.arange(N, dtype="f8")
    duplicate = pd.DataFrame(np.zeros((N, 2)), columns=["a", "a"])
    described = pd.DataFrame({"a": values})
    described.attrs = {"unit": "m"}
    return {
        "numbers": pd.DataFrame({"a": values, "b": np.arange(N), "c": values > 3}),
        "texts": pd.DataFrame({"s": ["é", None] * (N // 2)}),
        "frequency": pd.DataFrame({"a": values}, index=days),
        "duplicate columns": duplicate,
        "mixed column": pd.DataFrame({"a": [1, "x", None, 2.5] * (N // 4)}),
        "dicts and sets": pd.DataFrame({"a": [{"k": 1}, {2}] * (N // 2)}),
        "integers and None": pd.DataFrame({"a": pd.Series([1, None] * (N // 2), dtype=object)}),
        "intervals": pd.DataFrame({"a": pd.cut(values, 7)}),
        "complex": pd.DataFrame({"a": values + 1j}),
        "attributes": described,
        "multi-index": pd.DataFrame({"a": values, "k": 1, "l": values}).set_index(["k", "l"]),
        "named columns": pd.DataFrame({"a": values}).rename_axis(columns="field"),
        "numbered columns": pd.DataFrame(np.zeros((N, 3))),
        "nullable": pd.DataFrame({"a": pd.array([1, None] * (N // 2), dtype="Int64")}),
        "categories": pd.DataFrame({"a": pd.Categorical(["x", "y"] * (N // 2), ordered=True)}),
        "arrow types": pd.DataFrame({"a": pd.array([1, None] * (N // 2), dtype="int32[pyarrow]")}),
        "periods": pd.DataFrame({"a": pd.period_range("2024", periods=N, freq="D")}),
        "sparse": pd.DataFrame({"a": pd.arrays.SparseArray([0.0, 1.0] * (N // 2))}),
        "no rows": pd.DataFrame({"a": values, "s": "x"}).head(0),
        "no columns": pd.DataFrame(index=days),
        "coarse times": pd.DataFrame({"a": values.astype("M8[s]"), "b": values.astype("m8[ms]")}),
    }


FRAMES = frames()


@pytest.mark.parametrize("name", FRAMES)
def test_frames_come_back_equal(store: ObjectStore, name: str) -> None:
    """Types, index, frequency, names, attributes and odd cells are as they were."""
    assert_same_frame(again(store, FRAMES[name]), FRAMES[name])


@pytest.mark.parametrize("name", ["numbers", "texts", "frequency", "categories"])
def test_a_reloaded_frame_can_be_written_to(store: ObjectStore, name: str) -> None:
    """A frame on a mapped file takes assignments as one in memory does."""
    expected, back = FRAMES[name].copy(), again(store, FRAMES[name])
    for frame in (expected, back):
        frame.iloc[0, 0] = frame.iloc[1, 0]
        frame["new"] = 1
        frame.index = frame.index[::-1]
    assert_same_frame(back, expected)


TABLES: dict[str, Any] = {
    "polars": pl.DataFrame(
        {"a": range(N), "s": ["é", None] * (N // 2), "b": [True, None] * 10_000}
    ),
    "polars slice": pl.DataFrame({"a": range(2 * N)})[N:],
    "polars times": pl.DataFrame({"t": [datetime.datetime(2024, 1, 1)] * N}).with_columns(
        z=pl.col("t").dt.replace_time_zone("Asia/Tokyo"),
        d=pl.col("t").dt.date(),
        o=pl.col("t").dt.time(),
        u=pl.lit(datetime.timedelta(1)),
    ),
    "polars categories": pl.DataFrame({"c": ["x", "y"] * N}, schema={"c": pl.Categorical}),
    "polars enumeration": pl.DataFrame({"c": ["x", "y"] * N}, schema={"c": pl.Enum(["x", "y"])}),
    "polars nested": pl.DataFrame({"l": [[1, 2], []] * N, "s": [{"a": 1}, {"a": None}] * N}),
    "polars decimals": pl.DataFrame({"d": [decimal.Decimal("1.50")] * N}),
    "polars series": pl.Series("a", range(N)),
    "polars nothing": pl.DataFrame(),
    "arrow": pa.table({"a": range(N), "s": ["é", None] * (N // 2)}).replace_schema_metadata(
        {"unit": "m"}
    ),
    "arrow slice": pa.table({"a": range(2 * N), "s": ["x"] * (2 * N)}).slice(N + 3),
    "arrow nested": pa.table({"l": [[1, 2], None] * N, "s": [{"a": 1}, None] * N}),
    "arrow dictionary": pa.table({"d": pa.array(["x", "y"] * N).dictionary_encode()}),
    "arrow chunks": pa.concat_tables([pa.table({"a": range(N)})] * 3),
    "arrow views": pa.table(
        {"v": pa.array(["x", "long enough for a buffer"] * N, pa.string_view())}
    ),
    "arrow map": pa.table({"m": pa.array([[("k", 1)]] * N, pa.map_(pa.string(), pa.int8()))}),
    "arrow duplicate": pa.Table.from_arrays([pa.array(range(N))] * 2, names=["a", "a"]),
    "arrow batch": pa.record_batch({"a": pa.array(range(N))}),
    "arrow array": pa.array(range(N)),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_come_back_equal(store: ObjectStore, name: str) -> None:
    """Tables of polars and Arrow keep schema, metadata and values."""
    table = TABLES[name]
    back = again(store, table)
    assert type(back) is type(table)
    assert back.equals(table)
    for schema in ("schema", "dtype", "type"):
        assert getattr(back, schema, None) == getattr(table, schema, None)
    metadata = getattr(getattr(table, "schema", None), "metadata", None)
    assert getattr(getattr(back, "schema", None), "metadata", None) == metadata


def test_a_slice_of_a_table_stores_only_what_it_shows(store: ObjectStore) -> None:
    """A thousandth of a large table takes a thousandth of its room."""
    table = pa.table({"a": range(20 * N)}).slice(7, N)
    assert store.put(table).size < 2 * table.nbytes


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (np.arange(N), "npy"),
        (np.arange(10), "pickle"),
        (readonly(), "pickle"),
        (TABLES["polars"], "polars"),
        (TABLES["polars categories"], "pickle"),
        (TABLES["arrow"], "arrow"),
        (TABLES["arrow dictionary"], "pickle"),
        (FRAMES["numbers"], "pickle"),
        ({1: 2}, "pickle"),
    ],
)
def test_the_format_is_chosen_by_what_it_keeps(value: Any, name: str) -> None:
    """A special format only where it is exact and worth a file."""
    assert format_for(value).name == name


@pytest.mark.parametrize(
    "value",
    [
        OrderedDict(b=1, a=2),
        defaultdict(list, a=[1]),
        Point(1, Fraction(1, 3)),
        {1, "a", (2,)},
        bytearray(b"abc" * 50_000),
        [np.arange(N), {"deep": np.ones((N, 2), order="F")}],
        range(5),
        slice(1, 2),
        Ellipsis,
        datetime.UTC,
        PROTOCOL,
    ],
    ids=lambda value: type(value).__name__,
)
def test_objects_of_libraries_come_back_equal(store: ObjectStore, value: Any) -> None:
    """Containers keep their class, order and the types of what they hold."""
    back = again(store, value)
    assert type(back) is type(value)
    assert repr(back) == repr(value)


def test_a_value_that_holds_itself_comes_back(store: ObjectStore) -> None:
    """Cycles and shared parts are kept."""
    value: list[Any] = [[1]]
    value += [value[0], value]
    back = again(store, value)
    assert back[2] is back
    assert back[0] is back[1]


def test_arrays_within_a_value_lie_on_the_file(store: ObjectStore) -> None:
    """Large arrays in a dictionary are not copied when it is read, and can be written to."""
    back = again(store, {"weights": np.zeros(200_000)})
    assert not back["weights"].flags.owndata
    back["weights"][0] = 1
    assert again(store, {"weights": np.zeros(200_000)})["weights"][0] == 0


def test_classes_and_functions_of_the_notebook_are_kept_with_their_code(tmp_path: Path) -> None:
    """Another process, which never ran the defining cell, reads the value."""
    write = (
        "import pickle, sys; from pathlib import Path; from dagbook.io.objects import ObjectStore\n"
        "class Model:\n"
        "    def __init__(self, k): self.k = k\n"
        "    def predict(self, x): return self.k * x\n"
        "stored = ObjectStore(Path(sys.argv[1])).put([Model(3), lambda x: x + 1])\n"
        "sys.stdout.buffer.write(pickle.dumps(stored))\n"
    )
    command = [sys.executable, "-c", write, str(tmp_path)]
    written = subprocess.run(command, capture_output=True, check=True).stdout
    read = (
        "import pickle, sys; from pathlib import Path; from dagbook.io.objects import ObjectStore\n"
        "model, function = ObjectStore(Path(sys.argv[1])).load(pickle.load(sys.stdin.buffer))\n"
        "print(model.predict(2), function(1))\n"
    )
    command = [sys.executable, "-c", read, str(tmp_path)]
    shown = subprocess.run(command, input=written, capture_output=True, check=True).stdout
    assert shown == b"6 2\n"
