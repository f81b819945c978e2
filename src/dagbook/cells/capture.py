"""The locals of each body's last run, kept in this process for looking at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the filename of the cell. Compiled bodies reach it by import, so that they stay picklable.
_last: dict[str, dict[str, Any]] = {}

_OURS = "_dagbook_"


def remember(filename: str, values: Mapping[str, Any]) -> None:
    """Keep the locals with which a body ended, in place of those of its run before."""
    _last[filename] = {name: value for name, value in values.items() if not name.startswith(_OURS)}


def recall(filename: str) -> dict[str, Any] | None:
    """The locals of the last run of the body compiled under `filename`; None before one.

    Example:
        >>> remember("cell-1", {"rows": 3})
        >>> recall("cell-1")
        {'rows': 3}
    """
    return _last.get(filename)


def release(filename: str) -> None:
    """Let go of what is kept for one body."""
    _last.pop(filename, None)
