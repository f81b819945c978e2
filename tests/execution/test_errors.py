"""Every error of a run: its class and its whole message, in one table."""

from __future__ import annotations

import re
from typing import Any

import pytest

import dagbook as dg
from dagbook.errors import DagbookError
from dagbook.errors.composition import AssetBetween, NotSubsettable
from dagbook.errors.definitions import (
    CheckWaitsForItself,
    DependencyCycle,
    InvalidGraph,
    UnknownCheckedAsset,
    UnknownUpstream,
)
from dagbook.errors.execution import (
    BlockingCheckFailed,
    BodyExited,
    InvalidResult,
    InvalidVerdict,
    PartitionsUnsupported,
    StepTimeout,
    ValueMissing,
    WrongType,
)
from tests.engine.typed import typed

RAW = "@asset\ndef raw():\n    return 1\n"

# A program that `materialize` runs, the class of what it raises, and the whole message.
CASES: dict[str, tuple[str, type[DagbookError], str]] = {
    "a plain value is yielded": (
        "@asset\ndef a():\n    yield 1",
        InvalidResult,
        "`a` yielded a plain value of type int. Yield Output(value) or MaterializeResult(), or "
        "return the value.",
    ),
    "an output is yielded twice": (
        "@asset\ndef a():\n    yield Output(1)\n    yield Output(2)",
        InvalidResult,
        "`a` yielded the output `result` twice. Yield each output once.",
    ),
    "nothing is yielded for a required output": (
        "@asset\ndef a():\n    if False:\n        yield",
        InvalidResult,
        "`a` gave nothing for the required output `result`. Yield it, or declare it with "
        "output_required=False.",
    ),
    "an open stream is returned": (
        "@asset\ndef a():\n    return (n for n in range(3))",
        InvalidResult,
        "`a` gave a generator, which can be read only once and so can't be kept. Give `list(...)` "
        "of it, or yield Output(value) or MaterializeResult().",
    ),
    "the program is ended": (
        "import sys\n@asset\ndef a():\n    sys.exit(2)",
        BodyExited,
        "`a` called exit (2), which would end the program. Return a value, or raise an exception "
        "that says what is wrong.",
    ),
    "a tuple of another length": (
        "@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()})\ndef m():\n    return 1, 2, 3",
        InvalidResult,
        "`a b` gave 3 values for 2 outputs. Return a tuple of that length, or yield each output.",
    ),
    "one value for several outputs": (
        "@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()})\ndef m():\n    return 1",
        InvalidResult,
        "`a b` gave 1 value for 2 outputs. Return a tuple of that length, or yield each output.",
    ),
    "an unknown output": (
        "@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()})\ndef m():\n    yield Output(1, 'c')",
        InvalidResult,
        "`a b` gave an unknown output `c`. It has: a, b.",
    ),
    "a required output is missing": (
        "@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()})\ndef m():\n    yield Output(1, 'a')",
        InvalidResult,
        "`a b` gave nothing for the required output `b`. Yield it, or declare it with "
        "is_required=False.",
    ),
    "a MaterializeResult of nothing": (
        "@multi_asset(specs=[AssetSpec('a'), AssetSpec('b')])\n"
        "def m():\n    yield MaterializeResult()",
        InvalidResult,
        "`a b` gave a MaterializeResult without an asset_key. Name the asset.",
    ),
    "a MaterializeResult of another asset": (
        "@multi_asset(specs=[AssetSpec('a')])\n"
        "def m():\n    yield MaterializeResult(asset_key='c')",
        InvalidResult,
        "`a` gave a result for `c`, which it does not define. Name one of its own.",
    ),
    "an output in the place of another": (
        "@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()})\n"
        "def m():\n    return Output(1, 'b'), Output(2, 'a')",
        InvalidResult,
        "`a b` returned the output `b` in the place of `a`. Return them in order, or yield them.",
    ),
    "a DynamicOutput of an asset": (
        "@asset\ndef a():\n    yield DynamicOutput(1, mapping_key='x')",
        InvalidResult,
        "`a` gave a DynamicOutput for `result`. Declare it with DynamicOut().",
    ),
    "a plain value of a dynamic output": (
        "@op(out=DynamicOut())\ndef o():\n    return 1\n"
        "@op\ndef p(v):\n    return v\n"
        "@graph_asset\ndef a():\n    return p(o().collect())",
        InvalidResult,
        "`a.o` gave a value of type int for the dynamic output `result`. Yield a "
        "DynamicOutput(value, mapping_key) for each, or return a list of them.",
    ),
    "a key of a dynamic output twice": (
        "@op(out=DynamicOut())\ndef o():\n    yield DynamicOutput(1, 'x')\n"
        "    yield DynamicOutput(1, 'x')\n"
        "@op\ndef p(v):\n    return v\n"
        "@graph_asset\ndef a():\n    return p(o().collect())",
        InvalidResult,
        "`a.o` gave the key `x` of `result` twice. Give each key once.",
    ),
    "an op reads what hands no value over": (
        "@op(out=Out(Nothing))\ndef o():\n    pass\n@op\ndef p(v):\n    return v\n"
        "@graph_asset\ndef a():\n    return p(o())",
        InvalidResult,
        "`a.p` reads `v`, and what is connected to it hands no value over. Declare the input with "
        "In(Nothing), or give a value above it.",
    ),
    "what an asset returns has another type": (
        "@asset\ndef a() -> list[int]:\n    return {'x': 1}",
        WrongType,
        "`a`: what it returns should be list[int] and is dict.",
    ),
    "an input of an asset has another type": (
        RAW + "@asset\ndef a(raw: str):\n    return raw",
        WrongType,
        "`a`: its input `raw` should be str and is int.",
    ),
    "an output of a multi-asset has another type": (
        "@multi_asset(outs={'a': AssetOut(dagster_type=int), 'b': AssetOut()})\n"
        "def m():\n    return 'x', 2",
        WrongType,
        "`a b`: its output `a` should be int and is str.",
    ),
    "an input of an op has another type": (
        "@op\ndef o():\n    return 1\n@op\ndef p(v: str):\n    return v\n"
        "@graph_asset\ndef a():\n    return p(o())",
        WrongType,
        "`a.p`: its input `v` should be str and is int.",
    ),
    "a declared check is not answered": (
        "@asset(check_specs=[AssetCheckSpec('c', asset='a')])\ndef a():\n    return 1",
        InvalidResult,
        "`a` did not answer its check `c`. Give an AssetCheckResult for each of `check_specs`.",
    ),
    "a check is answered that is not declared": (
        "@asset\ndef a():\n    yield Output(1)\n"
        "    yield AssetCheckResult(passed=True, check_name='c')",
        InvalidResult,
        "`a` answered the check `c`, which it does not declare. Declare it in `check_specs`.",
    ),
    "a check is answered twice": (
        "@asset(check_specs=[AssetCheckSpec('c', asset='a')])\ndef a():\n    yield Output(1)\n"
        "    yield AssetCheckResult(passed=True)\n    yield AssetCheckResult(passed=True)",
        InvalidResult,
        "`a` answered the check `c` twice. Answer it once.",
    ),
    "it is not said which check is answered": (
        "@asset(check_specs=[AssetCheckSpec('c', asset='a'), AssetCheckSpec('d', asset='a')])\n"
        "def a():\n    yield Output(1)\n    yield AssetCheckResult(passed=True)",
        InvalidResult,
        "`a` answered a check without saying which. Give its `check_name`.",
    ),
    "a check says nothing": (
        RAW + "@asset_check(asset=raw)\ndef c(raw):\n    pass",
        InvalidVerdict,
        "The check `raw.c` gave None, which is no verdict. Give a bool, (bool, metadata), an "
        "AssetCheckResult or a frame of failing rows, or raise AssertionError.",
    ),
    "a check gives a boolean Series": (
        "import pandas\n" + RAW + "@asset_check(asset=raw)\ndef c(raw):\n"
        "    return pandas.Series([True])",
        InvalidVerdict,
        "The check `raw.c` gave a value of type Series, which is no verdict. Give a bool, (bool, "
        "metadata), an AssetCheckResult or a frame of failing rows, or raise AssertionError.",
    ),
    "a value that was never made": (
        "selection = 'a'\n" + RAW + "@asset\ndef a(raw):\n    return raw",
        ValueMissing,
        "`raw`, which `a` reads, was never materialized. `%materialize raw` makes it.",
    ),
    "the value of an external asset": (
        "raw = AssetSpec('raw')\n@asset\ndef a(raw):\n    return raw",
        ValueMissing,
        "`raw`, which `a` reads, is external: nothing here makes its value. "
        "Let an I/O manager load it, or wait for it by deps=['raw'].",
    ),
    "the value of an asset that hands none over": (
        "@asset\ndef raw() -> None:\n    pass\n@asset\ndef a(raw):\n    return raw",
        ValueMissing,
        "`raw`, which `a` reads, keeps no value. Let its body give one, or wait for it by "
        "deps=['raw'].",
    ),
    "a blocking check fails": (
        RAW + "@asset_check(asset=raw, blocking=True)\ndef c(raw):\n    return False\n"
        "@asset\ndef a(raw):\n    return raw",
        BlockingCheckFailed,
        "Blocking checks failed: raw.c; not run: a.",
    ),
    "a partition is asked for": (
        "partition_key = '2026-11-20'\n" + RAW,
        PartitionsUnsupported,
        "partition_key='2026-11-20': partitions are not supported yet. Leave it out; an asset can "
        "take what it works on by its config.",
    ),
}

