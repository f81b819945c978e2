"""Bodies as functions: values, scope, lines, kinds."""

from __future__ import annotations

import asyncio
import inspect
import linecache
import pickle
import traceback
from types import FunctionType
from typing import Any

import cloudpickle
import pytest

from dagbook.cells.body import analyse
from dagbook.cells.capture import recall, remember_failure
from dagbook.cells.compiler import compile_body
from dagbook.cells.parsing import parse_body
from dagbook.errors.cells import BodySyntaxError, UnboundValue

FILENAME = "<cell of the test>"


def compiled(body: str, *inputs: str, capture: bool = False, **outer: Any) -> FunctionType:
    """A body of the asset `orders` as a function, in a namespace of the outer names."""
    parsed = parse_body(body, first_line=2, filename=FILENAME)
    namespace = {"__name__": "notebook", **outer}
    cell = f"%%asset orders\n{body}\n"
    linecache.cache[FILENAME] = (len(cell), None, cell.splitlines(True), "")
    return compile_body(
        parsed, analyse(parsed, "orders"), inputs, namespace=namespace, capture=capture
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raw + 1", 4),
        ("raw + 1;", 4),
        ("return raw + 1", 4),
        ("orders = raw + 1", 4),
        ("raw = raw + 1\nraw", 4),
        ("if raw > 2:\n  return 'many'\nraw", "many"),
        ("None", None),
        ("[raw * n for n in range(2)]", [0, 3]),
        ("k = 2\n[k * n for n in range(raw)]", [0, 2, 4]),
        ("'about'\nraw", 3),
        ("def f(): return raw\nf()", 3),
        ("class C:\n  x = raw\nC.x", 3),
        ("for orders in range(raw): pass", 2),
        ("eval('raw')", 3),
    ],
)
def test_value(body: str, expected: object) -> None:
    """The function gives back what the body's form says."""
    assert compiled(body, "raw")(3) == expected


def test_assignments_are_local() -> None:
    """Nothing that a body binds reaches the namespace."""
    function = compiled("import os\nx = 1\nx")
    before = set(function.__globals__)
    function()
    assert set(function.__globals__) == before


def test_globals_are_the_namespace_itself() -> None:
    """A body sees what the notebook binds after the definition."""
    function = compiled("limit")
    function.__globals__["limit"] = 7
    assert (function(), function.__module__) == (7, "notebook")


@pytest.mark.parametrize(
    "body", ["x += 1\nx", "x = x + 1\nx", "if not x: x = 0\nx + 1", "for x in []: pass\nx + 1"]
)
def test_outer_value_of_a_name_that_is_rebound(body: str) -> None:
    """A variable that the body reads and then rebinds starts with the notebook's value."""
    function = compiled(body, x=1)
    assert (function(), function.__globals__["x"]) == (2, 1)


def test_outer_name_that_is_not_there() -> None:
    """Reading a name that neither the body nor the notebook has bound is Python's own error."""
    with pytest.raises(NameError, match="x"):
        compiled("x += 1\nx")()


def test_unbound_value() -> None:
    """A local that this run did not bind is named by the error."""
    function = compiled("for x in raw: orders = x", "raw")
    assert function([1, 2]) == 2
    with pytest.raises(UnboundValue, match="without binding `orders`"):
        function([])


def test_parameters() -> None:
    """The inputs are the parameters, after the context where the body reads it."""
    function = compiled("context, b, a", "b", "a")
    assert list(inspect.signature(function).parameters) == ["context", "b", "a"]


def test_asynchronous_body() -> None:
    """A body that awaits is a coroutine function."""
    function = compiled("x = await raw()\nx", "raw")

    async def raw() -> int:
        return 5

    assert inspect.iscoroutinefunction(function)
    assert asyncio.run(function(raw)) == 5


def test_generator_body() -> None:
    """A body that yields is a generator function."""
    function = compiled("yield raw\nyield raw + 1\nprint", "raw")
    assert inspect.isgeneratorfunction(function)
    assert list(function(1)) == [1, 2]


