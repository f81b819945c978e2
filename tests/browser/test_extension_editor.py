"""What the editor knows of asset cells, from the wheel: colours, hover, underlines, completion."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab import Lab

CELLS = (
    "%load_ext dagbook\nimport pandas as pd",
    "%%asset orders --group shop  # note\n"
    "pd.DataFrame({'id': [1, 2], 'name': ['<b>bold</b>', 'plain']})",
    "%%asset sums --sql\nselect id, count(*) as n from orders group by id",
    "%%asset_check named\nassert orders.name.notna().all()",
    "len(orders)",
)
ORDERS, SUMS, CHECK, PLAIN = 1, 2, 3, 4

# The style of the innermost element whose text is the word.
_STYLE = """(cell, word) => {
  const found = [...cell.querySelectorAll('.cm-content span')].filter(e => e.textContent === word);
  const style = found.length ? getComputedStyle(found.at(-1)) : null;
  return style && `${style.color} ${style.fontWeight} ${style.fontStyle}`;
}"""
_POINT = """(cell, word) => {
  const texts = document.createTreeWalker(cell.querySelector('.cm-content'), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const at = text.textContent.indexOf(word);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + word.length);
    const box = range.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }
}"""


def style_of(lab: Lab, cell: int, word: str) -> str | None:
    """How a word of a cell is set, where it is an element of its own."""
    found = lab.cell(cell).evaluate(_STYLE, word)
    return None if found is None else str(found)


def point_at(lab: Lab, cell: int, word: str) -> Locator:
    """Rest the mouse on a word of a cell; gives the card that is shown then."""
    lab.cell(cell).scroll_into_view_if_needed()
    x, y = lab.cell(cell).evaluate(_POINT, word)
    # The card asks for a mouse that moves there and rests.
    lab.page.mouse.move(x - 3, y)
    lab.page.mouse.move(x, y)
    return lab.page.locator(".dagbook-hover")


def test_bodies_are_coloured_as_python_and_as_sql(lab_of_wheel: Lab) -> None:
    """A keyword of a body looks as in any other cell, whichever language the header says."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    expect(lab.cell(SUMS).locator(".cm-content span").first).to_be_visible()
    keyword = style_of(lab, 0, "import")
    assert keyword is not None
    for cell, word in ((SUMS, "select"), (SUMS, "group"), (CHECK, "assert"), (SUMS, "%%asset")):
        assert style_of(lab, cell, word) == keyword, word
    assert style_of(lab, ORDERS, "--group") not in (None, keyword)
    assert "italic" in (style_of(lab, ORDERS, "# note") or "")


def test_colours_follow_the_header(lab_of_wheel: Lab) -> None:
    """A cell that becomes an asset in SQL is coloured as SQL, and back."""
    lab = lab_of_wheel
    lab.open_cells("select = 1", "import os")
    keyword = style_of(lab, 1, "import")
    assert style_of(lab, 0, "select") != keyword
    lab.set_source(0, "%%asset a --sql\nselect 1 as one")
    assert style_of(lab, 0, "select") == keyword
    lab.set_source(0, "select = 1")
    assert style_of(lab, 0, "select") != keyword


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_name_of_an_asset_shows_its_state_and_value(lab_of_wheel: Lab, theme: str) -> None:
    """Where the mouse rests on a name, in SQL and in ordinary cells; values are text, not markup."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    if theme == "dark":
        lab.command("apputils:change-theme", theme="JupyterLab Dark")
        lab.wait_idle()
    lab.run_all()
    for cell in (SUMS, PLAIN):
        card = point_at(lab, cell, "orders")
        expect(card.locator(".dagbook-hover-state")).to_have_text("✓ fresh")
        expect(card.locator(".dagbook-hover-check")).to_have_text("named passed")
        expect(card).to_contain_text("2 rows × 2 columns")
        expect(card).to_contain_text("<b>bold</b>")
        lab.screenshot(f"extension-hover-{theme}")
        lab.page.mouse.move(2, 2)
        expect(card).to_have_count(0)
    assert lab.errors == []


def test_a_fault_is_underlined_while_it_is_typed(lab_of_wheel: Lab) -> None:
    """The wrong word alone is underlined, with what is wrong; repaired, it is not."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_cell(0)
    lab.set_source(SUMS, "%%asset sums --slq\nfrom orders")
    fault = lab.cell(SUMS).locator(".cm-lintRange-error")
    expect(fault).to_have_text("--slq")
    fault.hover()
    expect(lab.page.locator(".cm-tooltip-lint")).to_contain_text("has no option --slq")
    lab.screenshot("extension-underline")
    lab.page.mouse.move(2, 2)
    lab.set_source(SUMS, "%%asset sums --dep orders\n[1, 2")
    expect(fault).to_have_text(["--dep", "[1, 2"])
    lab.set_source(SUMS, "%%asset sums --sql\nfrom orders wehre id = 1")
    expect(fault).to_have_count(1)
    expect(fault).not_to_have_text("--slq")
    lab.set_source(SUMS, "%%asset sums --sql\nfrom orders where id = 1")
    expect(fault).to_have_count(0)


def test_an_ordinary_cell_is_left_alone(lab_of_wheel: Lab) -> None:
    """Wrong Python outside of asset cells is not ours to underline."""
    lab = lab_of_wheel
    lab.open_cells("%load_ext dagbook", "x = (", "%%asset a\nx = (")
    lab.run_cell(0)
    lab.set_source(1, "x = ((")
    lab.set_source(2, "%%asset a\nx = ((")
    expect(lab.cell(2).locator(".cm-lintRange-error")).to_have_count(1, timeout=20_000)
    assert lab.cell(1).locator(".cm-lintRange-error").count() == 0


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%%asset a --gro", "--group"),
        ("%%asset a --deps ord", "orders"),
        ("%materialize group:sh", "shop"),
    ],
)
def test_tab_completes_options_keys_and_selections(
    lab_of_wheel: Lab, typed: str, offered: str
) -> None:
    """In an asset's header as in a line magic, the kernel's completions are offered."""
    lab = lab_of_wheel
    lab.open_cells(*CELLS)
    lab.run_all()
    lab.set_source(PLAIN, "")
    lab.cell(PLAIN).locator(".cm-content").click()
    lab.page.keyboard.type(typed)
    lab.page.keyboard.press("Tab")
    text = lab.cell(PLAIN).locator(".cm-content")
    shown = lab.page.locator(".jp-Completer-item", has_text=offered)
    expect(shown.or_(text.get_by_text(offered)).first).to_be_visible(timeout=15_000)
