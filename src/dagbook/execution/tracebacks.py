"""Tracebacks as users want them: their own frames first, ours left out."""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path
from types import TracebackType

from dagbook.errors.base import DagbookError
from dagbook.events.records import ErrorRecord
from dagbook.execution.sources import place_of
from dagbook.resources.secrets import redacted

_OURS = str(Path(__file__).resolve().parent.parent)
# A context manager of ours is entered and left by frames of this module.
_AROUND_OURS = contextlib.__file__
_DRIVING = tuple(
    str(Path(contextlib.__file__).parent / name) + os.sep for name in ("asyncio", "concurrent")
)


def trimmed(error: BaseException) -> TracebackType | None:
    """The error's traceback without frames of ours; whole where it has none of the user's.

    An error of dagbook tells all in its sentence. Of any other that was raised in our code, the
    frames from the user's first one on are kept: it is a fault of ours, to be found by them.
    """
    frames = list(_frames(error.__traceback__))
    users = [frame for frame in frames if not _is_ours(frame.tb_frame.f_code.co_filename)]
    # What drives an asynchronous body, in a thread of its own, stands before its first frame.
    users = list(dropwhile(_is_driving, users)) or users
    if isinstance(error, DagbookError) or (users and users[-1] is frames[-1]):
        return _chained(users)
    return users[0] if users else error.__traceback__


def _frames(first: TracebackType | None) -> Iterator[TracebackType]:
    while first is not None:
        yield first
        first = first.tb_next


def _chained(frames: list[TracebackType]) -> TracebackType | None:
    """A traceback of these frames alone."""
    chain = None
    for one in reversed(frames):
        if one.tb_next is chain:
            chain = one
        else:
            chain = TracebackType(chain, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return chain


def _is_driving(frame: TracebackType) -> bool:
    return frame.tb_frame.f_code.co_filename.startswith(_DRIVING)


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OURS) or filename == _AROUND_OURS


def record_of(error: BaseException) -> ErrorRecord:
    """The error as it is kept; a message that can't be made never raises."""
    told = traceback.TracebackException(type(error), error, trimmed(error), compact=True)
    _name_cells(told)
    return ErrorRecord(
        type=type(error).__name__,
        message=redacted(_message(error)),
        traceback=redacted("".join(told.format())),
    )


def _name_cells(told: traceback.TracebackException) -> None:
    """Call cells what their reader calls them, here and in the errors that this one came from."""
    for frame in told.stack:
        _ = frame.line  # is read by the name that it has until now
        frame.filename = place_of(frame.filename)
    others = (told.__cause__, told.__context__, *(getattr(told, "exceptions", None) or ()))
    for one in others:
        if one is not None:
            _name_cells(one)


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "<the message could not be made>"
