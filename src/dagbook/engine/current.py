"""The workspace that code without one of its own means."""

from __future__ import annotations

from dagbook.engine.workspace import Workspace

_current: Workspace | None = None


def workspace() -> Workspace:
    """The current workspace: the notebook's, or else one on the nearest store, opened now.

    Raises StoreError where the store can't be opened.

    >>> import dagbook
    >>> dagbook.workspace() is dagbook.workspace()
    True
    """
    global _current
    if _current is None:
        _current = Workspace()
    return _current


def set_workspace(opened: Workspace | None) -> None:
    """Make this the current workspace; None for none."""
    global _current
    _current = opened
