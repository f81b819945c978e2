"""Versions of results whose rows have no order."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dagbook.versions.rows import MultisetVersion, multiset_version

TABLE = pa.table({"a": [1, 2, 2, None], "b": ["x", "y", "y", None], "c": [0.5, 1.5, 1.5, None]})


def test_the_order_of_rows_does_not_count() -> None:
    """Any permutation of the rows has the same version."""
    assert multiset_version(TABLE.take([3, 1, 0, 2])) == multiset_version(TABLE)


def test_batches_add_up() -> None:
    """The version of a stream is that of the whole."""
    adding = MultisetVersion(TABLE.schema)
    for batch in TABLE.to_batches(max_chunksize=1):
        adding.add(batch)

    assert adding.version == multiset_version(TABLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": [1, 1]}, {"a": [2, 2]}),
        ({"a": [1, 1, 2]}, {"a": [1, 2, 2]}),
        ({"a": [1]}, {"a": [1, 1]}),
        ({"a": [1]}, {"b": [1]}),
        ({"a": [0.0]}, {"a": [-0.0]}),
        ({"a": [None]}, {"a": [0]}),
        ({"a": [1, 2], "b": [2, 1]}, {"a": [1, 2], "b": [1, 2]}),
        ({"a": [1], "b": [2]}, {"a": [2], "b": [1]}),
        ({"a": pa.array([1], pa.int32())}, {"a": pa.array([1], pa.int64())}),
        ({"a": [[1, 2]]}, {"a": [[2, 1]]}),
        ({"a": ["x", "x"]}, {"a": []}),
    ],
)
def test_rows_that_differ_show(one: dict[str, object], other: dict[str, object]) -> None:
    """How often a row occurs counts, as do names, types and the sign of zero."""
    assert multiset_version(pa.table(one)) != multiset_version(pa.table(other))


def test_every_nan_is_one() -> None:
    """Not-a-numbers of any sign are equal."""
    one, other = (pa.table({"a": pa.array([float(text)])}) for text in ("nan", "-nan"))

    assert multiset_version(one) == multiset_version(other)


def test_types_that_duckdb_does_not_take_have_a_version() -> None:
    """A column of half floats is added up without DuckDB."""
    table = pa.table({"a": pa.array([1.5, 2.5], pa.float16())})

    assert multiset_version(table) == multiset_version(table.take([1, 0]))
    assert multiset_version(table) != multiset_version(table.slice(1))
