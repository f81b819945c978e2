"""Finds the constants of a loaded module that its file has changed since, without a reload."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field
from types import ModuleType
from typing import Any

from dagbook.records import dataclass
from dagbook.versions.canonical import canonical
from dagbook.versions.content import Writer
from dagbook.versions.origin import home_of_file
from dagbook.versions.source import Files, SourceText

_NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Loaded:
    """A module since it was loaded: its file as it was first looked at, and what differed last."""

    spec: object
    first: SourceText | None
    last: SourceText | None = None
    names: frozenset[str] = field(default=_NONE)


# A reload gives a module another spec, so that what is known of it begins anew.
_loaded: dict[int, _Loaded] = {}


def outdated(namespace: Mapping[str, Any], files: Files) -> frozenset[str]:
    """The names of a module's namespace that its file binds to something else by now.

    Only changes of the file count, from when the module was first looked at: what the user has
    set in the module since is a value like any other.

    Args:
        namespace: the globals of a function, or the attributes of a module.
        files: the files as they are now.
    """
    spec, file = namespace.get("__spec__"), namespace.get("__file__")
    if spec is None or not isinstance(file, str):
        return _NONE
    known = _loaded.get(id(spec))
    if known is None or known.spec is not spec:
        first = files.text(file) if home_of_file(file) == "own" else None
        _loaded[id(spec)] = _Loaded(spec, first)
        return _NONE
    if known.first is None:
        return _NONE
    now = files.text(file)
    if now is known.first or now is None or now.tree is None or known.first.tree is None:
        return _NONE
    if now is not known.last:
        before, after = _assigned(known.first.tree), _assigned(now.tree)
        known.last = now
        known.names = frozenset(
            name
            for name in before.keys() & after.keys()
            if canonical(before[name]) != canonical(after[name])
        )
    return frozenset(
        name
        for name in known.names
        if name in namespace and not _holds(namespace[name], _assigned(now.tree)[name])
    )


def outdated_at(label: str, namespace: Mapping[str, Any], files: Files) -> str | None:
    """The module of a name that is outdated, as code says it: `RATE`, or `prep.RATE`."""
    *path, name = label.split(".")
    space = namespace
    for part in path:
        module = space.get(part)
        if not isinstance(module, ModuleType):
            return None
        space = vars(module)
    return str(space.get("__name__")) if name in outdated(space, files) else None


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """What the file binds a name to at its top, the last time."""
    found: dict[str, ast.expr] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name) and statement.value is not None:
                found[target.id] = statement.value
    return found


def _holds(value: Any, expression: ast.expr) -> bool:
    """Whether the value is the very literal that the file has now."""
    try:
        literal = ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    plain = Writer()
    return type(value) is type(literal) and plain.write(value) == plain.write(literal)
