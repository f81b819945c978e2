"""Every fault of a definition: its class and its whole message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import dagbook as dg
from dagbook.errors import DagbookError
from dagbook.errors.composition import FaultyDefinition, HandleIsNoValue
from dagbook.errors.definitions import InvalidDefinition, InvalidName


@dg.op
def number() -> int:
    """A number."""
    return 1


@dg.op
def plus(a: int, b: int = 1) -> int:
    """A sum."""
    return a + b


@dg.op(out={"left": dg.Out(), "right": dg.Out()})
def split() -> Any:
    """Two numbers."""
    return 1, 2


@dg.op(out=dg.DynamicOut())
def pieces() -> Any:
    """Some numbers."""
    yield dg.DynamicOutput(1, mapping_key="a")


@dg.graph
def reads(number: Any) -> Any:
    """A graph with an input."""
    return plus(number)


def _graph(body: Callable[..., Any]) -> Callable[[], Any]:
    body.__name__ = "g"
    return lambda: dg.graph(body)


def _multi(**options: Any) -> Callable[[], Any]:
    def m(a: Any) -> Any:
        return 1, 2

    options.setdefault("outs", {"x": dg.AssetOut(), "y": dg.AssetOut()})
    return lambda: dg.multi_asset(**{k: v for k, v in options.items() if v is not None})(m)


def _from_graph(**options: Any) -> Callable[[], Any]:
    return lambda: dg.AssetsDefinition.from_graph(reads, **options)


CASES: dict[str, tuple[Callable[[], Any], type[DagbookError], str]] = {
    "a value for an input": (
        _graph(lambda: plus(3)),
        InvalidDefinition,
        "g: `plus.a` is given a value of type int. Only outputs of ops and inputs of the graph can "
        "be connected: make the value the parameter's default where the op is defined (`a=…`), or "
        "make it in an op.",
    ),
    "an input that is not there": (
        _graph(lambda: plus(a=number(), c=number())),
        InvalidDefinition,
        "g: `plus` has no input `c`. It has: a, b.",
    ),
    "too many inputs": (
        _graph(lambda: number(number())),
        InvalidDefinition,
        "g: `number_2` is given 1 inputs and has 0. It has: none.",
    ),
    "an input twice": (
        _graph(lambda: plus(number(), a=number())),
        InvalidDefinition,
        "g: the input `a` of `plus` is given twice. Give it once.",
    ),
    "nothing connected": (
        _graph(lambda: plus()),
        InvalidDefinition,
        "g: nothing is connected to the input `a` that `plus` reads. Hand it an output or an input "
        "of the graph, or give it a default.",
    ),
    "all outputs at once": (
        _graph(lambda: plus(split())),
        InvalidDefinition,
        "g: `plus.a` is given all outputs of an op at once. Choose one of: left, right.",
    ),
    "a dynamic output as one value": (
        _graph(lambda: plus(pieces())),
        InvalidDefinition,
        "g: the dynamic output `result` of `pieces` is handed to `plus` as if it were one value. "
        "Use `.map(function)` for each of them, or `.collect()` for the list.",
    ),
    "two nodes of one alias": (
        _graph(lambda: plus(number.alias("n")(), number.alias("n")())),
        InvalidDefinition,
        "g: two of its nodes are called `n`. Give each an alias of its own.",
    ),
    "mapped over two": (
        _graph(lambda: pieces().map(lambda a: pieces.alias("p")().map(lambda b: plus(a, b)))),
        FaultyDefinition,
        "g has 2 faults:\n"
        "1. g: `plus` is mapped over two dynamic outputs. Collect one of them first.\n"
        "2. g: its output `result` is the dynamic output `result` of `plus`, which no op has made. "
        "Return the output of an op.",
    ),
    "an unused input": (
        _graph(lambda unused: number()),
        InvalidDefinition,
        "g: its input `unused` is not used. Hand it to an op, or take it out.",
    ),
    "a value returned": (
        _graph(lambda: 3),
        InvalidDefinition,
        "g: its output `result` is a value of type int. Return the output of an op.",
    ),
    "a handle in a condition": (
        _graph(lambda: number() or number()),
        HandleIsNoValue,
        "the output `result` of `number` has no value while the graph is put together, so that it "
        "can't be used in a condition. Do that inside an op, and hand the output to it.",
    ),
    "a handle in a loop": (
        _graph(lambda: [plus(one) for one in number()]),
        HandleIsNoValue,
        "the output `result` of `number` has no value while the graph is put together, so that it "
        "can't be looped over. Do that inside an op, and hand the output to it.",
    ),
    "a handle in a sum": (
        _graph(lambda: number() + 1),
        HandleIsNoValue,
        "the output `result` of `number` has no value while the graph is put together, so that it "
        "can't be calculated with. Do that inside an op, and hand the output to it.",
    ),
    "an attribute of a handle": (
        _graph(lambda: number().rows),
        HandleIsNoValue,
        "the output `result` of `number` has no value while the graph is put together, so that it "
        "can't be asked for `.rows`. Do that inside an op, and hand the output to it.",
    ),
    "outs and specs": (
        _multi(specs=[dg.AssetSpec("z")]),
        InvalidDefinition,
        "m: it needs `outs` or `specs`, and not both. Give `outs` where it returns values, `specs` "
        "where it makes the assets itself.",
    ),
    "deps as a bare string": (
        _multi(deps="abc"),
        InvalidDefinition,
        "m: deps='abc' is a bare string. Write deps=['abc'].",
    ),
    "kinds as a bare string": (
        lambda: dg.AssetSpec("s", kinds="sql"),
        InvalidDefinition,
        "s: kinds='sql' is a bare string. Write kinds=['sql'].",
    ),
    "owners as a bare string": (
        lambda: dg.asset(owners="team:data")(number.fn),
        InvalidDefinition,
        "number: owners='team:data' is a bare string. Write owners=['team:data'].",
    ),
    "a check on several assets": (
        lambda: dg.AssetCheckSpec("c", asset=_multi()()),
        InvalidDefinition,
        "c: it judges one asset, and is given `x`, `y`. Give the key of one of them.",
    ),
    "an input that is no parameter": (
        _multi(ins={"b": dg.AssetIn("other")}),
        InvalidDefinition,
        "m: `ins` names `b`, which is no parameter. It has: a.",
    ),
    "an internal dependency of nothing": (
        _multi(internal_asset_deps={"x": ["nowhere"]}),
        InvalidDefinition,
        "m: `internal_asset_deps` says that `x` depends on `nowhere`. Name only what it reads and "
        "what it makes itself.",
    ),
    "a check on another asset": (
        _multi(check_specs=[dg.AssetCheckSpec("c", asset="other")]),
        InvalidDefinition,
        "m: the check `c` is on `other`, which it does not make. Declare that check by @asset_check.",
    ),
    "an input name that the graph does not have": (
        _from_graph(keys_by_input_name={"nmber": "n"}),
        InvalidDefinition,
        "reads: `keys_by_input_name` names the input `nmber`, which it does not have. "
        "It has: number.",
    ),
    "an output name that the graph does not have": (
        _from_graph(keys_by_output_name={"rslt": "n"}),
        InvalidDefinition,
        "reads: `keys_by_output_name` names the output `rslt`, which it does not have. "
        "It has: result.",
    ),
    "a dynamic asset": (
        lambda: dg.graph_asset(name="d")(lambda: pieces()),
        InvalidDefinition,
        "d: its output `result` is dynamic, and an asset is one value. Collect it and combine it in "
        "an op.",
    ),
    "an op that is not covered": (
        lambda: dg.AssetsDefinition.from_op(split, keys_by_output_name={"left": "l"}),
        InvalidDefinition,
        "split: its output `right` is given no key. Cover every output of the op.",
    ),
    "a name with a hyphen": (
        lambda: dg.op(name="not-good")(lambda: 1),
        InvalidName,
        "`not-good` can't be the name of an op: use letters, digits and underscores; a path of such "
        "names for a key.",
    ),
    "a backoff without a delay": (
        lambda: dg.RetryPolicy(max_retries=2, backoff=dg.Backoff.LINEAR),
        InvalidDefinition,
        "RetryPolicy: backoff and jitter change a delay, and there is none. "
        "Give `delay`, in seconds.",
    ),
    "a path as one text, which is one name as in Dagster": (
        lambda: dg.asset(key_prefix="one/two")(lambda: 1),
        InvalidName,
        "`one/two` can't be the name of an asset: use letters, digits and underscores; "
        "a path of such names for a key, as the list ['one', 'two'].",
    ),
    "a number as a name": (
        lambda: dg.asset(name=3)(lambda: 1),  # type: ignore[call-overload]
        InvalidName,
        "`3` can't be the name of an asset key: use letters, digits and underscores; "
        "a path of such names for a key.",
    ),
    "one upstream that stands in no list": (
        lambda: dg.asset(name="late", deps=dg.AssetKey("orders"))(lambda: 1),
        InvalidDefinition,
        "late: deps is of type AssetKey and no list. Write deps=[…], also for a single one.",
    ),
    "a key of a dynamic output": (
        lambda: dg.DynamicOutput(1, mapping_key="a b"),
        InvalidName,
        "`a b` can't be the name of an entry of a dynamic output: use letters, digits and "
        "underscores; a path of such names for a key.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_faulty_definition_is_refused_when_it_is_made(case: str) -> None:
    """The class of the error, and the whole message up to the place where it was written."""
    make, kind, message = CASES[case]
    with pytest.raises(DagbookError) as caught:
        make()
    assert type(caught.value) is kind
    assert _without_places(str(caught.value)) == message


def _without_places(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if ", line " not in line)


def test_all_faults_of_a_graph_are_told_together() -> None:
    """One error names each of them."""
    with pytest.raises(FaultyDefinition) as caught:
        _graph(lambda unused, more: plus(1, c=number()))()
    assert len(caught.value.faults) == 4
