"""Parsing and analysing a body: places, faults, values, hints."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook.cells.body import analyse
from dagbook.cells.parsing import parse_body
from dagbook.cells.strings import mentioned_files, mentioned_keys
from dagbook.cells.value import Gives
from dagbook.errors.cells import (
    BodySyntaxError,
    DefinitionFaults,
    ForbiddenName,
    ForbiddenStatement,
    NoValue,
    SelfReference,
)


@pytest.mark.parametrize(
    ("body", "gives"),
    [
        ("1", Gives.EXPRESSION),
        ("raw.head();", Gives.EXPRESSION),
        ("None", Gives.EXPRESSION),
        ("if a:\n return 1\na", Gives.EXPRESSION),
        ("return 1", Gives.RETURN),
        ("return", Gives.RETURN),
        ("if a:\n return 1\nelse:\n return 2", Gives.RETURN),
        ("if a:\n return 1\nraise E", Gives.RETURN),
        ("raise NotImplementedError('later')", Gives.RETURN),
        ("if a:\n raise E\nelse:\n raise F", Gives.RETURN),
        ("yield 1", Gives.YIELD),
        ("for x in xs:\n yield x", Gives.YIELD),
        ("orders = 1", Gives.NAME),
        ("def orders(): pass", Gives.NAME),
        ("if a:\n return 1\norders = 2", Gives.NAME),
    ],
)
def test_value_form(body: str, gives: Gives) -> None:
    """The value is the last expression, a return, yields, or the local of the asset's name."""
    assert analyse(parse_body(body), "orders").value.gives is gives


@pytest.mark.parametrize(
    "body", ["x = 1", "", "# nothing", "for x in xs:\n return x", "if a:\n x", "def f(): return 1"]
)
def test_no_value(body: str) -> None:
    """A body that may end without a value is refused where it is defined."""
    with pytest.raises(NoValue, match="orders"):
        analyse(parse_body(body), "orders")


def test_unsure_local() -> None:
    """A local that only some paths bind is known to be unsure."""
    assert not analyse(parse_body("for x in xs: orders = x"), "orders").value.sure


def test_expression_that_hides_the_local() -> None:
    """A last expression beside a local of the asset's name is told apart from naming it."""
    hidden = analyse(parse_body("orders = 1\nprint(orders)"), "orders").value
    named = analyse(parse_body("orders = 1\norders"), "orders").value
    assert (hidden.hides_local, named.hides_local) == (True, False)


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("x = 1\nx = = 2", 3, 4),
        ("def f(:\n  pass", 2, 6),
        ("é = 'a\n", 2, 4),
        ("x = 1\ny = (", 3, 4),
    ],
)
def test_syntax_error(body: str, line: int, column: int) -> None:
    """A syntax error points at the line and column of the cell."""
    with pytest.raises(BodySyntaxError) as caught:
        parse_body(body, first_line=2)
    place = caught.value.place
    assert (place.line, place.column) == (line, column)
    assert place.text == body.splitlines()[line - 2]


@pytest.mark.parametrize(
    ("body", "statement", "line"),
    [
        ("global x\nx = 1\nx", "global x", 2),
        ("def f():\n  global x, y\nf()", "global x, y", 3),
        ("if a:\n  nonlocal x\na", "nonlocal x", 3),
        ("from os import *\n1", "from os import *", 2),
        ("from __future__ import annotations\n1", "from __future__ import …", 2),
    ],
)
def test_forbidden_statement(body: str, statement: str, line: int) -> None:
    """Statements that would move state in or out unseen are refused with their place."""
    with pytest.raises(ForbiddenStatement) as caught:
        analyse(parse_body(body, first_line=2), "orders")
    assert (caught.value.statement, caught.value.place.line) == (statement, line)


def test_nonlocal_in_a_function_is_allowed() -> None:
    """An inner function may rebind a local of the body."""
    body = "n = 0\ndef f():\n  nonlocal n\n  n += 1\nf()\nn"
    assert analyse(parse_body(body), "orders").reads.names == set()


@pytest.mark.parametrize("name", ["_", "__", "_3", "_i", "_i12", "_oh", "In", "Out"])
def test_forbidden_name(name: str) -> None:
    """The shell's record of earlier cells cannot be read."""
    with pytest.raises(ForbiddenName) as caught:
        analyse(parse_body(f"len({name})"), "orders")
    assert (caught.value.name, caught.value.place.column) == (name, 4)


