"""What is written on the cards of the live graph."""

from __future__ import annotations

import pytest

from dagbook.views.parts import NodeView
from dagbook.widget.styling import node_label


@pytest.mark.parametrize(
    ("note", "checks", "width", "shown"),
    [
        ("✓ fresh · check failed ✗", "check failed ✗", 210, "✓ fresh · check failed ✗"),
        ("● stale · 1 of 2 failed · pinned", "1 of 2 failed", 210, "● stale · 1 of 2 failed"),
        ("⊘ blocked · 12 of 14 unchecked", "12 of 14 unchecked", 210, "⊘ · 12 of 14 unchecked"),
        ("3 ● stale · 5 ✓ fresh · 2 checks ✓", "2 checks ✓", 210, "3 ● stale · 2 checks ✓"),
        ("✓ fresh · pinned · unverified", "", 170, "✓ fresh · pinned"),
    ],
)
def test_state_and_checks_are_read_on_a_narrow_card(
    note: str, checks: str, width: float, shown: str
) -> None:
    """What else there is to say of an asset gives way to them, and then the word to its sign."""
    node = NodeView(id="a", label="a", state="fresh", note=note, checks=checks)
    assert node_label(node, width) == f"a\n{shown}"
