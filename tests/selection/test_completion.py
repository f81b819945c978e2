"""What is offered after each beginning of a selection."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagbook.selection.completion import Completion, complete
from dagbook.selection.protocol import World
from dagbook.selection.tokens import Kind, Token, tokenize
from dagbook.selection.tree import Selection
from tests.selection.graphs import Row, case_graph, graph_of
from tests.selection.strategies import GROUPS, KEYS, KINDS, OWNERS, TAGS, VALUES, trees

GRAPH = case_graph()


def offered(text: str, cursor: int | None = None) -> list[str]:
    """The texts offered at the cursor, which stands at the end unless told otherwise."""
    found = complete(text, len(text) if cursor is None else cursor, GRAPH)
    return [completion.text for completion in found]


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("", ["joined", '"lonely-one.x"', '"key"', "group:", "sinks(", "not", "(", "*", "+"]),
        ("jo", ["joined"]),
        ("+jo", ["joined"]),
        ("sensor", ["Sensor"]),
        ("raw/", ["raw/users", "raw/orders"]),
        ("lonely", ['"lonely-one.x"']),
        ("joined ", ["and", "or", "except", "+"]),
        ("joined", ["joined", "+"]),
        ("joined a", ["and"]),
        ("(joined", [")", "+"]),
        ("(joined ", [")", "and"]),
        ("gro", ["group:"]),
        ("group", ["group:", ":"]),
        ("group:", ["marts", "clean", "<null>"]),
        ("group:ma", ["marts"]),
        ("kind:", ["duckdb", "python", "sql"]),
        ("owner:", ['"ana@x.io"', '"team:data"']),
        ("tag:", ["tier", "domain/name"]),
        ("tag:tier", ["tier", "="]),
        ("tag:tier=", ['"1"', '"2"']),
        ("is:", ["external", "materializable", "selected"]),
        ("status:st", ["stale"]),
        ("check:", ["failed", "passed", "warned", "missing"]),
        ("changed:", ["code", "dependencies", "data", "file"]),
        ("partitions:", ["none", "static"]),
        ('key:"raw', ['"raw/users"', '"raw/orders"', '"raw_items"']),
        ('"lone', ['"lonely-one.x"']),
        ("sinks", ["sinks("]),
        ("with", ["with_external(", "without_checks("]),
        ("2", ["+"]),
        ("not ", ["joined", "not"]),
    ],
)
def test_offers(text: str, some: list[str]) -> None:
    """After this beginning, these are among what is offered."""
    assert set(some) <= set(offered(text))


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("", ["and", ")", "sensor:"]),
        ("jo", ["report", "and", "("]),
        ("joined ", ["joined", ")", "not"]),
        ("+", ["*", "not", "+"]),
        ("group:", ["joined", "*"]),
        ("a b", ["+", "joined"]),
        ("a ++ ", ["joined"]),
        ("nope:", ["joined"]),
    ],
)
def test_does_not_offer(text: str, none: list[str]) -> None:
    """What could not stand there is not offered."""
    assert not set(none) & set(offered(text))


def test_replaces_from_the_start_of_the_word() -> None:
    """A completion takes the place of what is typed of its word."""
    found = complete("+group:mar and x", 10, GRAPH)
    assert found[0] == Completion("marts", 7, "group")


def test_keeps_a_closing_quote_that_is_there() -> None:
    """Where an editor has closed the quote already, the completion does not close it again."""
    assert complete('key:"joi"', 8, GRAPH)[0] == Completion('"joined', 4, "asset")


def test_same_letters_with_other_capitals_come_last() -> None:
    """Capitals do not keep a name from being found, but exact ones go first."""
    assert offered("kind:p")[:2] == ["python", "Python"]


def test_asks_the_records_for_columns_and_tables() -> None:
    """Columns and tables are those that were recorded."""
    world = World(
        columns_of=lambda key: frozenset({"id", "name"}), table_of=lambda key: f"t_{key.name}"
    )
    graph = graph_of([Row(key="a"), Row(key="b")])
    assert [found.text for found in complete("column:", 7, graph, world)] == ["id", "name"]
    assert [found.text for found in complete("table_name:", 11, graph, world)] == ["t_a", "t_b"]


ROWS = [
    Row(key=key, group=group, kinds=KINDS, owners=OWNERS, tags=dict.fromkeys(TAGS, value))
    for key, group, value in zip(KEYS, GROUPS * 3, VALUES * 3, strict=False)
]
KNOWN = graph_of(ROWS)
NAMES = {*KEYS, *GROUPS, *KINDS, *OWNERS, *TAGS, *VALUES} - {""}


@given(trees(), st.data())
def test_every_next_token_is_offered(tree: Selection, data: st.DataObject) -> None:
    """After any beginning of a selection, what goes on with it is among what is offered."""
    text = str(tree)
    tokens = tokenize(text)[:-1]
    place = data.draw(st.integers(0, len(tokens) - 1))
    token, before = tokens[place], tokens[place - 1].text if place else ""
    texts = {found.text for found in complete(text, token.start, KNOWN)}
    # Nothing is known of the values of a tag that the graph does not have.
    of_a_tag = place > 1 and tokens[place - 1].kind is Kind.EQUAL
    if _is_known(token) and not (of_a_tag and tokens[place - 2].value not in TAGS):
        # A word that is no keyword by itself is offered together with its sign.
        signed = {token.text, f"{token.text}:", f"{token.text}(", before + token.text}
        assert texts & signed or token.value in {text.strip('"') for text in texts}


def _is_known(token: Token) -> bool:
    if token.kind is Kind.QUOTED:
        return token.value in NAMES
    return token.kind not in (Kind.DIGITS, Kind.NULL)
