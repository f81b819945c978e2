"""Laws of versions: what must hold for any code and any value."""

from __future__ import annotations

import ast
import copy
import itertools
import pickle
from textwrap import indent
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dagbook.cells.body import analyse
from dagbook.cells.define import PythonBody
from dagbook.cells.parsing import parse_body
from dagbook.definitions.origin import Origin
from dagbook.versions.canonical import canonical
from dagbook.versions.code import CodeVersion, Evaluation
from dagbook.versions.data import data_version
from dagbook.versions.rows import multiset_version
from tests.versions.cells import run_cells, version_in
from tests.versions.plain_form import plain_form
from tests.versions.snippets import SNIPPETS

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
)
KEYS = st.integers() | st.text() | st.booleans()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=12)
        | st.tuples(inner, inner)
        | st.dictionaries(KEYS, inner, max_size=5)
        | st.frozensets(KEYS, max_size=5)
    ),
    max_leaves=20,
)


def _same(one: Any, other: Any) -> bool:
    """Equal with equal types all the way down; all not-a-numbers are one, 0.0 and -0.0 two."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, complex):
        return _same(one.real, other.real) and _same(one.imag, other.imag)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return _same(list(one.items()), list(other.items()))
    if isinstance(one, frozenset):
        return {(type(item), item) for item in one} == {(type(item), item) for item in other}
    return bool(one == other)


@given(VALUES, VALUES)
def test_versions_are_equal_exactly_for_equal_content(one: Any, other: Any) -> None:
    """Two values share a version if and only if their content is the same."""
    assert (data_version(one) == data_version(other)) is _same(one, other)


@given(VALUES)
def test_a_copy_has_the_version_of_the_original(value: Any) -> None:
    """Neither identity nor sharing is content."""
    assert data_version(copy.deepcopy(value)) == data_version(value)
    assert data_version(pickle.loads(pickle.dumps(value))) == data_version(value)


COLUMNS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["", "x", "yy", None]), st.floats(width=32) | st.none()
    ),
    max_size=12,
)


def _frame(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    return frame.astype({"a": "int64", "b": "str", "c": "float64"})


@given(COLUMNS, st.data())
def test_a_frame_put_together_from_pieces_is_the_frame(
    rows: list[tuple[Any, ...]], data: st.DataObject
) -> None:
    """Where a frame was cut does not show, and any changed cell does."""
    frame = _frame(rows)
    at = data.draw(st.integers(0, len(rows)))
    pieces = pd.concat([frame.iloc[:at], frame.iloc[at:]])

    assert data_version(pieces) == data_version(frame)
    if at < len(rows):
        changed = frame.copy()
        changed.loc[at, "a"] += 10
        assert data_version(changed) != data_version(frame)


@settings(max_examples=50)
@given(COLUMNS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_counts_in_a_multiset(
    rows: list[tuple[Any, ...]], random: Any
) -> None:
    """Shuffled rows have one version; a row more or less has another."""
    schema = pa.schema([("a", pa.int64()), ("b", pa.string()), ("c", pa.float64())])
    table = _table(rows, schema)
    order = list(range(len(rows)))
    random.shuffle(order)

    assert multiset_version(table.take(pa.array(order, pa.int64()))) == multiset_version(table)
    more = _table([*rows, (1, "x", 0.5)], schema)
    assert multiset_version(more) != multiset_version(table)


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = [[row[at] for row in rows] for at in range(3)]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )


@given(st.lists(st.floats(width=64), max_size=40))
def test_an_array_has_one_version_in_every_layout(numbers: list[float]) -> None:
    """Strides, byte order in memory and views are not content."""
    array = np.array(numbers)
    spread = np.repeat(array, 2)[::2]

    assert data_version(spread) == data_version(array)
    assert data_version(np.asfortranarray(array)) == data_version(array)


NAMES = st.sampled_from(["a", "b", "f", "x", "RATE"])
ATOMS = NAMES | st.integers(0, 5).map(str) | st.sampled_from(["'t'", "1.5", "None", "f'{x}'"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "and", "=="]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        )
        | inner.map(lambda text: f"f({text})")
        | inner.map(lambda text: f"[{text} for a in {text}]")
        | inner.map(lambda text: f"(lambda b: {text})")
        | inner.map(lambda text: f"{{'k': {text}}}")
    ),
    max_leaves=6,
)


@given(EXPRESSIONS)
def test_layout_never_counts(text: str) -> None:
    """Printed anew, with comments and a docstring, code has the same version."""
    plain = f"def body(x):\n    return {text}"
    dressed = f"def body(x):\n    'Doc.'\n    # why\n    return {ast.unparse(ast.parse(text))}  # x"

    assert canonical(ast.parse(text)) == canonical(ast.parse(ast.unparse(ast.parse(text))))
    assert version_in(run_cells(plain)).digest == version_in(run_cells(dressed)).digest


@given(EXPRESSIONS, EXPRESSIONS)
def test_code_that_differs_has_versions_that_differ(one: str, other: str) -> None:
    """Two bodies share a version if and only if they are the same code."""
    versions = [
        version_in(run_cells(f"def body(x):\n    return {text}")).digest for text in (one, other)
    ]

    assert (versions[0] == versions[1]) is (ast.dump(ast.parse(one)) == ast.dump(ast.parse(other)))


STATEMENTS = st.recursive(
    EXPRESSIONS | st.sampled_from([*SNIPPETS, "pass", "'note'"]),
    lambda inner: st.tuples(
        st.sampled_from(["def f(a, b=1):", "class A:", "if a:", "for a in b:", "with a as b:"]),
        st.lists(inner, min_size=1, max_size=3),
    ).map(lambda parts: "\n".join([parts[0], *(indent(one, "    ") for one in parts[1])])),
    max_leaves=5,
)


@given(st.lists(STATEMENTS, max_size=4), st.booleans(), st.booleans())
def test_the_form_is_what_it_is_described_as(
    texts: list[str], anonymous: bool, keep_last: bool
) -> None:
    """The writers that are made for each class of nodes write what one loop over all fields does."""
    tree = ast.parse("\n".join(texts))
    for node in [tree, *tree.body]:
        written = canonical(node, anonymous=anonymous, keep_last=keep_last)
        assert written == plain_form(node, anonymous=anonymous, keep_last=keep_last)


CELLS = st.lists(
    st.tuples(
        st.sampled_from(
            ["a + RATE", "[a, b]", "x = a\nlen(x + b)", "one = other = [a for b in RATE]"]
        ),
        st.sampled_from(["one", "other"]),
        st.sets(st.sampled_from("ab")),
        st.integers(1, 3),
        st.dictionaries(st.sampled_from(["RATE", "b", "len"]), st.integers(1, 2)),
    ),
    min_size=2,
    max_size=8,
)


@settings(deadline=None)
@given(CELLS)
def test_a_text_that_was_met_before_is_read_as_one_that_was_not(cells: list[Any]) -> None:
    """Whatever the names that are assets, the asset and the cell that it stands in, and globals."""
    for text, name, inputs, number, values in cells:
        known, new = [
            _cell_version(f"{text}{note}", name, inputs, number, values)
            for note in ("", f"  # {next(_NOTES)}")
        ]
        assert known == new
        seen, plain = (
            [(part.name, part.kind, part.digest, part.place) for part in one.parts]
            for one in (known, new)
        )
        assert seen == plain


_NOTES = itertools.count()


def _cell_version(
    text: str, name: str, inputs: set[str], number: int, values: dict[str, int]
) -> CodeVersion:
    """The version of the body of a cell of which these names are inputs."""
    parsed = parse_body(text, 2, "<cell>")
    body = PythonBody(
        parsed=parsed,
        analysis=analyse(parsed, name),
        key=name,
        namespace={"__name__": "__main__", **values},
        origin=Origin(where=f"cell [{number}]"),
    )
    return Evaluation(lambda name: name == "a").code_version(body.bind(tuple(sorted(inputs))).fn)


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.sampled_from("abcdefgh")), min_size=1)
)
def test_a_change_shows_in_all_that_reach_it_and_in_no_others(calls: dict[str, set[str]]) -> None:
    """In any web of functions, rings included, exactly those that reach a changed one change."""
    before, after = _web(calls, "0"), _web(calls, "1")
    changed = {name for name in calls if version_in(before, name) != version_in(after, name)}

    assert changed == {name for name in calls if "a" in _reach(calls, name)}


def _web(calls: dict[str, set[str]], value: str) -> dict[str, Any]:
    """Functions that call each other; `a` returns a value of its own."""
    return run_cells(
        "\n".join(
            f"def {name}(): return [{', '.join(f'{other}()' for other in sorted(others))}],"
            f" {value if name == 'a' else name!r}"
            for name, others in calls.items()
        )
    )


def _reach(calls: dict[str, set[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        for other in calls.get(waiting.pop(), ()):
            if other not in found and other in calls:
                found.add(other)
                waiting.append(other)
    return found
