"""What is encoded comes back as it was."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.events.encoding import (
    decode_details,
    decode_error,
    decode_inputs,
    decode_key,
    decode_keys,
    decode_metadata,
    encode_details,
    encode_error,
    encode_inputs,
    encode_key,
    encode_keys,
    encode_metadata,
    storable,
)
from dagbook.events.records import ErrorRecord, InputVersion, Materialization

# Any text, lone surrogates too, as file names have them.
texts = st.text(st.characters(exclude_categories=()))
keys = st.lists(st.text(st.characters(exclude_categories=()), min_size=1), min_size=1).map(AssetKey)
inputs = st.lists(st.builds(InputVersion, texts, keys, texts), max_size=3).map(tuple)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts
names = scalars | st.tuples(scalars, scalars) | st.binary()
plain: st.SearchStrategy[Any] = st.recursive(
    scalars | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(texts, inner)
        | st.dictionaries(names, inner)
        | st.dictionaries(st.sampled_from(["$int", "$tuple", "$dict", "$bytes", "x"]), inner)
    ),
    max_leaves=8,
)
metadata = st.dictionaries(texts, st.builds(MetadataValue, texts, plain), max_size=3)


@given(keys)
def test_keys_come_back(key: AssetKey) -> None:
    """Any key, one with slashes in a part too."""
    assert decode_key(encode_key(key)) == key
    assert decode_keys(encode_keys([key, key])) == (key, key)
    assert encode_key(key).isascii()


@given(keys, keys)
def test_different_keys_have_different_texts(one: AssetKey, other: AssetKey) -> None:
    """The text of a key can stand for it in a table."""
    assert (encode_key(one) == encode_key(other)) == (one == other)


def test_a_usual_key_is_written_as_people_do() -> None:
    """So that a person who opens the store can read it."""
    assert encode_key(AssetKey(["raw", "flights"])) == "raw/flights"


@given(inputs)
def test_inputs_come_back(value: tuple[InputVersion, ...]) -> None:
    """Names, keys and data versions, in their order."""
    assert decode_inputs(encode_inputs(value)) == value


@given(metadata)
def test_metadata_comes_back(value: dict[str, MetadataValue]) -> None:
    """Every plain value with its type: tuples, bytes, large numbers, dictionaries with any keys."""
    back = decode_metadata(encode_metadata(value))
    assert back == value
    assert repr(back) == repr(value)


@given(inputs, st.dictionaries(texts, texts, max_size=2), metadata)
def test_details_come_back(
    read: tuple[InputVersion, ...], others: dict[str, str], said: dict[str, MetadataValue]
) -> None:
    """Inputs, others and metadata of a materialization, in one text."""
    one = Materialization(
        id="1",
        key=AssetKey("a"),
        run_id="r",
        time=1.0,
        duration=0.0,
        code_version="c",
        data_version="d",
        fingerprint="f",
        inputs=read,
        others=others,
        metadata=said,
    )
    assert decode_details(encode_details(one)) == (read, others, said)


@given(
    st.builds(ErrorRecord, type=texts, message=texts, traceback=texts, code_version=texts)
    | st.none()
)
def test_errors_come_back(error: ErrorRecord | None) -> None:
    """Type, message and traceback, or that there was none."""
    assert decode_error(encode_error(error)) == error


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_without_a_value_come_back(number: float) -> None:
    """NaN and the infinities stay what they are."""
    back = decode_metadata(encode_metadata({"x": MetadataValue.float(number)}))
    assert repr(back["x"].value) == repr(number)


@pytest.mark.parametrize(
    "number", [10**5_000, -(10**5_000), 10**4_000, 10**4_000 - 1], ids=int.bit_length
)
def test_huge_integers_come_back(number: int) -> None:
    """Also those that Python refuses to write as decimals."""
    back = decode_metadata(encode_metadata({"x": MetadataValue.int(number)}))
    assert back["x"].value == number


def test_a_table_comes_back() -> None:
    """With its columns and rows as tuples."""
    said = {"head": MetadataValue.rows(["n", "x"], [[1, None], [2, "a"]])}
    assert decode_metadata(encode_metadata(said)) == said


def test_what_is_not_plain_is_kept_as_text() -> None:
    """An object of some class, in whatever place, shows as its text."""
    said = {"x": MetadataValue.json([{1, 2}, {"z": 1j}])}
    assert decode_metadata(encode_metadata(said))["x"].value == ["{1, 2}", {"z": "1j"}]


def test_what_contains_itself_is_cut() -> None:
    """A list within itself does not hang the run."""
    loop: list[Any] = [1]
    loop += [loop, loop]
    said = {"x": MetadataValue.json(loop)}
    assert decode_metadata(encode_metadata(said))["x"].value == [1, "…", "…"]


@given(texts)
def test_storable_text_can_be_stored(text: str) -> None:
    """No text is refused, and usual text is untouched."""
    storable(text).encode()
    assert storable("größe") == "größe"