# The same for what is found when a run is planned: the faults, in order.
PLANNED: dict[str, tuple[str, list[type[DagbookError]], str]] = {
    "an argument that nothing defines": (
        RAW + "@asset\ndef a(rwa):\n    return rwa",
        [UnknownUpstream],
        "`a` (PLACE, line 4) reads `rwa` as the input `rwa`, and no asset has that name. "
        "Did you mean `raw`?",
    ),
    "a key that is only written alike": (
        "@asset(key_prefix=['one', 'two'])\ndef x():\n    return 1\n"
        "@asset(ins={'x': AssetIn(key_prefix='one/two')})\ndef a(x):\n    return x",
        [UnknownUpstream],
        '`a` (PLACE, line 4) reads `["one/two", "x"]` as the input `x`, and no asset has that name. '
        'Did you mean `["one", "two", "x"]`?',
    ),
    "a check on what nothing defines": (
        RAW + "@asset_check(asset='rwa')\ndef c():\n    return True",
        [UnknownCheckedAsset],
        "The check `c` (PLACE, line 4) is on `rwa`, and no asset has that name. "
        "Did you mean `raw`?",
    ),
    "assets that wait for each other": (
        "@asset\ndef a(b):\n    return b\n@asset\ndef b(a):\n    return a",
        [DependencyCycle],
        "These assets wait for each other: b → a → b. Take one of these dependencies away.\n"
        "  b: PLACE, line 4\n  a: PLACE, line 1",
    ),
    "a part of what can't be subset": (
        "selection = 'a'\n@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()})\n"
        "def m():\n    return 1, 2",
        [NotSubsettable],
        "`m` (PLACE, line 2) can't make `a` without `b`: select all of them, or allow parts by `--can-subset`, in Python `can_subset=True`.",
    ),
    "an asset between those of one computation": (
        "@multi_asset(outs={'a': AssetOut(), 'b': AssetOut()}, ins={'c': AssetIn('c')},\n"
        "             internal_asset_deps={'a': [], 'b': ['c']})\n"
        "def m(c):\n    return 1, 2\n@asset\ndef c(a):\n    return a",
        [AssetBetween],
        "`c` stands between the assets of `m` (PLACE, line 1), which makes all of them at once. Let "
        "it be run in two parts by `--can-subset`, in Python `can_subset=True`, or make two of it.",
    ),
    "several faults, all of them together": (
        RAW + "@asset\ndef a(rwa):\n    return rwa\n"
        "@asset_check(asset='rwa')\ndef c():\n    return True\n"
        "@asset\ndef b(d):\n    return d\n@asset\ndef d(b):\n    return b\n"
        "@asset_check(asset='raw', blocking=True, additional_ins={'v': AssetIn('under')})\n"
        "def e(raw, v):\n    return True\n@asset\ndef under(raw):\n    return raw",
        [UnknownUpstream, UnknownCheckedAsset, CheckWaitsForItself, DependencyCycle],
        "4 faults:\n"
        "- `a` (PLACE, line 4) reads `rwa` as the input `rwa`, and no asset has that name. "
        "Did you mean `raw`?\n"
        "- The check `c` (PLACE, line 7) is on `rwa`, and no asset has that name. "
        "Did you mean `raw`?\n"
        "- The blocking check `e` (PLACE, line 16) on `raw` waits for `under`, which is below "
        "`raw` and waits for the check. Let it not block, or take `under` out of it.\n"
        "- These assets wait for each other: d → b → d. Take one of these dependencies away.\n"
        "  d: PLACE, line 13\n  b: PLACE, line 10",
    ),
}


