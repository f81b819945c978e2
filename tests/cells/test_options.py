"""The headers of the magics: words, options, faults, help."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.cells import magics
from dagbook.cells.declared import Help, MagicSpec, help_text, seconds
from dagbook.cells.options import leading_options, parse_header
from dagbook.errors.cells import (
    BadOptionValue,
    EscapedQuote,
    HeaderError,
    MissingArgument,
    MissingOptionValue,
    RepeatedOption,
    UnclosedQuote,
    UnexpectedWord,
    UnknownExpansion,
    UnknownOption,
)


def changed(line: str, spec: MagicSpec[Any], **keywords: Any) -> dict[str, Any]:
    """The fields of a header's record that are not what they are by default."""
    record: Any = parse_header(line, spec, **keywords)
    return {
        field.name: getattr(record, field.name)
        for field in dataclasses.fields(record)
        if getattr(record, field.name) != field.default
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", {}),
        ("--deps a b", {"deps": ("a", "b")}),
        ("--deps a,b", {"deps": ("a", "b")}),
        ("--deps a, b", {"deps": ("a", "b")}),
        ("--deps a ,b --deps=c", {"deps": ("a", "b", "c")}),
        ("--ins f=raw/f g=raw/g", {"ins": (("f", "raw/f"), ("g", "raw/g"))}),
        ("--group 'my group' # a note", {"group": "my group"}),
        ("--group a#b", {"group": "a"}),
        ("--group 'a#b'", {"group": "a#b"}),
        (r"--description C:\new", {"description": r"C:\new"}),
        ('--description "it\'s"\' "x"\'', {"description": 'it\'s "x"'}),
        ("--description ''", {"description": ""}),
        ("--kind a --kind b", {"kinds": ("a", "b")}),
        ("--tag a=b c d='e=f, g'", {"tags": (("a", "b"), ("c", ""), ("d", "e=f, g"))}),
        ("--owner team:x a@b.c", {"owners": ("team:x", "a@b.c")}),
        ("--reads data/{a,b}.csv *.txt", {"reads": ("data/{a,b}.csv", "*.txt")}),
        ("--retries 2 --delay 1.5 --timeout 5m", {"retries": 2, "delay": 1.5, "timeout": 300.0}),
        ("--max-age 1h30m --always --lazy", {"max_age": 5400.0, "always": True, "lazy": True}),
        ("--sql --as arrow --external", {"sql": True, "consumers_get": "arrow", "external": True}),
        ("--code-version '--1'", {"code_version": "--1"}),
    ],
)
def test_asset(line: str, expected: dict[str, object]) -> None:
    """Each option fills its field; lists are equal with commas and without."""
    assert changed(f"orders {line}", magics.ASSET) == {"name": "orders", **expected}


@pytest.mark.parametrize(
    ("line", "fault", "column"),
    [
        ("orders --dep a", UnknownOption, 7),
        ("orders --deps", MissingOptionValue, 7),
        ("orders --deps ,", MissingOptionValue, 7),
        ("orders --group --lazy", MissingOptionValue, 7),
        ("orders --ins x", BadOptionValue, 13),
        ("orders --retries -1", BadOptionValue, 17),
        ("orders --timeout soon", BadOptionValue, 17),
        ("orders --as panda", BadOptionValue, 12),
        ("orders --lazy=yes", BadOptionValue, 14),
        ("orders --group a --group b", RepeatedOption, 17),
        ("orders lines", UnexpectedWord, 7),
        ("orders --lazy lines", UnexpectedWord, 14),
        ("orders --group 'a b", UnclosedQuote, 15),
        (r'orders --description "a \"q\" b"', EscapedQuote, 24),
        ("--lazy", MissingArgument, 6),
    ],
)
def test_faults(line: str, fault: type[HeaderError], column: int) -> None:
    """Each fault is an error of its own that points at its word."""
    with pytest.raises(fault) as caught:
        parse_header(line, magics.ASSET)
    assert (caught.value.place.column, caught.value.magic) == (column, "%%asset")


def test_suggestions() -> None:
    """An unknown option or choice is answered with the nearest ones and the list."""
    with pytest.raises(UnknownOption, match=r"mean `--deps`.*\? Its options: --deps, --ins"):
        parse_header("orders --dep a", magics.ASSET)
    with pytest.raises(BadOptionValue, match="mean `pandas`"):
        parse_header("orders --as panda", magics.ASSET)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", {}),
        ("--force", {"force": True}),
        ("orders+", {"selection": "orders+"}),
        ("orders+ --only", {"selection": "orders+", "only": True}),
        ('key:"a --b" or x --jobs 2', {"selection": 'key:"a --b" or x', "jobs": 2}),
        ('tag:"a"="b c"', {"selection": 'tag:"a"="b c"'}),
        ("orders # a note --only", {"selection": "orders"}),
        ('key:"a#b"', {"selection": 'key:"a#b"'}),
        ("a--b", {"selection": "a--b"}),
        ('key:"a', {"selection": 'key:"a'}),
        ("x --executor threads --yes", {"selection": "x", "executor": "threads", "yes": True}),
    ],
)
def test_selection(line: str, expected: dict[str, object]) -> None:
    """A selection is the raw text before the first option that stands outside quotes."""
    assert changed(line, magics.MATERIALIZE) == expected


