"""Versions that are remembered from look to look: the same as those of a first look, and never old."""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable
from typing import Any

import pytest

from dagbook.definitions.decorators import asset
from dagbook.versions.code import Evaluation
from dagbook.versions.remembered import Remembered
from tests.versions.cells import run_cells

CELLS = """
def body():
    return json, RATE, orders, sum, nobody
"""


def _space() -> dict[str, Any]:
    space = run_cells(CELLS)
    space.update(json=json, RATE=3)
    return space


def _names_orders(name: str) -> bool:
    return name == "orders"


def _names_nothing(name: str) -> bool:
    return False


def _set(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda space: space.update({name: value})


def _default(space: dict[str, Any]) -> None:
    space["body"].__defaults__ = (1,)
    space["body"].__code__ = (lambda x: x).__code__


def _decorated(space: dict[str, Any]) -> None:
    def orders() -> int:
        return 1

    space["orders"] = asset(orders)


CHANGES = [
    _set("RATE", 4),
    _set("RATE", [3]),
    _set("RATE", True),
    _set("json", 1),
    _set("json", builtins),
    _set("nobody", None),
    _set("sum", 5),
    _set("orders", 6),
    _decorated,
    _default,
    lambda space: space.pop("RATE"),
    lambda space: space["body"].__dict__.update(limit=2),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_asset", [_names_orders, _names_nothing])
def test_what_changes_between_two_looks_is_seen(
    change: Callable[[dict[str, Any]], object], is_asset: Callable[[str], bool]
) -> None:
    """The version after a change is that of a look that remembers nothing."""
    space, remembered = _space(), Remembered()
    for looks in (_names_orders, is_asset):
        Evaluation(looks, remembered=remembered).code_version(space["body"])
    change(space)
    found = Evaluation(is_asset, remembered=remembered).code_version(space["body"])
    anew = Evaluation(is_asset).code_version(space["body"])
    assert (found, found.notes, found.parts) == (anew, anew.notes, anew.parts)


def test_a_body_that_did_not_change_keeps_its_version() -> None:
    """A second look gives the very version of the first; other options give another one."""
    body, remembered = _space()["body"], Remembered()
    options = [{}, {"a": "1"}]
    first, second = (
        [
            Evaluation(_names_orders, remembered=remembered).code_version(body, options=one)
            for one in options[number:] + options[:number]
        ]
        for number in (0, 1)
    )
    assert first[1] is second[0]
    assert first[0] == second[1] != second[0]


def test_a_body_that_reads_what_can_change_in_place_is_looked_at_again() -> None:
    """A list that grows is seen, although it stays the same object."""
    space, remembered = _space(), Remembered()
    space["RATE"] = [3]
    before = Evaluation(_names_orders, remembered=remembered).code_version(space["body"])
    space["RATE"].append(4)
    after = Evaluation(_names_orders, remembered=remembered).code_version(space["body"])
    assert before != after


def test_a_builtin_that_comes_or_goes_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that becomes a builtin is no longer unbound."""
    body, remembered = _space()["body"], Remembered()
    before = Evaluation(_names_orders, remembered=remembered).code_version(body)
    monkeypatch.setattr(builtins, "nobody", 1, raising=False)
    assert Evaluation(_names_orders, remembered=remembered).code_version(body) != before