@pytest.mark.parametrize("body", ["for _ in x: pass\nx", "a, _ = x\n_", "_private", "Input"])
def test_allowed_name(body: str) -> None:
    """A `_` that the body binds itself is a local like any other."""
    assert analyse(parse_body(body), "orders").value.gives is Gives.EXPRESSION


def test_self_reference() -> None:
    """A body that reads its own key first is told how to reach the last value."""
    with pytest.raises(SelfReference, match=r"context\.previous_value") as caught:
        analyse(parse_body("orders = orders.dropna()", first_line=2), "orders")
    assert (caught.value.place.line, caught.value.place.column) == (2, 9)


def test_a_fault_is_in_the_cell_that_runs_now() -> None:
    """The same text with the same fault, run as another cell, is called by that."""
    for where in ("cell [3]", "cell [7]"):
        with pytest.raises(SelfReference) as caught:
            analyse(parse_body("orders = orders + 1", where=where), "orders")
        assert caught.value.place.where == where


def test_python_warns_of_a_text_once() -> None:
    """A tree that was let go meanwhile is parsed again in silence."""
    with pytest.warns((DeprecationWarning, SyntaxWarning), match="invalid escape"):
        parsed = parse_body(r"'\d of the test'")
    for number in range(10):
        parse_body(f"{number}")

    assert len(parsed.tree.body) == 1


def test_faults_are_reported_together() -> None:
    """Everything that is wrong with a body is said at once."""
    with pytest.raises(DefinitionFaults) as caught:
        analyse(parse_body("from os import *\nx = Out[1] + orders\ny = 1"), "orders")
    kinds = [type(fault) for fault in caught.value.faults]
    assert kinds == [ForbiddenStatement, ForbiddenName, SelfReference, NoValue]
    assert "4 faults" in caught.value.title


def test_caret_counts_characters() -> None:
    """The caret stands under the name although columns are counted in bytes."""
    with pytest.raises(SelfReference) as caught:
        analyse(parse_body("x = 'é', orders\nx"), "orders")
    assert str(caught.value).splitlines()[-1].endswith(" " * 9 + "^" * 6)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("'Daily orders.'\n1", "Daily orders."),
        ("'only a value'", None),
        ("x = 'a'\nx", None),
        ("'''\n  Two\n  lines\n'''\n1", "Two\nlines"),
    ],
)
def test_description(body: str, expected: str | None) -> None:
    """A first string literal that something follows is the description."""
    assert analyse(parse_body(body), "orders").description == expected


def test_context() -> None:
    """A free `context` is the run's context; one that the body binds is a local."""
    assert analyse(parse_body("context.log"), "orders").uses_context
    assert not analyse(parse_body("context = 1\ncontext"), "orders").uses_context


@pytest.mark.parametrize("blank", ["", "\n", "\n\n"])
def test_transformed_source_keeps_its_lines(blank: str) -> None:
    """A transformer that drops blank lines at the start does not move the lines."""

    def transform(text: str) -> str:
        return text.lstrip("\n").replace("%time x", "x")

    parsed = parse_body(f"{blank}%time x", 2, transform=transform)
    assert parsed.tree.body[0].lineno == 2 + len(blank)


def strings(body: str) -> Any:
    """The string literals of a body."""
    return analyse(parse_body(body), "report").strings


def test_keys_in_strings() -> None:
    """Known keys that stand as words in strings, and are not inputs, are hints."""
    found = mentioned_keys(
        strings("'about users'\nduckdb.sql(f'from orders, raw/x join reorders, planes {y}')"),
        {"orders", "users", "raw/x", "planes", "y"},
        {"planes"},
    )
    assert [mention.key for mention in found] == ["orders", "raw/x"]


def test_files_in_strings() -> None:
    """Strings that name an existing file are hints; others are not even looked for."""
    asked: list[str] = []

    def exists(path: str) -> bool:
        asked.append(path)
        return path == "data/a.csv"

    body = "f('data/a.csv', 'data/b.csv', 'plain', 'https://a.b/c', 'two\\nlines.txt', '')"
    assert [file.path for file in mentioned_files(strings(body), exists)] == ["data/a.csv"]
    assert asked == ["data/a.csv", "data/b.csv"]
