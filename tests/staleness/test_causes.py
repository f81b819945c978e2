"""Each reason for not being fresh is one predicate on the facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dagbook.definitions.assets import Upkeep
from dagbook.definitions.keys import AssetKey
from dagbook.events.records import InputVersion, Materialization
from dagbook.staleness.causes import (
    DependenciesChanged,
    Facts,
    ModuleNotReloaded,
    UpstreamStale,
    causes_of,
)
from dagbook.versions.code import Evaluation

A, B, C = AssetKey("a"), AssetKey("b"), AssetKey("c")
RECORD = Materialization(
    id="m",
    key=AssetKey("r"),
    run_id="run",
    time=100.0,
    duration=0.0,
    code_version="c1",
    data_version="d1",
    fingerprint="f1",
    inputs=(InputVersion("a", A, "v1"),),
    others={"file x": "h1"},
)
FRESH = Facts(
    record=RECORD,
    upkeep=Upkeep(),
    code=Evaluation(lambda name: False).code_version(lambda: 1),
    code_version="c1",
    declared=False,
    inputs=(InputVersion("a", A, "v1"),),
    upstream=None,
    others={"file x": "h1"},
    lost=False,
    now=200.0,
)
UNOBSERVED = "unobserved"
OPEN_ENDED = Evaluation(lambda name: False).code_version(lambda: eval("1"))


def test_inputs_that_changed_places_are_said_to_have_done_so() -> None:
    """There is none to be named."""
    assert str(DependenciesChanged((), ())) == "inputs or outputs rearranged"


def test_what_agrees_has_no_cause() -> None:
    """No predicate holds."""
    assert causes_of(FRESH) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lost": True}, "value lost"),
        ({"code_version": "c2"}, "code changed"),
        (
            {"inputs": (InputVersion("b", B, "v1"),)},
            "depends on b in place of a, with the same data",
        ),
        ({"inputs": (InputVersion("b", B, "v2"),)}, "depends on b in place of a, with other data"),
        (
            {"inputs": (InputVersion("b", B, "v1"), InputVersion("c", C, "v1"))},
            "dependencies changed (+b, +c, -a)",
        ),
        (
            {"inputs": (InputVersion("a", B, "v2"), InputVersion("c", C, "v1"))},
            "depends on b in place of a, with other data; dependencies changed (+c)",
        ),
        ({"inputs": ()}, "dependencies changed (-a)"),
        ({"inputs": (InputVersion("a", A, UNOBSERVED),)}, "no cell defines what it reads (a)"),
        ({"inputs": (InputVersion("a", A, "v2"),)}, "upstream data changed (a)"),
        ({"upstream": UpstreamStale((A,))}, "upstream is stale (a)"),
        ({"upstream": UpstreamStale((A,), (A,))}, "upstream is missing (a)"),
        ({"upstream": UpstreamStale((A, B), (B,))}, "upstream is stale (a) and missing (b)"),
        ({"upstream": UpstreamStale((A, B), (A,), (A, B))}, "upstream is blocked (a, b)"),
        (
            {"upstream": UpstreamStale((A, B), (A,), (), (A,))},
            "upstream is stale (b) and failed (a)",
        ),
        ({"others": {"file x": "h2"}}, "file changed (x)"),
        ({"others": {}}, "file changed (x)"),
        ({"upkeep": Upkeep(max_age=99.0)}, "too old (100 s, at most 99 s)"),
        ({"upkeep": Upkeep(max_age=100.0)}, None),
        ({"upkeep": Upkeep(always=True)}, "always runs"),
        ({"code": OPEN_ENDED, "declared": True}, None),
    ],
)
def test_a_difference_has_its_cause(changed: dict[str, Any], said: str | None) -> None:
    """And only its own."""
    found = [str(cause) for cause in causes_of(replace(FRESH, **changed))]
    assert found == ([said] if said else [])


def test_what_cannot_be_tracked_is_named() -> None:
    """The cause says what it reads."""
    (cause,) = causes_of(replace(FRESH, code=OPEN_ENDED))
    assert str(cause).startswith("reads what can't be tracked (")


def test_several_causes_are_told_in_one_order() -> None:
    """The gravest first."""
    found = causes_of(replace(FRESH, lost=True, code_version="c2", upstream=UpstreamStale((A,))))
    assert [type(cause).__name__ for cause in found] == [
        "ValueLost",
        "CodeChanged",
        "UpstreamStale",
    ]


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        (
            ("shop.prep",),
            "module changed on disk, not reloaded (shop.prep): "
            "`import importlib, shop.prep; importlib.reload(shop.prep)`",
        ),
        (("prep:f",), "`f` is from before the reload of prep: import it again"),
    ],
)
def test_what_is_left_from_before_a_reload_is_named(modules: tuple[str, ...], said: str) -> None:
    """The module has been reloaded, so that reloading it is not what is to be done."""
    assert str(ModuleNotReloaded(modules)) == said


def test_an_input_without_data_yet_stands_in_place_of_another() -> None:
    """Though it can't be said whether its data will be the same."""
    facts = replace(FRESH, inputs=(), upstream=UpstreamStale((B,), (B,)))
    said = [str(cause) for cause in causes_of(facts)]
    assert said == ["depends on b in place of a", "upstream is missing (b)"]