def test_expansion() -> None:
    """`{name}` expands in option values and quoted selection values, nowhere else."""
    variables = {"g": "air", "n": 3}
    line = 'key:"{g}" or {g} --jobs {n}'
    assert changed(line, magics.MATERIALIZE, variables=variables) == {
        "selection": 'key:"air" or {g}',
        "jobs": 3,
    }
    assert changed("{g} --group {g}", magics.ASSET, variables=variables)["name"] == "{g}"
    assert changed("a --group {g}", magics.ASSET)["group"] == "{g}"
    with pytest.raises(UnknownExpansion, match=r"`gg` is not defined\. Did you mean `g`"):
        parse_header("a --group {gg}", magics.ASSET, variables=variables)


BODY = """
#| deps: a, b
#|group: my group
#| description: "It's, well, a text # with a sign"
#| lazy: true
#| always: false
#| code_version: 2

#| retries:3
x = 1
#| timeout: 3
"""


def test_options_in_the_body() -> None:
    """Leading `#|` lines are options too; they end at the first line of code."""
    assert changed("orders --kind x", magics.ASSET, body=leading_options(BODY)) == {
        "name": "orders",
        "kinds": ("x",),
        "deps": ("a", "b"),
        "group": "my group",
        "description": "It's, well, a text # with a sign",
        "lazy": True,
        "code_version": "2",
        "retries": 3,
    }


@pytest.mark.parametrize(
    ("header", "body", "fault", "place"),
    [
        ("a --deps b", "#| deps: c", RepeatedOption, (2, 3)),
        ("a --lazy", "\n#| lazy: true", RepeatedOption, (3, 3)),
        ("a", "#| dep: c", UnknownOption, (2, 3)),
        ("a", "#| group:", MissingOptionValue, (2, 3)),
        ("a", "#| group: b\n#| group: c", RepeatedOption, (3, 3)),
        ("a", "#| retries: many", BadOptionValue, (2, 12)),
        ("a", "#| lazy: maybe", BadOptionValue, (2, 9)),
        ("a", "#| deps: 'b", UnclosedQuote, (2, 9)),
    ],
)
def test_faults_in_the_body(
    header: str, body: str, fault: type[HeaderError], place: tuple[int, int]
) -> None:
    """A fault of a `#|` line points into that line."""
    with pytest.raises(fault) as caught:
        parse_header(header, magics.ASSET, body=leading_options(body, 2))
    assert (caught.value.place.line, caught.value.place.column) == place


@pytest.mark.parametrize("spec", magics.MAGICS, ids=lambda spec: spec.magic)
def test_help(spec: MagicSpec[Any]) -> None:
    """`--help` gives a text with every option, wherever it stands in the line."""
    found: Any = parse_header("x --help", spec)
    assert isinstance(found, Help)
    assert found.text == help_text(spec)
    assert all(option.flag in found.text and option.help in found.text for option in spec.options)


@pytest.mark.parametrize("spec", magics.MAGICS, ids=lambda spec: spec.magic)
def test_declarations_fit_their_records(spec: MagicSpec[Any]) -> None:
    """The argument and the options of a magic fill exactly the fields of its record."""
    declared = [option.field for option in spec.options]
    if spec.argument is not None:
        declared.insert(0, spec.argument.field)
    assert declared == [field.name for field in dataclasses.fields(spec.record)]
    assert all(option.metavar or option.kind.takes == "flag" for option in spec.options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30", 30.0),
        ("1.5s", 1.5),
        ("5m", 300.0),
        ("5min", 300.0),
        ("1d 2h", 93600.0),
        ("1w", 604800),
    ],
)
def test_seconds(text: str, expected: float) -> None:
    """A duration is a number of seconds, or numbers with units."""
    assert seconds(text) == expected


@given(st.lists(st.text(st.characters(exclude_characters="\"'\n\r"), max_size=5), min_size=1))
def test_quoted_words_come_back(words: list[str]) -> None:
    """Whatever stands in quotes is taken as it is, commas and signs included."""
    line = "a --deps " + " ".join(f"'x{word}'" for word in words)
    assert changed(line, magics.ASSET)["deps"] == tuple(f"x{word}" for word in words)


@given(st.text(st.sampled_from("ab \"'#-={},--deps"), max_size=30))
def test_any_text_is_a_record_or_a_header_error(line: str) -> None:
    """No line makes the reader fail in another way than by an error that points at it."""
    specs: list[MagicSpec[Any]] = list(magics.MAGICS)
    for spec in specs:
        with contextlib.suppress(HeaderError):
            parse_header(line, spec)


def test_a_selection_after_the_options_is_told_its_place() -> None:
    """The line as it should be is in the message."""
    with pytest.raises(UnexpectedWord, match="`%materialize a or b --force`"):
        parse_header("--force a or b", magics.MATERIALIZE)


def test_a_path_in_quotes_may_end_in_a_backslash() -> None:
    """A backslash stands for itself."""
    header = parse_header(r'orders --description "C:\data\" --lazy', magics.ASSET)
    assert not isinstance(header, Help)
    assert header.description == "C:\\data\\"
