"""Lets `name?`, Shift-Tab and the completion of attributes see the values of assets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.completer import SimpleCompletion
from IPython.core.interactiveshell import InteractiveShell

from dagbook.notebook.session import NotebookSession

# What a shell looks up an object by, for a cell and for a front end.
_LOOKING = ("_inspect", "object_inspect_mime")
# Larger values are not loaded only to be looked at.
_LARGEST = 50_000_000


def inspect_names(shell: InteractiveShell, session: NotebookSession) -> Callable[[], None]:
    """Have the shell find assets where it looks for an object; gives what ends it."""
    undo = [_wrapped(shell, name, session) for name in _LOOKING if hasattr(shell, name)]

    def end() -> None:
        for one in undo:
            one()

    return end


def attributes(session: NotebookSession, token: str) -> Iterator[SimpleCompletion]:
    """What `asset.attr` may go on to, for the value that is kept."""
    root, dot, begun = token.rpartition(".")
    if not dot or not root.isidentifier():
        return
    with _lent(session, root) as value:
        if value is None:
            return
        for name in dir(value):
            if name.startswith(begun) and (begun.startswith("_") or not name.startswith("_")):
                yield SimpleCompletion(f"{root}.{name}", type="attribute")


def _wrapped(shell: InteractiveShell, name: str, session: NotebookSession) -> Callable[[], None]:
    original = getattr(shell, name)
    # `_inspect` is given how to look before what to look at.
    at = 1 if name == "_inspect" else 0

    def looking(*args: Any, **kwargs: Any) -> Any:
        asked = args[at] if len(args) > at else kwargs.get("oname", "")
        with _lent(session, str(asked).partition(".")[0]):
            return original(*args, **kwargs)

    setattr(shell, name, looking)
    return lambda: delattr(shell, name)


@contextmanager
def _lent(session: NotebookSession, name: str) -> Iterator[Any]:
    """The value of an asset, as a variable for as long as it is looked at; None where there is none."""
    space = session.namespace
    value = None
    if name not in space and session.is_readable(name):
        value = session.value_to_look_at(name, _LARGEST)
    if value is None:
        yield None
        return
    space[name] = value
    try:
        yield value
    finally:
        if space.get(name) is value:
            del space[name]
