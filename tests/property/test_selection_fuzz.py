"""Any text is answered: by a tree, or by an error with a place in the text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from dagbook.errors.selection import SelectionError
from dagbook.selection.completion import complete
from dagbook.selection.parser import parse
from dagbook.selection.resolution import resolve
from dagbook.selection.tree import Selection
from tests.selection.graphs import case_graph
from tests.selection.strategies import trees

GRAPH = case_graph()
WORDS = ("and", "or", "not", "except", "AND", "a", "joined", "raw/*", '"a b"', '""', "<null>", "1")
NAMED = ("key", "group", "tag", "kind", "owner", "is", "status", "check", "changed", "check_key")
CALLED = ("sinks", "roots", "checks", "with_external")
SIGNS = ("*", "+", ":", "=", "(", ")", ",", "007", '"', "**", "-", ".", "|", "é", "\t", "\n", "\0")
PIECES = WORDS + NAMED + CALLED + SIGNS

soups = st.lists(st.sampled_from(PIECES), max_size=12).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda space: space.join(pieces))
)


def outcome(text: str) -> Selection | SelectionError:
    """The tree of a text, or the error that it is; anything else is raised."""
    try:
        return parse(text)
    except SelectionError as error:
        return error


@given(st.one_of(soups, st.text(max_size=40)))
@example("\ud800")
@example('"')
def test_any_text_is_a_tree_or_an_error_with_a_place(text: str) -> None:
    """Nothing else comes out; a tree that is read has a text that reads back."""
    found = outcome(text)
    if isinstance(found, SelectionError):
        assert 0 <= found.start <= len(text)
        assert found.title
    else:
        assert parse(str(found)) == found


@given(soups)
def test_any_tree_is_answered(text: str) -> None:
    """Whatever is read can be resolved strictly, or the error says what can't be."""
    tree = outcome(text)
    if isinstance(tree, Selection):
        try:
            held = resolve(tree, GRAPH, strict_names=True)
        except SelectionError:
            return
        assert held <= frozenset(GRAPH.keys)


@given(soups, st.integers(0, 40))
def test_completion_never_fails(text: str, cursor: int) -> None:
    """At any place of any text there is a list, and each entry starts before the cursor."""
    for found in complete(text, min(cursor, len(text)), GRAPH):
        assert found.start <= cursor


@given(trees())
def test_completions_can_be_taken(tree: Selection) -> None:
    """After a whole selection, taking a completion gives the beginning of another selection."""
    text = str(tree)
    for found in complete(text, len(text), GRAPH)[:20]:
        taken = text[: found.start] + found.text
        result = outcome(taken)
        assert isinstance(result, Selection) or result.start == len(taken)
