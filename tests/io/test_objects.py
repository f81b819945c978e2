"""The object store: what goes in comes back, once, whole, and as the caller's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dagbook.errors.store import NotLoadable, NotStorable, UnsafePath, ValueLost
from dagbook.io.objects import ObjectStore
from dagbook.io.stored import StoredValue


@pytest.fixture
def store(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects")


def large() -> Any:
    return np.arange(50_000, dtype="i8")


@pytest.mark.parametrize("value", [5, None, "text", b"", 2.5, [1, {2}], {"a": (1,)}, 10**400])
def test_small_values_are_inline_and_make_no_file(store: ObjectStore, value: object) -> None:
    """A small value comes back equal, and its bytes are in the record."""
    stored = store.put(value)
    assert stored.inline is not None
    assert stored.size == len(stored.inline)
    assert store.load(stored) == value
    assert list(store.addresses()) == []


@pytest.mark.parametrize("value", ["x" * 100_000, list(range(50_000)), b"\0" * 70_000])
def test_large_values_are_files(store: ObjectStore, value: object) -> None:
    """A value above the limit is one file, named by its address."""
    stored = store.put(value)
    assert stored.inline is None
    assert list(store.addresses()) == [stored.address]
    assert store.size() == stored.size
    assert store.load(stored) == value


def test_equal_values_are_stored_once(store: ObjectStore) -> None:
    """Putting an equal value again gives the same record and no second file."""
    assert store.put(large()) == store.put(large())
    assert len(list(store.addresses())) == 1


def test_a_value_known_to_be_equal_is_not_written_again(store: ObjectStore) -> None:
    """With a whole `known` the value is not even looked at."""
    known = store.put(large())
    assert store.put(object, known=known) is known


def test_a_known_value_that_was_lost_is_written_again(store: ObjectStore) -> None:
    """Where the known object is gone, the value is put anew."""
    known = store.put(large())
    store.delete(known.address)
    assert store.put(large(), known=known) == known
    assert store.verify(known)


def test_every_load_is_the_callers_own(store: ObjectStore) -> None:
    """A change of a loaded array or frame reaches neither the store nor another consumer."""
    frame = pd.DataFrame({"a": large()})
    for stored in (store.put(large()), store.put(frame)):
        first: Any = store.load(stored)
        other: Any = store.load(stored)
        first[:] = -1
        assert other.sum().sum() == large().sum()
        assert store.verify(stored)


def test_a_missing_object_is_a_lost_value(store: ObjectStore) -> None:
    """Loading what was deleted raises ValueLost, and a look says that it is absent."""
    stored = store.put(large())
    assert store.delete(stored.address) == stored.size
    assert not store.look(stored).exists
    with pytest.raises(ValueLost, match=r"does not exist.*Materialize"):
        store.load(stored)


@pytest.mark.parametrize("damage", [b"\xff", b"", b"longer than it was"])
def test_a_damaged_object_is_never_read(store: ObjectStore, damage: bytes) -> None:
    """Bytes that are not those written are a lost value, and putting the value again heals it."""
    stored = store.put(large())
    data = store.path(stored).read_bytes()
    store.path(stored).write_bytes(data[:100] + damage + data[101:])
    assert not store.look(stored).unchanged
    with pytest.raises(ValueLost, match="not what was written"):
        store.load(stored)
    store.put(large())
    assert store.verify(stored)


def test_a_file_with_another_time_is_verified_once(store: ObjectStore) -> None:
    """A copied store, whose times differ, loads; after the first load it counts as unchanged."""
    stored = replace(store.put(large()), mtime_ns=1)
    assert not store.look(stored).unchanged
    store.load(stored)
    assert store.look(stored).unchanged


def test_an_unpicklable_value_is_refused_by_type(store: ObjectStore) -> None:
    """The error names the type and what pickle said; nothing is left in the folder."""
    with pytest.raises(NotStorable, match=r"builtins\.generator") as caught:
        store.put(number for number in [1])
    assert caught.value.type_name == "builtins.generator"
    assert list(store.addresses()) == []


@pytest.mark.parametrize("mode", ["r", "rb", "w"])
def test_an_open_file_is_refused(store: ObjectStore, tmp_path: Path, mode: str) -> None:
    """Its content is not what it is, and a handle means nothing to another process."""
    path = tmp_path / "x"
    path.write_text("x")
    with open(path, mode) as file, pytest.raises(NotStorable, match="_io"):
        store.put(file)


class Awkward(Exception):
    """Its pickle can be written and not be read: the constructor wants two arguments."""

    def __init__(self, left: int, right: int) -> None:
        super().__init__(f"{left} {right}")


def test_a_value_whose_pickle_cannot_be_read_is_refused_when_put(store: ObjectStore) -> None:
    """It fails while the asset runs, not in a later session."""
    with pytest.raises(NotStorable, match="Awkward"):
        store.put(Awkward(1, 2))


def test_a_path_that_a_newer_python_has_written_is_read(store: ObjectStore) -> None:
    """Python 3.13 says in pickles that its class is in a module that older ones do not have."""
    written = b"dagbook\x01cpathlib._local\nPurePosixPath\n(Va/b\ntR."
    tail = len(written).to_bytes(8, "little") + bytes(8)
    size = len(written + tail)
    stored = StoredValue(address="abcd", format="pickle", size=size, inline=written + tail)
    assert store.load(stored) == PurePosixPath("a/b")


def test_an_unknown_format_is_named(store: ObjectStore) -> None:
    """A record of a format that this version does not have says so."""
    stored = StoredValue(address="abcd", format="future", size=1, inline=b"x")
    with pytest.raises(NotLoadable, match="future"):
        store.load(stored)


@pytest.mark.parametrize("address", ["", "ab", "../../etc/passwd", "ab/cd", "ABCD", "ab\0cd"])
def test_no_address_leaves_the_folder(store: ObjectStore, address: str) -> None:
    """What is no hash is refused before a path is made of it."""
    with pytest.raises(UnsafePath):
        store.delete(address)


def test_a_sweep_keeps_what_is_named_and_what_is_new(store: ObjectStore) -> None:
    """Only objects without a record, and older than the grace, go."""
    kept, loose = store.put(large()), store.put(large()[1:])
    assert store.sweep({kept.address}, grace=3600).objects == 0
    swept = store.sweep({kept.address}, grace=-1)
    assert (swept.objects, swept.bytes) == (1, loose.size)
    assert list(store.addresses()) == [kept.address]


def test_a_file_written_by_an_engine_is_adopted(store: ObjectStore) -> None:
    """A Parquet file at a scratch path becomes an object without being copied."""
    frame = pd.DataFrame({"a": np.random.default_rng(1).random(50_000)})
    with store.scratch(".parquet") as path:
        frame.to_parquet(path)
        stored = store.adopt(path, format="parquet")
        assert not path.exists()
    table: Any = store.load(stored)
    assert table.to_pandas().equals(frame)
    assert sorted(entry.name for entry in store.root.iterdir()) == [".lock", stored.address[:2]]


def test_a_small_adopted_file_is_inline(store: ObjectStore) -> None:
    """A small result of an engine needs no file."""
    with store.scratch() as path:
        pd.DataFrame({"a": [1]}).to_parquet(path)
        stored = store.adopt(path, format="parquet")
    assert stored.inline is not None
    table: Any = store.load(stored)
    assert table.to_pydict() == {"a": [1]}
