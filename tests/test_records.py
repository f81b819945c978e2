"""Our `dataclass` makes what the standard one makes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.records import dataclass

HOW: list[dict[str, Any]] = [
    {"frozen": True, "slots": True, "kw_only": True},
    {"frozen": True, "slots": True},
    {"frozen": True},
    {"slots": True},
    {"eq": False, "kw_only": True},
    {"frozen": True, "slots": True, "eq": False, "repr": False, "weakref_slot": True},
]


def declared(decorate: Callable[[type], type]) -> type[Any]:
    """A class with every kind of field that we use."""

    @decorate
    class Sale:
        item: str
        price: float = 1.5
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", repr=False, compare=False)

    return Sale


def both(how: dict[str, Any]) -> tuple[type[Any], type[Any]]:
    """The same class declared by our decorator, and by the standard one."""
    return declared(dataclass(**how)), declared(dataclasses.dataclass(**how))


@dataclass(frozen=True, slots=True)
class Point:
    """Something that can be pickled, with a value computed from others."""

    x: float
    y: float = 0.0
    norm: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "norm", abs(self.x) + abs(self.y))


@dataclass(frozen=True, slots=True)
class Named(Point):
    """A record that adds a field to those of another."""

    name: str = "origin"

    def __repr__(self) -> str:
        return self.name


@pytest.mark.parametrize("how", HOW, ids=str)
def test_a_class_shows_the_same_signature(how: dict[str, Any]) -> None:
    """Help and completion read the parameters, their types and their defaults."""
    ours, theirs = map(inspect.signature, both(how))
    assert str(ours) == str(theirs)


@pytest.mark.parametrize("how", HOW, ids=str)
def test_equal_records_are_equal_as_by_the_standard_decorator(how: dict[str, Any]) -> None:
    """Equality, order of comparing and hashing follow the same fields."""
    ours, theirs = both(how)
    values: list[dict[str, Any]] = [
        {"item": "a"},
        {"item": "a", "note": "x"},
        {"item": "a", "price": 2.0},
    ]
    answers = [
        [kind(**one) == kind(**other) for one in values for other in values]
        for kind in (ours, theirs)
    ]
    assert answers[0] == answers[1]
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)


@pytest.mark.parametrize("how", HOW, ids=str)
def test_a_record_shows_itself_alike(how: dict[str, Any]) -> None:
    """The text names the class and the fields that are to be shown."""
    shown, expected = (repr(kind(item="a", tags=["new"])) for kind in both(how))
    assert shown == expected or how.get("repr") is False


@pytest.mark.parametrize("how", HOW, ids=str)
def test_fields_can_be_read_and_replaced(how: dict[str, Any]) -> None:
    """What the standard library does with dataclasses works."""
    ours, theirs = both(how)
    changed = dataclasses.replace(ours(item="a", tags=["new"]), price=3.0)
    assert dataclasses.asdict(changed) == {"item": "a", "price": 3.0, "tags": ["new"], "note": ""}
    assert [one.name for one in dataclasses.fields(ours)] == [
        one.name for one in dataclasses.fields(theirs)
    ]


@pytest.mark.parametrize("how", [how for how in HOW if how.get("frozen")], ids=str)
def test_a_frozen_record_cannot_be_changed(how: dict[str, Any]) -> None:
    """Setting and deleting a field raise what the standard library raises."""
    sale = both(how)[0](item="a")
    with pytest.raises(FrozenInstanceError, match="price"):
        sale.price = 2.0
    with pytest.raises(FrozenInstanceError, match="item"):
        del sale.item


def test_a_default_is_made_anew_for_each_record() -> None:
    """Two records do not share a list."""
    ours = both(HOW[0])[0]
    first, second = ours(item="a"), ours(item="a")
    first.tags.append("new")
    assert second.tags == []


@given(x=st.floats(allow_nan=False), y=st.floats(allow_nan=False))
def test_records_travel(x: float, y: float) -> None:
    """A pickled and a copied record equal the one that they come from."""
    for point in (Point(x, y), Named(x, y, "here")):
        assert pickle.loads(pickle.dumps(point)) == point == copy.deepcopy(point)
        assert hash(copy.copy(point)) == hash(point)
        assert point.norm == abs(x) + abs(y)


def test_a_method_of_the_class_stands() -> None:
    """What the class itself defines is not replaced; what it inherits is."""
    assert repr(Named(1.0)) == "origin"
    assert repr(Point(1.0)) == "Point(x=1.0, y=0.0, norm=1.0)"
    assert Named(1.0) != Point(1.0)


def test_what_sets_the_fields_is_there_for_whoever_asks_first() -> None:
    """A subclass may call it before any record was made, and get the plain function."""

    class Reduced(declared(dataclass(frozen=True, slots=True))):  # type: ignore[misc]
        def __init__(self, item: str) -> None:
            super().__init__(item, price=1.0)

    assert Reduced("a").price == 1.0
    assert inspect.isfunction(vars(Reduced.__base__)["__init__"])
