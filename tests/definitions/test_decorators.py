"""What decorators make of functions, and what they refuse."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from dagbook.definitions.decorators import AssetIn, asset, asset_check
from dagbook.definitions.graph_decorators import graph_asset
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.op_decorators import op
from dagbook.definitions.results import NO_VALUE, MaterializeResult, Output
from dagbook.definitions.specs import AssetDep, AssetSpec
from dagbook.errors.definitions import (
    DefinitionError,
    InvalidDefinition,
    InvalidName,
    NotAFunction,
)


def body() -> int:
    """Gives one."""
    return 1


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({}, "body"),
        ({"name": "n"}, "n"),
        ({"key": "k"}, "k"),
        ({"key": ["a", "b"]}, "a/b"),
        ({"key_prefix": "p"}, "p/body"),
        ({"key_prefix": ["p", "q"], "name": "n"}, "p/q/n"),
    ],
)
def test_keys(options: dict[str, Any], key: str) -> None:
    """From the function's name, a name, a prefix, or a whole key."""
    assert str(asset(**options)(body).key) == key


@pytest.mark.parametrize(
    "options",
    [
        {"name": "a-b"},
        {"name": "a/b"},
        {"name": ""},
        {"name": "ä"},
        {"key": "a/b"},
        {"key": []},
        {"key_prefix": ["p", ""]},
        {"key_prefix": ".."},
        {"name": "a\n"},
        {"name": "a\0"},
    ],
)
def test_names_that_are_refused(options: dict[str, Any]) -> None:
    """Only letters, digits and underscores; a slash does not split."""
    with pytest.raises(InvalidName):
        asset(**options)(body)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"key": "k", "name": "n"}, "`key` already says"),
        ({"key": "k", "key_prefix": "p"}, "`key` already says"),
        ({"deps": "abc"}, "is a bare string"),
        ({"tags": {"a/b/c": "x"}}, "tag key 'a/b/c'"),
        ({"tags": {"a": 1}}, "not text"),
        ({"owners": ["me"]}, "neither an e-mail address"),
    ],
)
def test_declarations_that_are_refused(options: dict[str, Any], problem: str) -> None:
    """The error names the asset and what to do."""
    with pytest.raises(InvalidDefinition, match=problem):
        asset(**options)(body)


def test_deps_take_all_forms_and_merge() -> None:
    """Names, paths, keys, specs and definitions."""
    other = asset(name="e")(body)
    deps = ["a", ["b", "c"], AssetKey("d"), other, AssetSpec(AssetKey("f")), AssetDep("a")]
    found = asset(deps=deps)(body).specs[0].deps
    assert [str(key) for key in found] == ["a", "b/c", "d", "e", "f"]


def test_parameters_are_inputs_and_the_first_may_be_the_context() -> None:
    """Defaults make an input optional."""

    def f(context: object, a: int, b: int = 2, *, c: int = 3) -> int:
        return a + b + c

    op = asset(f).op
    assert (op.takes_context, [p.name for p in op.ins]) == (True, ["a", "b", "c"])
    assert [p.default for p in op.ins] == [NO_VALUE, 2, 3]


def test_open_parameters_are_refused() -> None:
    """`*args` has no names to find assets by."""
    with pytest.raises(InvalidDefinition, match=r"\*args"):
        asset(name="a")(lambda *args: args)


def test_the_description_is_the_docstring() -> None:
    """Unless one is given."""
    assert asset(body).specs[0].description == "Gives one."
    assert asset(description="Mine.")(body).specs[0].description == "Mine."


def test_an_asset_is_called_like_its_function() -> None:
    """Records are unwrapped."""
    assert asset(name="a")(lambda x: x + 1)(2) == 3
    assert asset(name="a")(lambda: Output(4))() == 4
    assert asset(name="a")(lambda: MaterializeResult(value=5))() == 5


def test_inputs_can_be_renamed() -> None:
    """By another key, or by a prefix."""
    made = asset(name="a", ins={"x": AssetIn("b"), "y": AssetIn(key_prefix="p")})(lambda x, y: x)
    assert {name: str(key) for name, key in made.ins.items()} == {"x": "b", "y": "p/y"}


@pytest.mark.parametrize(
    ("options", "ins"),
    [
        ({"asset": "orders"}, {"df": "orders"}),
        ({"asset": AssetKey(["raw", "orders"])}, {"df": "raw/orders"}),
        ({}, {"df": "df"}),
    ],
)
def test_a_checks_only_parameter_is_its_asset(options: dict[str, Any], ins: dict[str, str]) -> None:
    """Whatever it is called; without `asset` its name says which."""
    made = asset_check(name="c", **options)(lambda df: True)
    assert {name: str(key) for name, key in made.ins.items()} == ins


def test_a_checks_other_parameters_must_be_declared() -> None:
    """Otherwise it is not known where they come from."""
    with pytest.raises(InvalidDefinition, match="additional_ins"):
        asset_check(asset="a", name="c")(lambda a, b: True)


def test_a_check_without_asset_and_parameter_is_refused() -> None:
    """There is nothing to judge."""
    with pytest.raises(DefinitionError):
        asset_check(name="c")(lambda: True)


def test_keys_travel_and_say_what_they_are() -> None:
    """Pickled, shown and split."""
    key = AssetKey(["a", "b"])
    assert pickle.loads(pickle.dumps(key)) == key
    assert (repr(key), str(AssetCheckKey(key, "c"))) == ("AssetKey(['a', 'b'])", "a/b.c")
    assert AssetKey.from_user_string("a/b") == key != AssetKey("a/b")
    assert pickle.loads(pickle.dumps(NO_VALUE)) is NO_VALUE


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "bool"),
        (1, "int"),
        (1.5, "float"),
        (None, "null"),
        ("x", "text"),
        ([1], "json"),
        ({"a": 1}, "json"),
        (object(), "text"),
    ],
)
def test_metadata_by_type(value: object, kind: str) -> None:
    """A bool is no number."""
    assert MetadataValue.of(value).kind == kind


@pytest.mark.parametrize("decorator", [asset, op, graph_asset, asset_check(asset="a")])
def test_what_is_no_function_is_told_what_to_write(decorator: Any) -> None:
    """With the class of what was given."""
    with pytest.raises(NotAFunction, match="not of the class `int`: write `@asset` above a `def`"):
        decorator(3)
