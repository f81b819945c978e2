"""What a notebook gives to runs by the names of its variables: I/O managers and config."""

from __future__ import annotations

from typing import Any

from dagbook.errors.base import nearest
from dagbook.errors.notebook import UnknownVariable
from dagbook.errors.resources import MissingIOManager, NotAnIOManager
from dagbook.notebook.face import Face


def variable(face: Face, magic: str, option: str, name: str) -> Any:
    """The value of a variable that an option names; raises UnknownVariable with suggestions."""
    space = face.shell.user_ns
    if name not in space:
        known = [one for one in space if isinstance(one, str) and not one.startswith("_")]
        raise UnknownVariable(
            magic=magic, option=option, name=name, suggestions=nearest(name, known)
        )
    return space[name]


def provide_manager(face: Face, name: str, needed_by: str) -> None:
    """See that there is an I/O manager of this name: a resource, or a variable that becomes one.

    A variable that was bound anew takes the older one's place. Raises MissingIOManager with
    suggestions, or NotAnIOManager.
    """
    workspace, bound = face.workspace, face.shell.user_ns.get(name)
    if bound is not None and hasattr(bound, "handle_output"):
        if workspace.resources.get(name) is not bound:
            workspace.provide({name: bound})
    elif name not in workspace.resources:
        if bound is not None:
            raise NotAnIOManager(name=name, kind=type(bound).__name__)
        managers = [n for n, one in face.shell.user_ns.items() if hasattr(one, "handle_output")]
        raise MissingIOManager(
            name=name,
            needed_by=needed_by,
            suggestions=nearest(name, [*workspace.resources, *managers]),
            by_variable=True,
        )
