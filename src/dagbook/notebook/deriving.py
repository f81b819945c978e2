"""What cells make of assets: variables, of which bodies are warned, and outputs, which become outdated."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Iterable, Mapping
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING

from dagbook.cells.reads import may_read_before_binding
from dagbook.definitions.keys import AssetKey
from dagbook.notebook.kinds import is_a
from dagbook.notebook.session import NotebookSession

if TYPE_CHECKING:
    from dagbook.staleness.status import AssetStatus

# Of more assets it is not followed whether a table still tells how they stand.
_MOST_TOLD = 1_000
_FAILING_ROWS = re.compile(r"^[^\S\n]*(?P<name>\w+)[^\S\n]*=[^\S\n]*%failing\b", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def note_derived(
    session: NotebookSession, where: str, transform: Callable[[str], str]
) -> Mapping[AssetKey, str]:
    """Remember what the cell that just ended bound to something that comes from assets.

    `transform` turns line magics into Python; `where` is the cell, in words. Gives the data versions
    of all assets that the cell read, itself or through variables and functions.
    """
    try:
        tree = ast.parse(transform(session.cell.text))
        # What a function reads is followed when it is called, and here is only written down.
        defined = [one for one in tree.body if isinstance(one, _DEFINITIONS)]
        tree.body = [one for one in tree.body if not isinstance(one, _DEFINITIONS)]
        reads = may_read_before_binding(tree)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    come_from = _assets_behind(session, reads.names)
    for name in reads.assigned.union([one.name for one in defined]):
        # A function comes from what it is called with, a module from nowhere.
        apart = is_a(session.namespace.get(name), (FunctionType, ModuleType, type))
        if come_from and name in session.namespace and not apart:
            session.derived[name] = (where, come_from)
        else:
            session.derived.pop(name, None)
    return come_from


def note_not_shown(session: NotebookSession, cell_id: str | None, key: AssetKey) -> None:
    """Remember that a cell shows no value of what it defines, but that it waits for a run."""
    _note(session, cell_id, {key: ""})


def note_told(
    session: NotebookSession, cell_id: str | None, statuses: Iterable[AssetStatus]
) -> None:
    """Remember that a cell tells how these assets stand: that is no longer so when they change."""
    told = {one.key: _newest(session, one.key) if one.is_fresh else "" for one in statuses}
    if len(told) <= _MOST_TOLD:
        _note(session, cell_id, told)


def note_rows(session: NotebookSession, cell_id: str | None, where: str, key: AssetKey) -> None:
    """Remember that a cell shows, or puts into a variable, failing rows of this asset."""
    versions = {key: _newest(session, key)}
    _note(session, cell_id, versions)
    for match in _FAILING_ROWS.finditer(session.source):
        session.derived[match["name"]] = (where, versions)


def _note(session: NotebookSession, cell_id: str | None, versions: Mapping[AssetKey, str]) -> None:
    if cell_id is not None:
        session.made_with[cell_id] = {**session.made_with.get(cell_id, {}), **versions}


def versions_shown(
    session: NotebookSession, cell_id: str, read: Mapping[AssetKey, str]
) -> Mapping[AssetKey, str]:
    """The data versions of what a cell shows: of what it defines or checks, besides what it read.

    Empty ones where no value was shown, nor is there one. What decorators define shows nothing.
    """
    defined = () if session.cell.text.strip() else session.cells.get(cell_id, ())
    own = [key if isinstance(key, AssetKey) else key.asset_key for key in defined]
    noted = session.made_with.get(cell_id, {})
    return {**{key: _newest(session, key) for key in own}, **noted, **read}


def doubts(session: NotebookSession, keys: Container[AssetKey]) -> list[str]:
    """What is to be said of these assets that their states do not tell."""
    return [*session.unaccepted_notes(keys), *outdated_variables(session, keys)]


def outdated_variables(session: NotebookSession, keys: Container[AssetKey]) -> list[str]:
    """A sentence for each of these assets that reads a variable made from what an asset was before."""
    graph, told = session.workspace.graph, []
    for name, (where, versions) in session.derived.items():
        renewed = [
            key for key, version in versions.items() if _newest(session, key) not in ("", version)
        ]
        if not renewed or graph.named(name):
            continue
        behind = ", ".join(f"`{key}`" for key in renewed)
        told += [
            f"`{key}` reads `{name}`, which {where} computed before {behind} changed: run that "
            f"cell again, or make `{name}` an asset."
            for key, node in graph.nodes.items()
            if key in keys and node.definition is not None and name in node.definition.candidates
        ]
    return told


def _assets_behind(session: NotebookSession, names: frozenset[str]) -> Mapping[AssetKey, str]:
    """The assets that these names stand for, themselves or through functions and variables."""
    found: dict[AssetKey, str] = {}
    earlier: dict[AssetKey, str] = {}
    for name in session.names.mentioned(names):
        if name in session.derived:
            earlier.update(session.derived[name][1])
        elif name not in session.namespace and (key := session.key_named(name)) is not None:
            found[key] = _version_read(session, key)
    # A variable keeps the version that it was made from, whatever else the cell reads.
    return dict(sorted({**found, **earlier}.items()))


def _version_read(session: NotebookSession, key: AssetKey) -> str:
    """The data version of the value that the cell was given; empty where there was none."""
    if key in session.made or not session.is_defined(key):
        return _newest(session, key)
    record = session.statuses()[key].materialization
    return record.data_version if record is not None else ""


def _newest(session: NotebookSession, key: AssetKey) -> str:
    current = session.workspace.history_of.current.get(key)
    record = current.materialization if current is not None else None
    return record.data_version if record is not None else ""
