"""Code typed into cells: compiled as a shell does it, so that its source is found."""

from __future__ import annotations

import itertools
import linecache
import textwrap
from typing import Any

import dagbook
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.specs import AssetSpec
from dagbook.engine.workspace import Workspace

_numbers = itertools.count()


def typed(text: str, space: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run the text of a cell in a namespace that has all public names; gives the namespace."""
    names = {"__name__": "__main__"} if space is None else space
    for name in dagbook.__all__:
        names.setdefault(name, getattr(dagbook, name))
    source = textwrap.dedent(text)
    where = f"<cell {next(_numbers)}>"
    linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
    exec(compile(source, where, "exec", dont_inherit=True), names)
    return names


def define(workspace: Workspace, text: str, space: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run a cell and put the definitions that it made into the workspace."""
    names = {} if space is None else space
    before = dict(names)
    names = typed(text, {"__name__": "__main__"} if space is None else space)
    kinds = (AssetsDefinition, AssetChecksDefinition, AssetSpec)
    made = [v for k, v in names.items() if isinstance(v, kinds) and before.get(k) is not v]
    workspace.define(*made)
    return names


def words(keys: Any) -> list[str]:
    """Keys as people write them."""
    return [str(key) for key in keys]


def states(workspace: Workspace) -> dict[str, str]:
    """The state of every asset by its name."""
    return {str(key): status.state for key, status in workspace.statuses().items()}
