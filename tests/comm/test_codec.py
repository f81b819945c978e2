"""Messages and JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.comm.codec import decode, encode
from dagbook.comm.messages import (
    AssetState,
    Attach,
    CheckState,
    FromKernel,
    MadeWith,
    Materialize,
    Outdated,
    State,
    ToKernel,
)
from dagbook.errors import DagbookError
from dagbook.errors.comm import BadMessage

STATE = State(
    number=3,
    whole=True,
    assets=(
        AssetState(
            key="orders",
            state="stale",
            why="code changed",
            flags=("pinned",),
            seconds=1.5,
            checks=(CheckState(name="rows", verdict="failed", note=""),),
            inputs=("raw",),
        ),
    ),
    cells=(),
    goneassets=(),
    gonecells=("a",),
    outdated=(Outdated(cell="one", earlier=("a",), stale=()),),
    madewith=(MadeWith(cell="one", assets=("a",), versions=("1",)),),
    runs=(),
)


def test_a_message_comes_back_as_it_was() -> None:
    """What is encoded, sent as JSON and decoded is the same message."""
    assert decode(FromKernel, json.loads(json.dumps(encode(STATE)))) == STATE


@given(st.text(), st.lists(st.text()))
def test_every_text_survives(request: str, assets: list[str]) -> None:
    """Names of any characters come back as they were."""
    message = Materialize(request=request, assets=tuple(assets), reach="this")
    assert decode(ToKernel, encode(message)) == message


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"type": "shutdown"}, "type"),
        ({"type": None}, "type"),
        ({"protocol": "1"}, "attach.protocol"),
        ({"protocol": True}, "attach.protocol"),
        ({"version": None}, "attach.version"),
        ({"more": 1}, "attach.more"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], place: str) -> None:
    """A message of another shape is refused, with the place."""
    good = encode(Attach(request="1", protocol=1, version="0", madewith=(), stale=()))
    with pytest.raises(BadMessage) as raised:
        decode(ToKernel, {**good, **change})
    assert raised.value.place == place


@pytest.mark.parametrize("reach", ["", "everything", 1, None, ["this"]])
def test_a_word_is_one_of_its_words(reach: object) -> None:
    """A field of few words takes no other."""
    told = {"type": "materialize", "request": "1", "assets": [], "reach": reach}
    with pytest.raises(BadMessage, match="this or upstream or stale"):
        decode(ToKernel, told)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_nothing_but_a_message_is_a_message(data: object) -> None:
    """Whatever a page sends, it is understood or refused in our words."""
    with pytest.raises(DagbookError):
        decode(ToKernel, data)


def test_a_missing_field_is_named() -> None:
    """A message without one of its fields is refused."""
    with pytest.raises(BadMessage, match=r"nothing in `cancel\.request`"):
        decode(ToKernel, {"type": "cancel"})
