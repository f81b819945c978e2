"""What a body reads from outside, as it is shown."""

from __future__ import annotations

from dagbook.versions.parts import Part
from dagbook.views.outside import outside_table
from dagbook.views.text import text_of


def test_what_is_known_least_stands_first() -> None:
    """Helpers are listed too; the body itself is not."""
    view = outside_table(
        [
            Part("body", "body", "0"),
            Part("RATE", "content", "1"),
            Part("helper", "body", "2"),
            Part("lock", "weak", "3", reason="by its cell"),
            Part("eval", "untracked", "4", reason="may read any name"),
        ]
    )
    assert view is not None
    assert [line.split()[0] for line in text_of(view).splitlines()] == [
        *("name", "eval", "lock", "RATE", "helper")
    ]
    assert "helper  by its code" in text_of(view)


def test_a_body_that_reads_nothing_has_no_list() -> None:
    """There is no empty table."""
    assert outside_table([Part("body", "body", "0")]) is None
