"""Tables show as escaped HTML and as aligned text that is the same on every run."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from dagbook.views.html import diff_of, html_of
from dagbook.views.tables import Cell, Column, state_cell, table, without_empty_columns
from dagbook.views.text import text_of
from tests.views.graphs import HOSTILE


class Tags(HTMLParser):
    """Collects the tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_text_is_aligned_by_columns() -> None:
    """Columns are as wide as their widest cell; numbers stand at the right."""
    view = table(["key", Column(name="rows", right=True)], [["orders", "5"], ["a", "1,200"]])
    assert text_of(view).splitlines() == ["key      rows", "orders      5", "a       1,200"]


def test_wide_letters_count_double() -> None:
    """Text of letters that take two columns of a terminal is aligned by columns, not by letters."""
    lines = text_of(table(["k", "v"], [["数据", "x"], ["ab", "y"]])).splitlines()
    assert lines[1:] == ["数据  x", "ab    y"]


def test_what_varies_is_left_out_of_text() -> None:
    """Times, sizes and ids stand in text only where they are asked for."""
    view = table(
        ["key", Column(name="took", varies=True)],
        [["a", "1.2 s"], ["b", Cell(text="9 ms", varies=True)]],
        varying="run 77",
    )
    assert "1.2 s" not in text_of(view)
    assert "77" not in text_of(view)
    assert text_of(view, varying=True).splitlines()[-1] == "run 77"


def test_what_varies_stands_in_marked_elements() -> None:
    """Without its marked elements the HTML of two runs is equal."""
    views = [table(["k"], [["a"]], varying=f"run {i}") for i in (1, 2)]
    one, two = (html_of(view) for view in views)
    assert one != two
    assert one.replace('<span class="dagbook-varies">run 1</span>', "") == two.replace(
        '<span class="dagbook-varies">run 2</span>', ""
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    """Whatever stands in a cell, a head, a caption or a hint never becomes markup."""
    cells: list[str | Cell] = [Cell(text=text, hint=text, code=True), state_cell(text)]
    view = table([text, "b"], [cells], caption=text, note=text, varying=text)
    found = Tags(html_of(view))
    assert found.tags <= {"div", "table", "thead", "tbody", "tr", "th", "td", "span"}
    assert found.attributes <= {"style", "class", "title"}
    assert len(found.text) < 20_000


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_keeps_its_line(text: str) -> None:
    """A cell of plain text is one line of bounded length without control characters."""
    shown = text_of(table(["k"], [[text]]))
    assert len(shown.splitlines()) == 2
    assert len(shown) < 90
    assert not any(ord(sign) < 32 for sign in shown if sign != "\n")


def test_a_state_has_its_sign_in_both() -> None:
    """Colour is never the only sign of a state."""
    view = table(["state"], [[state_cell("stale")]])
    assert "● stale" in text_of(view)
    assert "●" in Tags(html_of(view)).text


def test_columns_in_which_nothing_stands_go() -> None:
    """A column whose cells are all empty is not shown."""
    view = without_empty_columns(table(["a", "b"], [["1", ""], ["2", ""]]))
    assert [column.name for column in view.columns] == ["a"]


def test_a_row_of_another_length_is_refused() -> None:
    """A table has a cell for each column in each row."""
    with pytest.raises(ValueError, match="needs 2 cells"):
        table(["a", "b"], [["1"]])


def test_a_long_table_says_how_much_is_left_out() -> None:
    """Plain text stays short, and says so."""
    view = table(["n"], [[str(i)] for i in range(100)], more=5)
    assert text_of(view).splitlines()[-1] == "… 45 more"


def test_dollars_are_no_formula() -> None:
    """The page's MathJax leaves the table as it is."""
    html = html_of(table(["price"], [["$5 to $6"]]))
    assert html.startswith('<div class="dagbook-table mathjax_ignore tex2jax_ignore"')
    assert "$5 to $6" in html


def test_a_diff_is_escaped_and_tells_lines_apart() -> None:
    """Added and removed lines keep their signs; the names of the two sides are left out."""
    found = Tags(diff_of("--- before\n+++ now\n@@ -1 +1 @@\n-<b>\n+c"))
    assert found.text == "@@ -1 +1 @@-<b>+c"
    assert found.tags == {"pre", "span"}


def test_a_change_without_lines_has_no_box() -> None:
    """Of a secret it is only known that it changed."""
    assert diff_of("\n") == ""


def test_a_long_sentence_goes_on_below() -> None:
    """Nothing of it is left out, and the table keeps within 80 columns."""
    advice = (
        "module changed on disk, not reloaded (shop.clean): `importlib.reload(shop.clean)`; " * 2
    )
    lines = text_of(
        table(["asset", "why"], [["orders_by_day", advice], ["users", ""]])
    ).splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(line[15:] for line in lines[1:-1]) == advice.strip()
    assert lines[-1] == "users"


def test_code_in_a_column_of_sentences_is_code() -> None:
    """Elsewhere a cell may hold what a user wrote, and stays as it is."""
    html = html_of(table(["a", Column(name="why", said=True)], [["`b`", "Type `%dag <b>`."]]))
    assert "Type <code>%dag &lt;b&gt;</code>." in html
    assert "`b`" in html


def test_code_in_a_note_is_code() -> None:
    """A sentence below a table shows code as sentences elsewhere do; markup in it is text."""
    html = html_of(table(["a"], [["1"]], note="Type `%dag <b>`.\n`One` more"))
    assert "Type <code>%dag &lt;b&gt;</code>.\n<code>One</code> more" in html
