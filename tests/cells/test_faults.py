"""The faults of a cell's text, each at its line and columns, without a kernel."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.cells.faults import faults_of

# text, then line, the words of the line that are underlined (to its end where None), what is said
TABLE = [
    ("%%asset a --dep raw\n1", 1, "--dep", "has no option --dep. Did you mean `--deps`?"),
    ("\n\n%%asset a --deps", 3, "--deps", "--deps needs a value"),
    ("%%asset a\n#| gruop: x\n1", 2, "gruop", "has no option --gruop"),
    ("%%asset a/b!\n1", 1, None, "`b!` can't be the name of an asset"),
    ("%%asset a\nx = (1", 2, None, "'(' was never closed"),
    ("%%asset a\nb\nfrom os import *\na = 1", 3, "from os import *", "cannot stand in a body"),
    ("%%asset a\nx = 1", 2, None, "gives no value"),
    ("%%asset a\na + 1", 2, "a", "cannot be its own input"),
    ("%%asset a --sql\nselect * frm x where", 2, "x", "not valid SQL"),
    ("%%asset a --sql\nselect 1; select 2", 2, None, "2 statements"),
    ("%%asset_check c --severity bad\nassert 1", 1, "bad", "takes warn or error"),
    ("%%asset_check c\nx = 1", 2, None, "gives no value"),
    ("%%op f(x)\ny = )", 2, None, "unmatched ')'"),
    ("%%multi_asset a b\na = 1\nb = 2 +", 3, None, "invalid syntax"),
]


@pytest.mark.parametrize(("text", "line", "words", "said"), TABLE)
def test_a_fault_stands_where_it_is(text: str, line: int, words: str | None, said: str) -> None:
    """A fault names line and columns of the whole cell, and says what the cell's run would say."""
    (fault,) = faults_of(text)
    whole = text.splitlines()[line - 1]
    column = fault.place.column
    assert fault.place.line == line
    assert column is not None
    assert said in fault.text
    if words is not None:
        assert whole[column : fault.place.end_column] == words


@pytest.mark.parametrize(
    "text",
    [
        "x = (",
        "%%time\nx = (",
        "%asset a",
        "",
        "%%asset a\n1",
        "%%asset a --help\n",
        "%%asset a --external --reads x.csv\nnot python at all",
        "%%asset a --sql\n#| kind: duckdb\nfrom b",
        "%%asset_check c\nassert a.id.is_unique",
        "%%op f(x, y=print('never called'))\nx + y",
        "%%graph_asset g\nf(a)",
    ],
)
def test_a_cell_without_a_fault_has_none(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ordinary cells, foreign magics and right definitions are left alone, and nothing is run."""
    assert faults_of(text) == ()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("%%asset a --dep raw\nx = (1", [(1, 10), (2, 4)]),
        ("%%asset a/b!\nx = (1", [(1, 7), (2, 4)]),
        ("%%asset a --sql --dep raw\nselect * frm x where", [(1, 16), (2, 13)]),
        ("%%asset a --slq\nfrom orders", [(1, 10)]),
        ("%%asset a --dep raw --external\nno python", [(1, 10)]),
        ("%%asset a --dep raw\n#| sql\nfrom b", [(1, 10)]),
    ],
)
def test_a_wrong_header_hides_no_fault_of_the_body(
    text: str, places: list[tuple[int, int]]
) -> None:
    """The body is read too, unless the header leaves open in which language it is."""
    assert [(fault.place.line, fault.place.column) for fault in faults_of(text)] == places


def test_all_faults_of_a_body_are_found_together() -> None:
    """Each fault has its own place."""
    faults = faults_of("%%asset a\nfrom os import *\nglobal x\na = 1")
    assert [fault.place.line for fault in faults] == [2, 3]


def test_line_magics_are_no_faults_where_they_are_read() -> None:
    """The transformation of the shell is applied to the body before it is parsed."""
    text = "%%asset a\n!ls\n1"
    assert len(faults_of(text)) == 1
    assert faults_of(text, lambda body: body.replace("!ls", "pass")) == ()


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(["asset", "op"]))
def test_no_text_makes_it_fail(text: str, magic: str) -> None:
    """Whatever is typed, the answer is a list of faults, each in a line of the cell."""
    whole = f"%%{magic} {text}"
    for fault in faults_of(whole):
        assert 1 <= (fault.place.line or 0) <= whole.count("\n") + 2
