"""Where the caret stands, what was expected, and what is offered, for every kind of mistake."""

from __future__ import annotations

import pickle

import pytest

from dagbook.definitions.decorators import asset
from dagbook.errors.selection import (
    SelectionError,
    SelectionNotAnswerable,
    SelectionSyntaxError,
    SelectionTooLarge,
    UnknownNameInSelection,
    UnspeakableName,
)
from dagbook.graph.asset_graph import AssetGraph
from dagbook.selection.parser import parse
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import Key
from tests.selection.graphs import case_graph

# The text, the columns of the caret, a word of what was expected or advised.
MISTAKES = [
    ("", 0, 1, "expected a key"),
    ("   ", 3, 4, "expected a key"),
    ("a b", 2, 3, "`a or b`"),
    ("a, b", 1, 2, "`a or b`"),
    ("a,b,c", 1, 2, "`a or b or c`"),
    ("group:a group:b", 8, 13, "`group:a or group:b`"),
    ("key:a,key:b", 5, 6, "`key:a or key:b`"),
    ("a and", 5, 6, "expected a key"),
    ("a And b", 2, 5, "`and` in small letters"),
    ("a | b", 2, 3, "Write `or`"),
    ("a & b", 2, 3, "Write `and`"),
    ("a - b", 2, 3, "Write `and not`"),
    ("!a", 0, 1, "Write `not`"),
    ("-1+a", 0, 1, "expected a key"),
    ("raw-items", 3, 4, '`"raw-items"`'),
    ("lonely-one.x+", 6, 7, '`"lonely-one.x"`'),
    ("orders.no_nulls", 6, 7, '`check_key:"orders.no_nulls"`'),
    ("owner:ana@x.io", 9, 10, '`owner:"ana@x.io"`'),
    ("key:1abc", 4, 5, '`key:"1abc"`'),
    ("key:and", 4, 7, '`key:"and"`'),
    ("key:*", 4, 5, "`*`"),
    ("key:", 4, 5, "expected a key"),
    ("key:'a'", 4, 5, "double quotes"),
    ('key:"a', 4, 5, "ends with a double quote"),
    ('key:"a\\"b"', 4, 5, "no backslash"),
    ("Key:a", 0, 3, "`key:`"),
    ("knd:python", 0, 3, "`kind:`"),
    ("status", 6, 7, 'written "status"'),
    ("status:stal", 7, 11, "`status:stale`"),
    ("status:<null>", 7, 13, "expected a value of `status:`"),
    ("is:nope", 3, 7, "external, materializable or selected"),
    ("check:broken", 6, 12, "failed, passed, warned or missing"),
    ("check_key:a", 10, 11, "`asset.check`"),
    ("group:mar*", 6, 10, '`group:"mar*"`'),
    ("kind:duck*", 5, 10, "Only keys and quoted groups"),
    ("tag:<null>", 4, 10, "expected a value of `tag:`"),
    ("tag:a:b", 5, 6, "after `=`"),
    ("tag:tier=1", 9, 10, '`tag:tier="1"`'),
    ("sinks a", 6, 7, "expected `(`"),
    ("sink(a)", 0, 4, "`sinks(`"),
    ("sinks(a,b)", 7, 8, "expected `+`"),
    ("(a", 2, 3, "`)`"),
    ("a)", 1, 2, "the end"),
    ("()", 1, 2, "expected a key"),
    ("+*", 1, 2, "takes no `+`"),
    ("a++", 2, 3, "One `+` a side"),
    ("a+1+", 3, 4, "the end"),
    ("+1a", 1, 2, "before its `+`"),
    ("2a", 1, 2, "expected `+`"),
    ("2+3", 2, 3, "expected a key"),
    ("<null>", 0, 6, "expected a key"),
    ("a\nb", 2, 3, "`a or b`"),
    ("é", 0, 1, "expected a key"),
]


@pytest.mark.parametrize(("text", "start", "end", "told"), MISTAKES)
def test_points_at_the_mistake(text: str, start: int, end: int, told: str) -> None:
    """The error has the place and says what may stand there or what to write instead."""
    with pytest.raises(SelectionSyntaxError) as caught:
        parse(text)
    error = caught.value
    assert (error.start, error.end) == (start, end)
    assert told in str(error)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a b", "a or b"),
        ("+a +b", "+a or +b"),
        ("+a +b +c", "+a or +b or +c"),
        ("a+ +b", "a+ or +b"),
        ("a 2+b", "a or 2+b"),
        ("1+a+1, kind:x b", "1+a+1 or kind:x or b"),
        ('key:"x y" +b', 'key:"x y" or +b'),
        ("(a or b) +c", "(a or b) or +c"),
        ("a and +b +c", "a and +b or +c"),
        ("a + b", "a + or b"),
    ],
)
def test_two_selections_without_an_operator_are_joined(text: str, meant: str) -> None:
    """What is offered is a selection, each `+` with the name that it touches."""
    with pytest.raises(SelectionSyntaxError) as caught:
        parse(text)
    assert caught.value.suggestions == (meant,)
    parse(meant)