def run(text: str) -> None:
    """Materialize what a program defines, as far as it selects."""
    space = typed(text, {"__name__": "__program__"})
    made = (dg.AssetsDefinition, dg.AssetChecksDefinition, dg.AssetSpec)
    dg.materialize(
        [one for one in space.values() if isinstance(one, made)],
        selection=space.get("selection"),
        partition_key=space.get("partition_key"),
    )


@pytest.mark.parametrize("case", CASES)
def test_what_goes_wrong_in_a_run_is_raised(case: str) -> None:
    """With everything in its message that is needed to mend it."""
    text, kind, message = CASES[case]
    with pytest.raises(DagbookError) as caught:
        run(text)
    assert (type(caught.value), str(caught.value)) == (kind, message)


@pytest.mark.parametrize("case", PLANNED)
def test_what_is_wrong_between_definitions_is_told_when_they_are_planned(case: str) -> None:
    """All of it together, each with the place where it was written."""
    text, kinds, message = PLANNED[case]
    with pytest.raises(InvalidGraph) as caught:
        run(text)
    assert [type(fault) for fault in caught.value.faults] == kinds
    assert _without_numbers(str(caught.value)) == message


def _without_numbers(text: str) -> str:
    """The text with one word for every cell."""
    return re.sub(r"<cell \d+>", "PLACE", text)


def test_a_body_that_takes_too_long_is_stopped() -> None:
    """With what it may take."""
    error: Any = StepTimeout(asset="a", seconds=0.5)
    assert str(error) == "`a` took longer than its timeout of 0.5 s and was stopped."
