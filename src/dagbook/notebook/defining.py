"""What happens when a cell defines: the graph takes it, and it is brought up to date where that is cheap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from functools import cache
from typing import TYPE_CHECKING

from dagbook.definitions.assets import Definition
from dagbook.definitions.keys import AssetCheckKey
from dagbook.definitions.results import NO_VALUE
from dagbook.engine.showing import value_to_show
from dagbook.engine.workspace import Workspace
from dagbook.execution.result import RunResult
from dagbook.later import later
from dagbook.notebook.readiness import why_not_now
from dagbook.notebook.session import AnyKey, NotebookSession, keys_of
from dagbook.notebook.shown import Shown, sentences_shown, stacked, table_shown, tell
from dagbook.records import dataclass
from dagbook.staleness.status import AssetStatus, CheckStatus, Statuses
from dagbook.views.assets import why_of
from dagbook.views.checks import check_table, failing_rows_html
from dagbook.views.html import line_of, sentence_of, state_of
from dagbook.views.preview import preview
from dagbook.views.states import marked, state_word

if TYPE_CHECKING:
    from dagbook.notebook import deriving
else:
    deriving = later("dagbook.notebook.deriving")

# A run that the definition of a cell begins; it shows progress and raises what the body raises.
Runs = Callable[[str], RunResult]


@dataclass(frozen=True, slots=True)
class Defined:
    """What a defining cell shows: how its assets or checks stand, their values, and notes.

    Made when it is looked at: without a screen nobody does, and no value is loaded for it.
    """

    keys: tuple[AnyKey, ...]
    shown: Callable[[], Shown] = field(repr=False)

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        shown = self.shown()
        return {"text/html": shown.html, "text/plain": shown.text}

    def __repr__(self) -> str:
        return self.shown().text


def define_cell(
    session: NotebookSession,
    definition: Definition,
    *,
    cell_id: str | None,
    lazy: bool,
    run: Runs,
    notes: Iterable[str] = (),
) -> Defined:
    """Register a definition, bring it up to date if its inputs are fresh and the cost is small."""
    told = [*session.define((definition,), cell_id), *notes]
    keys, workspace = keys_of(definition), session.workspace
    if lazy or workspace.settings.on_define == "register":
        return Defined(keys, cache(lambda: _registered(session, definition, lazy, told, cell_id)))
    standing = workspace.standing()
    if not all(_is_done(standing, workspace, key) for key in keys):
        reason = why_not_now(session, standing, definition, lazy)
        if reason is None:
            try:
                run(_named(keys))
            except BaseException:
                tell(told)
                raise
            standing = workspace.standing()
        else:
            told.append(reason)
    shown = _describe(session, standing, keys, told, cell_id)
    return Defined(keys, lambda: shown)


def _registered(
    session: NotebookSession,
    definition: Definition,
    lazy: bool,
    told: list[str],
    cell_id: str | None,
) -> Shown:
    """How a definition stands that was not brought up to date, with what makes it."""
    keys, standing = keys_of(definition), session.workspace.standing()
    if not all(_is_done(standing, session.workspace, key) for key in keys):
        reason = why_not_now(session, standing, definition, lazy)
        told = [*told, *([reason] if reason is not None else [])]
    return _describe(session, standing, keys, told, cell_id)


def _named(keys: Iterable[AnyKey]) -> str:
    """The selection of these assets, or of these checks alone."""
    return " or ".join(
        f'{"check_key" if isinstance(key, AssetCheckKey) else "key"}:"{key}"' for key in keys
    )


def _is_done(standing: Statuses, workspace: Workspace, key: AnyKey) -> bool:
    """Whether there is nothing to run for it."""
    if isinstance(key, AssetCheckKey):
        check = standing.checks[key]
        return check.verdict is not None and check.steady
    status = standing.assets[key]
    checks = workspace.graph.checks_of(key)
    settled = status.state == "fresh" and not status.restorable
    return settled and all(_is_done(standing, workspace, check) for check in checks)


def _describe(
    session: NotebookSession,
    standing: Statuses,
    keys: Iterable[AnyKey],
    notes: Iterable[str],
    cell_id: str | None,
) -> Shown:
    """How these assets or checks stand, with previews of values and failing rows."""
    workspace = session.workspace
    parts: list[Shown] = []
    for key in keys:
        if isinstance(key, AssetCheckKey):
            parts += _check_parts(workspace, [standing.checks[key]])
            continue
        status = standing.assets[key]
        worth_showing = status.is_fresh or key in session.made
        if not worth_showing:
            deriving.note_not_shown(session, cell_id, key)
        parts += _asset_parts(workspace, status, worth_showing)
        checks = [standing.checks[check] for check in workspace.graph.checks_of(key)]
        parts += _check_parts(workspace, checks)
    assets = [standing.assets[key] for key in keys if not isinstance(key, AssetCheckKey)]
    told = [*filter(None, notes), *_held_by_pins(workspace, assets)]
    return stacked([*parts, sentences_shown(told)])


def _held_by_pins(workspace: Workspace, assets: Iterable[AssetStatus]) -> Iterator[str]:
    """A sentence for each asset whose pin keeps its code of now from being run."""
    for status in assets:
        record = status.materialization
        if (
            "pinned" not in status.flags
            or record is None
            or record.code_version == status.code_version
        ):
            continue
        # A pin repeats the result that it takes: its number is that of the first of this data.
        records = [*reversed(workspace.history(status.key)), record]
        made = [one.data_version for one in records]
        yield (
            f"`{status.key}` is pinned at result {made.index(record.data_version) + 1}: "
            f"the new code was not run; `%asset {status.key} --unpin`."
        )


def _asset_parts(workspace: Workspace, status: AssetStatus, worth_showing: bool) -> list[Shown]:
    word = state_word(status)
    why = why_of(status, word)
    more = f": {why}" if why else ""
    head = Shown(
        f"<div><b>{line_of(status.key, 160)}</b> {state_of(word)}{sentence_of(more)}</div>",
        f"{status.key} {marked(word)}{more}",
    )
    if not worth_showing:
        return [head]
    value = value_to_show(workspace, status.key, status.materialization)
    if value is NO_VALUE:
        return [head]
    shown = preview(value)
    return [head, Shown(shown.html, shown.text)]


def _check_parts(workspace: Workspace, checks: list[CheckStatus]) -> list[Shown]:
    if not checks:
        return []
    parts = [table_shown(check_table(checks))]
    for check in checks:
        if check.verdict is not None and check.verdict.rows is not None:
            rows = workspace.failing_rows(check.key.asset_key, check.key.name)
            parts.append(Shown(failing_rows_html(check.key, rows), ""))
    return parts
