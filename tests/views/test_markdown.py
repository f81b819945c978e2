"""Markdown shows its emphasis, lists and links, and never markup of its own."""

from __future__ import annotations

import re

import pytest

from dagbook.views.markdown import link_of, markdown_of
from tests.views.graphs import HOSTILE
from tests.views.test_tables import Tags

SAFE = {"p", "strong", "em", "code", "a", "ul", "ol", "li", "div", "pre", "br"} | {
    "table",
    "tr",
    "th",
    "td",
}


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
