"""Hearing of audit events."""

from __future__ import annotations

import sys
from uuid import uuid4

from dagbook.audit import listen


def test_a_listener_hears_the_arguments_of_its_event_and_of_no_other() -> None:
    """Of two events only the one that was listened to arrives, with what it was raised with."""
    event = f"dagbook.{uuid4()}"
    found: list[tuple[object, ...]] = []
    listen(event, found.append)
    sys.audit(event, 1, "two")
    sys.audit(f"{event}.other", 3)
    assert found == [(1, "two")]