def test_asynchronous_generator_body() -> None:
    """A body that awaits and yields is an asynchronous generator."""
    assert inspect.isasyncgenfunction(compiled("yield await raw\nraw", "raw"))


def test_lines_of_a_traceback() -> None:
    """A traceback shows the cell's own lines and numbers."""
    with pytest.raises(ValueError, match="1") as caught:
        compiled("x = 1\n\nraise ValueError(x)\nx; return x")()
    frame = traceback.extract_tb(caught.tb)[-1]
    assert (frame.lineno, frame.line, frame.name) == (4, "raise ValueError(x)", "orders")


def test_source_of_an_inner_function() -> None:
    """`inspect.getsource` finds what a body defines in the lines of the cell."""
    function = compiled("def f(x):\n    return x\nf")
    assert inspect.getsource(function()) == "def f(x):\n    return x\n"


@pytest.mark.parametrize(("body", "line"), [("x = 1\nbreak\nx", 3), ("yield await x\nreturn 1", 3)])
def test_error_found_by_compiling(body: str, line: int) -> None:
    """What only the compiler finds points at the cell's line too."""
    with pytest.raises(BodySyntaxError) as caught:
        compiled(body)
    assert caught.value.place.line == line


def test_captured_locals() -> None:
    """The locals of the last run can be looked at, also after a failure."""
    function = compiled("x = raw * 2\n1 / x", "raw", capture=True)
    function(1)
    assert recall(FILENAME) == {"raw": 1, "x": 2}
    with pytest.raises(ZeroDivisionError) as raised:
        function(0)
    remember_failure(FILENAME, raised.value)
    assert recall(FILENAME) == {"raw": 0, "x": 0}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("if raw:\n    y = 1\n    return y\nreturn 2", {"raw": 1, "y": 1}),
        ("def inner():\n    return raw\norders = inner()", {"raw": 1, "orders": 1}),
        ("return", {"raw": 1}),
        ("for x in [raw]: orders = x", {"raw": 1, "x": 1, "orders": 1}),
        ("try:\n    pass\nfinally:\n    return raw", {"raw": 1}),
    ],
)
def test_locals_are_captured_wherever_a_body_returns(body: str, found: dict[str, Any]) -> None:
    """Every return of the body counts, those of functions in it do not; values stay what they are."""
    plain, keeping = compiled(body, "raw"), compiled(body, "raw", capture=True)
    assert plain(1) == keeping(1)
    kept = recall(FILENAME) or {}
    assert {name: kept[name] for name in found} == found


def test_capturing_leaves_the_line_that_raised_the_last_one() -> None:
    """A frame that raised stands at the line that raised, for tracebacks that read it there."""
    function = compiled("x = raw\n1 / x\nx", "raw", capture=True)  # from the second line on
    with pytest.raises(ZeroDivisionError) as raised:
        function(0)
    assert raised.traceback[-1]._rawentry.tb_frame.f_lineno == 3


@pytest.mark.parametrize("body", ["x += raw\nx", "for x in [raw]: orders = x"])
def test_functions_travel(body: str) -> None:
    """A compiled body goes to another process as any function of the notebook does."""
    function = compiled(body, "raw", x=0)
    assert pickle.loads(cloudpickle.dumps(function))(3) == 3


def test_description_is_the_docstring() -> None:
    """The description of an asset is what `help` shows of its function."""
    assert compiled("'Daily orders.'\n1").__doc__ == "Daily orders."


def test_a_text_that_runs_again_is_compiled_once() -> None:
    """Its function is another one, with globals of its own and the same code."""
    first, again, other = (compiled(body, x=x) for body, x in [("x", 1), ("x", 2), ("x;", 3)])

    assert first.__code__ is again.__code__ is not other.__code__
    assert (first(), again(), other()) == (1, 2, 3)


def test_analysis_is_not_changed_by_compiling() -> None:
    """One parse serves any number of compilations."""
    parsed = parse_body("x = raw\nx")
    analysis = analyse(parsed, "orders")
    made = [compile_body(parsed, analysis, ["raw"], namespace={}) for _ in range(2)]
    assert [function(1) for function in made] == [1, 1]
