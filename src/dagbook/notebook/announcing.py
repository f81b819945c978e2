"""What a user is told about names: a stale value, a variable in the way, a value that is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence

from dagbook.cells.reads import may_read_before_binding
from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.notebook.session import NotebookSession

_WORD = re.compile(r"[^\W\d]\w*")


def asset_names_noted(session: NotebookSession, text: str, given: Iterable[str]) -> list[str]:
    """Sentences on the asset names that a cell mentions; none for cells that are magics of ours."""
    if text.lstrip().startswith("%%"):
        return []
    return [*_not_fresh(session, given), *_in_the_way(session, text)]


def _not_fresh(session: NotebookSession, given: Iterable[str]) -> list[str]:
    names = list(given)
    if not names:
        return []
    graph, statuses = session.workspace.graph, session.workspace.statuses()
    notes = []
    for name in names:
        key = session.key_named(name)
        if key is None:
            continue
        if key not in graph:
            notes.append(f"`{name}` is the value kept from before; no cell has defined it yet.")
        elif not statuses[key].is_fresh:
            notes.append(f"`{name}` is stale ({statuses[key].why}): %materialize {key}")
    return notes


def _in_the_way(session: NotebookSession, text: str) -> list[str]:
    """Variables of the user that have an asset's name: told once for each."""
    graph = session.workspace.graph
    notes = []
    for name in dict.fromkeys(_WORD.findall(text)):
        if name not in session.namespace or not graph.named(name):
            continue
        value = session.namespace[name]
        if isinstance(value, (AssetsDefinition, AssetChecksDefinition)):
            continue
        note = (
            f"`{name}` is your variable here; the asset is `dagbook.workspace().value({name!r})`."
        )
        if session.once(note):
            notes.append(note)
    return notes


def hint_for_missing(session: NotebookSession, error: BaseException | None) -> str | None:
    """What to type after a NameError for an asset that has no value yet."""
    if not isinstance(error, NameError) or not isinstance(error.name, str):
        return None
    key = session.key_named(error.name)
    if key is None:
        return None
    return f"`{error.name}` is an asset without a value yet: %materialize {key} makes it."


def note_derived(
    session: NotebookSession, where: str, text: str | None, mentioned: Sequence[str]
) -> None:
    """Remember the variables that an ordinary cell computed from assets, so that bodies are warned."""
    sources = set(mentioned) | (session.derived.keys() & set(_WORD.findall(text or "")))
    if not sources or text is None or text.lstrip().startswith("%"):
        return
    try:
        reads = may_read_before_binding(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        return
    read = sorted(sources & reads.names)
    for name in reads.assigned:
        if read and name in session.namespace:
            session.derived[name] = (where, tuple(read))
        else:
            session.derived.pop(name, None)
