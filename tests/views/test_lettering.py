"""Names are fitted into the room that there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dagbook.views.lettering import clean_block, clean_line, elide, fit, width_of


@given(st.text(max_size=200), st.integers(4, 60))
def test_elided_text_is_at_most_so_long(text: str, most: int) -> None:
    """Short text stays; of long text head and tail stay."""
    shown = elide(text, most)
    assert len(shown) <= most
    assert shown == text if len(text) <= most else shown[0] == text[0]


@given(st.text(min_size=1, max_size=200), st.floats(60, 400))
def test_fitted_text_is_at_most_so_wide(text: str, room: float) -> None:
    """No text is wider than its room, whatever its letters."""
    assert width_of(fit(text, 12, room), 12) <= room


@given(st.text(max_size=200))
def test_a_clean_line_is_one_line(text: str) -> None:
    """Nothing in it ends the line or turns the direction of writing."""
    shown = clean_line(text)
    assert len(shown.splitlines()) <= 1
    assert "\u202e" not in shown


def test_codes_of_terminals_are_taken_out_of_blocks() -> None:
    """Colours of a traceback do not show as garbage; lines stay."""
    assert clean_block("\x1b[31mred\x1b[0m\nline") == "red\nline"
