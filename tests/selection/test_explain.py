"""The explanation of a selection, as text."""

from __future__ import annotations

from dagbook.selection.explain import explain
from dagbook.selection.parser import parse
from tests.selection.graphs import case_graph


def test_shows_each_part_with_its_count() -> None:
    """One line a part, below the one that it belongs to, with how many assets it holds."""
    found = explain(parse("+joined and not group:clean"), case_graph())
    assert str(found).splitlines() == [
        '4  +key:"joined" and not group:"clean"',
        '6    +key:"joined"',
        '1      key:"joined"',
        '9    not group:"clean"',
        '2      group:"clean"',
    ]


def test_of_a_single_name_is_one_line() -> None:
    """What has no parts is explained by its count."""
    assert str(explain(parse("joined"), case_graph())) == '1  key:"joined"'
