"""What a user is told about names: a stale value, a variable in the way, a value that is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.keys import AssetKey
from dagbook.later import later
from dagbook.notebook.kinds import is_a
from dagbook.notebook.session import NotebookSession
from dagbook.views.error_lines import error_line

if TYPE_CHECKING:
    from dagbook.staleness import causes
    from dagbook.staleness.status import AssetStatus
else:
    causes = later("dagbook.staleness.causes")


def asset_names_noted(session: NotebookSession, given: Iterable[str]) -> list[str]:
    """Sentences on the asset names that a cell reads (`given`) or hides behind its variables."""
    told = {name: note for name in given if (note := _not_fresh(session, name)) is not None}
    read = session.names_read() if told else None
    notes = [note for name, note in told.items() if read is None or name in read]
    return [*notes, *_in_the_way(session)]


def _not_fresh(session: NotebookSession, name: str) -> str | None:
    key = session.key_named(name)
    if key is None:
        return None
    if not session.is_defined(key):
        return f"`{name}` is the value kept from before, unverified: no cell has defined it yet."
    if _good(session, key):
        return None
    return _stale(name, key, session.statuses())


def _stale(name: str, key: AssetKey, statuses: Mapping[AssetKey, AssetStatus]) -> str:
    """That it is stale and what helps: a run alone does not, where it failed or would use old modules."""
    status = statuses[key]
    if status.has_failed and status.error is not None:
        return f"`{name}` failed ({error_line(status.error)}): this is its value from before."
    makes = f"`%materialize {key}` brings it up to date."
    before = " and ".join(map(str, _not_reloaded(key, statuses)))
    if not before:
        return f"`{name}` is stale ({status.why}): {makes}"
    return f"`{name}` is stale ({before}). After that, {makes}"


def _not_reloaded(
    key: AssetKey, statuses: Mapping[AssetKey, AssetStatus]
) -> list[causes.ModuleNotReloaded]:
    """The modules that it, or what is stale above it, would run with as they were loaded."""
    seen, found = {key: None}, []
    waiting = [key]
    while waiting:
        for cause in statuses[waiting.pop()].causes:
            if isinstance(cause, causes.ModuleNotReloaded):
                found.append(cause)
            elif isinstance(cause, causes.UpstreamStale):
                waiting += [one for one in cause.keys if one in statuses and one not in seen]
                seen.update(dict.fromkeys(cause.keys))
    return list(dict.fromkeys(found))


def _good(session: NotebookSession, key: AssetKey) -> bool:
    """Whether the value that is read is as new as it can be."""
    return key in session.made or as_new_as_can_be(session.statuses()[key])


def as_new_as_can_be(status: AssetStatus) -> bool:
    """Whether an asset is fresh, or runs always and so never is."""
    return status.is_fresh or all(isinstance(cause, causes.AlwaysRuns) for cause in status.causes)


def _in_the_way(session: NotebookSession) -> list[str]:
    """Variables of the user that have an asset's name: told once for each."""
    graph = session.workspace.graph
    notes = []
    for name in sorted(session.cell.words & session.namespace.keys()):
        value = session.namespace[name]
        if not graph.named(name) or is_a(value, (AssetsDefinition, AssetChecksDefinition)):
            continue
        note = (
            f"`{name}` is your variable here; the asset is `dagbook.workspace().value({name!r})`."
        )
        if session.once(note):
            notes.append(note)
    return notes


def hint_for_missing(session: NotebookSession, error: BaseException | None) -> str | None:
    """What to type after a NameError for an asset whose value could not be read.

    And after `name.value`, where the name stands for the value itself and not for a definition.
    """
    if isinstance(error, AttributeError) and error.name == "value":
        return _hint_for_value(session, error.obj)
    if not isinstance(error, NameError) or not isinstance(error.name, str):
        return None
    name = error.name
    key = session.key_named(name)
    if key is None:
        return None
    status, kept = session.statuses().get(key), session.workspace.history_of.current.get(key)
    if not session.is_defined(key) and kept is not None and kept.materialization is not None:
        return _hint_for_kept(session, name)
    if status is None or status.materialization is None:
        return f"`{name}` is an asset without a value yet: `%materialize {key}` makes it."
    try:
        session.value_of(name)
    except LookupError as reason:
        return f"The value of `{name}` cannot be read: {reason}"
    return (
        f"`{name}` is an asset that this cell reads unseen: `dagbook.workspace().value({name!r})`."
    )


def _hint_for_value(session: NotebookSession, value: object) -> str | None:
    given = (name for name in sorted(session.cell.words) if session.names.gives(name))
    name = next((name for name in given if session.names.given(name) is value), None)
    if name is None:
        return None
    key = session.key_named(name)
    later = "" if key is None or session.is_defined(key) else " until a cell defines it"
    return f"`{name}` is the value itself{later}: `.value` is for definitions, such as of `@asset`."


def _hint_for_kept(session: NotebookSession, name: str) -> str:
    """Of an asset that is kept from before, and that no cell has defined yet."""
    try:
        session.value_of(name)
    except LookupError as reason:
        return (
            f"`{name}` is kept from before, but its value is damaged: {reason} "
            "No cell has defined it yet: running its cell makes it again."
        )
    return (
        f"`{name}` is an asset that this cell reads unseen: `dagbook.workspace().value({name!r})`."
    )