def test_draws_the_caret_below_the_place() -> None:
    """The caret stands in the column of the mistake, below the line that has it."""
    with pytest.raises(SelectionSyntaxError) as caught:
        parse("a or\n\tb c")
    line, caret = str(caught.value).splitlines()[1:3]
    assert line == "     b c"
    assert caret == "       ^"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a" * 100_000, "characters"),
        ("(" * 1_000 + "a" + ")" * 1_000, "levels"),
        ("not " * 1_000 + "a", "levels"),
        ("sinks(" * 1_000, "levels"),
        ("+(" * 1_000, "levels"),
    ],
)
def test_refuses_what_is_too_large(text: str, what: str) -> None:
    """A text beyond the limits is one error, which shows a short piece of it."""
    with pytest.raises(SelectionTooLarge, match=what) as caught:
        parse(text)
    assert len(str(caught.value)) < 500


UNKNOWN = [
    ("+joind", 1, 6, "`joined`"),
    ('key:"orders"', 4, 12, "`raw/orders`"),
    ("group:mart", 6, 10, "`marts`"),
    ("kind:duckb", 5, 10, "`duckdb`"),
    ('owner:"ana@x.oi"', 6, 16, "`ana@x.io`"),
    ("tag:teir", 4, 8, "`tier`"),
    ("tag:tier", 4, 8, '`tag:tier="1"`'),
    ('tag:tier="9"', 4, 12, '`tag:tier="1"`'),
    ("partitions:dynamc", 11, 17, "`dynamic`"),
    ("* and not (report or reprt)", 21, 26, "`report`"),
]


@pytest.mark.parametrize(("text", "start", "end", "told"), UNKNOWN)
def test_names_what_nothing_has(text: str, start: int, end: int, told: str) -> None:
    """With strict names, a name that nothing has is an error with the nearest that there are."""
    with pytest.raises(UnknownNameInSelection) as caught:
        resolve(parse(text), case_graph(), strict_names=True)
    assert (caught.value.start, caught.value.end) == (start, end)
    assert told in str(caught.value)


def test_a_name_that_is_only_read_is_unknown() -> None:
    """What an asset reads and nothing defines can't be selected, nor is it offered; a dep can."""

    @asset(deps=["elsewhere"])
    def revenue(ordrs: int) -> int:
        return ordrs

    graph = AssetGraph.of(revenue)
    with pytest.raises(UnknownNameInSelection) as caught:
        resolve(parse("ordrs"), graph, strict_names=True)
    assert (caught.value.name, caught.value.suggestions) == ("ordrs", ())
    resolve(parse("elsewhere"), graph, strict_names=True)


@pytest.mark.parametrize("text", ['key:"nope*"', "kind:<null>", 'group:"z*"', "tag:pii", "joined"])
def test_accepts_names_that_are_known_or_patterns(text: str) -> None:
    """With strict names, patterns may match nothing, and known names raise nothing."""
    tree = parse(text)
    assert resolve(tree, case_graph(), strict_names=True) == resolve(tree, case_graph())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sensor:s", "nothing here runs by itself"),
        ("job:j", "write its selection"),
        ("column_tag:a=b", "ask `column:`"),
        ("changed_in_branch:NEW", "ask `changed:code`"),
        ("status:stale", "in a notebook or a workspace"),
        ("is:selected", "only a notebook"),
        ('table_name:"t"', "in a notebook or a workspace"),
    ],
)
def test_says_why_something_cannot_be_asked(text: str, told: str) -> None:
    """What a bare graph, or dagbook as a whole, does not know is an error and not an empty set."""
    with pytest.raises(SelectionNotAnswerable, match=told):
        resolve(parse(text), case_graph())


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb"])
def test_refuses_a_name_that_has_no_text(name: str) -> None:
    """A tree that could not be written down is refused when it is made."""
    with pytest.raises(UnspeakableName):
        Key(name)


def test_errors_survive_pickling() -> None:
    """An error that crosses processes keeps its fields and its text."""
    with pytest.raises(SelectionError) as caught:
        parse("a b")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
