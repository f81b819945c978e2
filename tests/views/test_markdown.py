"""Markdown shows its emphasis, lists and links, and never markup of its own."""

from __future__ import annotations

import re

import pytest

from dagbook.views.markdown import link_of, markdown_of
from tests.views.graphs import HOSTILE
from tests.views.test_tables import Tags

SAFE = {"p", "strong", "em", "code", "a", "ul", "ol", "li", "div", "pre", "br"}
SAFE |= {"table", "thead", "tbody", "tr", "th", "td"}
DOT = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("**a**", "strong"),
        ("*a*", "em"),
        ("`a`", "code"),
        ("- a\n- b", "ul"),
        ("1. a\n2. b", "ol"),
        ("```\na\n```", "pre"),
        ("[a](https://example.org)", "a"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "table"),
        ("a | b\n--- | ---\n1 | 2", "table"),
        (f"![a plot]({DOT})", "img"),
        ("Of these:\n* a\n* b", "ul"),
        ("* a\n    1. b\n* c", "ol"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", "td"),
    ],
)
def test_common_markup_is_shown(text: str, tag: str) -> None:
    """Each common construct becomes its element."""
    assert tag in Tags(markdown_of(text)).tags


@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE,
        "[a](javascript:alert(1))",
        '[a](https://x.org" onclick="alert(1))',
        "![x](x onerror=alert(1))",
        "`<b>` **<i>** *<u>*",
        "| <b> | b |\n|---|---|\n| <i> | \\| <u> |",
        "> <b>\n> * <i>",
        "![a](https://example.org/tracks.png)",
        "![a](data:image/svg+xml;base64,PHN2Zz4=)",
        ">" * 3_000,
        "".join(f"{' ' * i}* a\n" for i in range(150)),
        "| <b> | <i> |\n|---|---|\n| <script>x</script> | [a](javascript:b) |",
    ],
)
def test_nothing_of_the_text_becomes_markup(text: str) -> None:
    """Tags, scripts and handlers in the text stay text."""
    found = Tags(markdown_of(text))
    assert found.tags <= SAFE
    assert found.attributes <= {"style", "href", "target", "rel"}
    assert "javascript:" not in markdown_of(text) or "href" not in found.attributes


def test_a_table_has_as_many_cells_in_a_row_as_in_its_head() -> None:
    """Numbers stand right where the rule says so; a bar in a cell is written with a backslash."""
    shown = markdown_of("two:\n| a | b |\n|:--|--:|\n| x \\| y |\n| 1 | 2 | 3 |")
    assert re.findall(r"<t[hd][^>]*text-align:(\w+)\">([^<]*)<", shown) == [
        *[("left", "a"), ("right", "b"), ("left", "x | y"), ("right", "")],
        *[("left", "1"), ("right", "2")],
    ]
    assert "two:" in shown.partition("<table")[0]
    assert "<table" not in markdown_of("a | b\n--- but no rule | of a table")


def test_only_web_addresses_are_links() -> None:
    """An address that would run a script is shown as text."""
    assert "href" in link_of("https://example.org/?a=1&b=2")
    assert "href" not in link_of("javascript:alert(1)")


def test_a_table_keeps_its_cells_and_its_sides() -> None:
    """What a frame's `to_markdown` gives: cells in order, numbers at the right, bars by a backslash."""
    shown = markdown_of(
        "|    | name   |   n |\n|---:|:-------|----:|\n|  0 | a \\| b |  12 |\n\nafter"
    )
    assert Tags(shown).text == "namen0a | b12after"
    assert shown.count("text-align:right") == 4


def test_a_picture_may_be_larger_than_a_text() -> None:
    """The limit of a text does not cut a picture that it carries, nor what follows it."""
    shown = markdown_of(f"before\n\n![p]({DOT[:-1]}{'A' * 50_000})\n\nafter")
    assert "A" * 50_000 in shown
    assert Tags(shown).text == "beforeafter"


def test_lists_in_lists_are_nested() -> None:
    """An item's own list stands in it."""
    shown = markdown_of("1. a\n   - b\n   - c\n2. d")
    assert shown.count("<ul") == shown.count("<ol") == 1
    assert shown.index("<ul") < shown.index("</li>")
