"""What happens when a cell defines: the graph takes it, and it is brought up to date where that is cheap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dagbook.definitions.assets import AssetsDefinition, Definition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.workspace import Workspace
from dagbook.execution.result import RunResult
from dagbook.notebook.session import AnyKey, NotebookSession, keys_of
from dagbook.notebook.shown import Shown, sentences_shown, stacked, table_shown
from dagbook.staleness.status import AssetStatus, CheckStatus
from dagbook.views.assets import why_of
from dagbook.views.checks import check_table
from dagbook.views.html import line_of, state_of
from dagbook.views.panel import failing_rows_html
from dagbook.views.preview import preview
from dagbook.views.quantities import duration
from dagbook.views.states import marked, state_word

# A run that the definition of a cell begins; it shows progress and raises what the body raises.
Runs = Callable[[str], RunResult]


@dataclass(frozen=True, slots=True)
class Defined:
    """What a defining cell shows: how its assets or checks stand, their values, and notes."""

    keys: tuple[AnyKey, ...]
    shown: Shown = field(repr=False)

    def _repr_mimebundle_(self, **_options: object) -> dict[str, str]:
        return {"text/html": self.shown.html, "text/plain": self.shown.text}

    def __repr__(self) -> str:
        return self.shown.text


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
    told = [*session.define(definition, cell_id), *notes]
    keys = keys_of(definition)
    workspace = session.workspace
    if isinstance(keys[0], AssetCheckKey):
        reason = _why_no_check(workspace, keys[0])
        wanted = f'key:"{keys[0].asset_key}"'
    else:
        watched = definition.upkeep.lazy if isinstance(definition, AssetsDefinition) else True
        reason = _why_not(workspace, [k for k in keys if isinstance(k, AssetKey)], lazy or watched)
        wanted = " or ".join(f'key:"{key}"' for key in keys)
    if reason is None:
        run(wanted)
    else:
        told.append(reason)
    return Defined(keys, describe(workspace, keys, told))


def _why_not(workspace: Workspace, keys: list[AssetKey], lazy: bool) -> str | None:
    """Why defining does not run it, with what to type; None where it runs."""
    name = str(keys[0])
    command = f"%materialize {name}"
    if workspace.graph.node(keys[0]).is_external:
        return f"{name} is external: nothing here makes it."
    if lazy or workspace.settings.on_define == "register":
        return f"Registered. {command} makes it."
    undefined = [
        str(parent)
        for key in keys
        for parent in workspace.graph.parents(key)
        if not workspace.graph.node(parent).declared
    ]
    if undefined:
        return f"Registered. No cell defines {', '.join(dict.fromkeys(undefined))} yet."
    return _not_ready(workspace, keys, command)


def _not_ready(workspace: Workspace, keys: list[AssetKey], command: str) -> str | None:
    statuses = workspace.statuses()
    found = {key: statuses[key] for key in keys}
    above = {p: statuses[p] for key in keys for p in workspace.graph.parents(key)}
    waiting = [str(parent) for parent, status in above.items() if not status.is_fresh]
    if waiting:
        return f"Registered. {', '.join(waiting)} is not up to date: {command} runs both."
    blocked = [str(check) for status in found.values() for check in status.blocked_by]
    if blocked:
        return f"Registered. Blocked by {', '.join(dict.fromkeys(blocked))}."
    cost = sum(workspace.durations().get(key, 0.0) for key in keys)
    if cost > workspace.settings.ask_above and not all(s.is_fresh for s in found.values()):
        return f"Registered. It took {duration(cost)} the last time: {command} runs it."
    return None


def _why_no_check(workspace: Workspace, check: AssetCheckKey) -> str | None:
    asset = check.asset_key
    if asset not in workspace.graph or not workspace.graph.node(asset).declared:
        return f"Registered. No cell defines {asset} yet."
    if not workspace.status(asset).is_fresh:
        return f"Registered. {asset} is not up to date: %materialize {asset} makes and checks it."
    return None


def describe(workspace: Workspace, keys: Iterable[AnyKey], notes: Iterable[str]) -> Shown:
    """How these assets or checks stand, with previews of values and failing rows."""
    statuses, checks = workspace.statuses(), workspace.check_statuses()
    parts: list[Shown] = []
    for key in keys:
        if isinstance(key, AssetCheckKey):
            parts += _check_parts(workspace, [checks[key]])
        else:
            parts += _asset_parts(workspace, statuses[key])
            parts += _check_parts(workspace, [checks[c] for c in workspace.graph.checks_of(key)])
    told = [note for note in notes if note]
    return stacked([*parts, *([sentences_shown(told)] if told else [])])


def _asset_parts(workspace: Workspace, status: AssetStatus) -> list[Shown]:
    word = state_word(status)
    why = why_of(status, word)
    more = f": {why}" if why else ""
    head = Shown(
        f"<div><b>{line_of(status.key, 160)}</b> {state_of(word)}{line_of(more)}</div>",
        f"{status.key} {marked(word)}{more}",
    )
    record = status.materialization
    if record is None or record.value is None or not status.is_fresh:
        return [head]
    shown = preview(workspace.kept_value(status.key, record))
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
