"""The grounds of versions: whatever makes a version another one is told at the next look."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from typing import Any

import pytest

from dagbook.definitions.decorators import asset
from dagbook.versions.code import Evaluation
from dagbook.versions.grounds import Grounds
from tests.versions.cells import run_cells

CELLS = """
def body(limit):
    return json, RATE, orders, sum, nobody, TABLE, helper()

def helper():
    return json, deeper()

def deeper():
    return 1
"""


def _space() -> dict[str, Any]:
    space = run_cells(CELLS)
    space.update(json=json, RATE=3, TABLE=[1])
    return space


def _names_orders(name: str) -> bool:
    return name == "orders"


def _names_nothing(name: str) -> bool:
    return False


def _looked(space: dict[str, Any]) -> Grounds[str]:
    grounds: Grounds[str] = Grounds()
    evaluation = Evaluation(_names_orders)
    evaluation.code_version(space["body"])
    assert grounds.put("body", space["body"], evaluation)
    grounds.settle()
    return grounds


def _set(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda space: space.update({name: value})


def _default(space: dict[str, Any]) -> None:
    space["body"].__defaults__ = (1,)


def _code(space: dict[str, Any]) -> None:
    space["body"].__code__ = space["body"].__code__.replace(co_consts=(None, 5))


def _other_code(space: dict[str, Any]) -> None:
    space["body"].__code__ = space["other"].__code__


def _decorated(space: dict[str, Any]) -> None:
    space["orders"] = asset(name="orders")(lambda: 1)


CHANGES = [
    _set("RATE", 4),
    _set("RATE", [3]),
    _set("RATE", True),
    _set("json", 1),
    _set("json", builtins),
    _set("nobody", None),
    _set("sum", 5),
    _set("orders", 6),
    _set("deeper", lambda: 2),
    _code,
    _decorated,
    _default,
    lambda space: space.pop("RATE"),
    lambda space: space["TABLE"].append(2),
    lambda space: space["body"].__dict__.update(limit=2),
    lambda space: space["helper"].__dict__.update(limit=2),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_between_two_looks_is_told(change: Callable[[dict[str, Any]], object]) -> None:
    """Names, values that change in place, helpers of helpers, and the function itself."""
    space = _space()
    grounds = _looked(space)
    change(space)
    assert grounds.moved(Evaluation(_names_orders).web) == {"body"}


@pytest.mark.parametrize(
    "change", [_other_code, _default, lambda s: s["body"].__dict__.update(limit=2)]
)
def test_grounds_of_a_later_session_see_the_function_as_it_is_now(
    change: Callable[[dict[str, Any]], object],
) -> None:
    """What an earlier one found of a function that reads no names holds until that is changed."""
    space = run_cells("def body(limit):\n    return limit, 1\ndef other(limit):\n    return 2\n")
    first, again = [
        Grounds[str]().put("body", space["body"], Evaluation(_names_orders)) for _ in "12"
    ]
    change(space)
    changed = Grounds[str]().put("body", space["body"], Evaluation(_names_orders))
    assert first is not None
    assert first == again != changed


def test_another_set_of_assets_is_told() -> None:
    """A name is an asset no longer."""
    assert _looked(_space()).moved(Evaluation(_names_nothing).web) == {"body"}


def test_nothing_is_told_where_nothing_changed() -> None:
    """Not even that somebody looked at the signature, or set an equal number."""
    space = _space()
    grounds = _looked(space)
    assert space["body"].__annotations__ == {}
    space["RATE"] = int("3")
    assert grounds.moved(Evaluation(_names_orders).web) == set()
    assert grounds.moved(Evaluation(_names_orders).web) == set()


def test_what_was_told_has_no_grounds_until_they_are_put_again() -> None:
    """The next look says nothing of it; whoever asked has to make it anew."""
    space = _space()
    grounds = _looked(space)
    space["RATE"] = 4
    assert grounds.moved(Evaluation(_names_orders).web) == {"body"}
    assert grounds.moved(Evaluation(_names_orders).web) == set()
    evaluation = Evaluation(_names_orders)
    assert grounds.put("body", space["body"], evaluation)
    grounds.settle()
    space["RATE"] = 3
    assert grounds.moved(Evaluation(_names_orders).web) == {"body"}


def test_a_function_that_holds_values_has_no_grounds() -> None:
    """A closure or a default may change in ways that no look at names tells."""
    body: Any = lambda x=1: x  # noqa: E731  # as a default holds it
    assert not Grounds[str]().put("body", body, Evaluation(_names_nothing))


def test_a_builtin_that_comes_or_goes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that becomes a builtin is no longer unbound."""
    grounds = _looked(_space())
    monkeypatch.setattr(builtins, "nobody", 1, raising=False)
    assert grounds.moved(Evaluation(_names_orders).web) == {"body"}
