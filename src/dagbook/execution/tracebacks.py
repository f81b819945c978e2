"""Tracebacks as users want them: their own frames first, ours left out."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType

from dagbook.events.records import ErrorRecord
from dagbook.resources.secrets import redacted

_OURS = str(Path(__file__).resolve().parent.parent)


def trimmed(error: BaseException) -> TracebackType | None:
    """The error's traceback from the user's first frame on; whole where it has none of theirs."""
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OURS):
        frame = frame.tb_next
    return frame if frame is not None else error.__traceback__


def record_of(error: BaseException) -> ErrorRecord:
    """The error as it is kept; a message that can't be made never raises."""
    lines = traceback.format_exception(type(error), error, trimmed(error))
    return ErrorRecord(
        type=type(error).__name__,
        message=redacted(_message(error)),
        traceback=redacted("".join(lines)),
    )


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<the message could not be made>"
