"""Errors in one line."""

from __future__ import annotations

import pytest

from dagbook.events.records import ErrorRecord
from dagbook.views.error_lines import error_line


@pytest.mark.parametrize(
    ("type", "message", "line"),
    [
        ("ValueError", "no", "ValueError: no"),
        ("ValueError", "\nno\nmore", "ValueError: no"),
        ("KeyError", "", "KeyError"),
        ("KeyboardInterrupt", "", "interrupted"),
    ],
)
def test_an_error_is_told_in_a_line(type: str, message: str, line: str) -> None:
    """Type and first line; no colon before nothing; an interrupt is none of the body's errors."""
    assert error_line(ErrorRecord(type=type, message=message)) == line


def test_a_long_message_is_cut() -> None:
    """A heading stays a heading."""
    assert len(error_line(ErrorRecord(type="ValueError", message="x" * 10_000))) <= 300
