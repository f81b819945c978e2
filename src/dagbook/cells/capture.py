"""The locals of the bodies that ran last, kept in this process for looking at them."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")

# By the filename of the cell. Compiled bodies reach it by import, so that they stay picklable.
_last: dict[str, dict[str, Any]] = {}
# Locals may be large: those of earlier bodies are let go.
_KEPT = 3
_OURS = "_dagbook_"


def remember(filename: str, values: Mapping[str, Any], value: Value = None) -> Value:  # type: ignore[assignment]
    """Keep the locals with which a body ended, in place of those of its run before.

    Gives `value` back, so that it can stand around what the body returns.
    """
    _last.pop(filename, None)
    _last[filename] = {name: one for name, one in values.items() if not name.startswith(_OURS)}
    while len(_last) > _KEPT:
        del _last[next(iter(_last))]
    return value


def remember_failure(filename: str, error: BaseException) -> None:
    """Keep the locals with which a body raised."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == filename:
            remember(filename, frame.f_locals)
            return


def recall(filename: str) -> dict[str, Any] | None:
    """The locals of the last run of the body compiled under `filename`; None where none are kept.

    Example:
        >>> remember("cell-1", {"rows": 3})
        >>> recall("cell-1")
        {'rows': 3}
    """
    return _last.get(filename)
