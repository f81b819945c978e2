"""What an error comes to in one line."""

from __future__ import annotations

from dagbook.events.records import ErrorRecord
from dagbook.views.lettering import elide

MOST = 300


def error_line(error: ErrorRecord, most: int = MOST) -> str:
    """Its type and the first line of its message, which may be none; of an interrupt that it was one.

    >>> error_line(ErrorRecord(type="ValueError", message="no\\nmore"))
    'ValueError: no'
    >>> error_line(ErrorRecord(type="KeyError", message=""))
    'KeyError'
    """
    if error.is_interrupt:
        return "interrupted"
    first = error.message.strip().partition("\n")[0]
    return elide(f"{error.type}: {first}" if first else error.type, most)
