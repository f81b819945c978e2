"""`%asset`, `%stale` and `%forget`: how assets stand, why, and letting go of them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from dagbook.cells.capture import recall
from dagbook.cells.records import ForgetOptions, ShowAssetOptions, StaleOptions
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.results import NO_VALUE
from dagbook.engine.naming import key_of
from dagbook.engine.showing import value_to_show
from dagbook.engine.workspace import Workspace
from dagbook.errors.definitions import InvalidGraph
from dagbook.errors.notebook import IncompleteMagic
from dagbook.events.records import Materialization
from dagbook.notebook.deriving import doubts, note_told
from dagbook.notebook.face import Face
from dagbook.notebook.magics.changed import code_changes, has_code_change
from dagbook.notebook.magics.evidence import (
    data_diff,
    evidence,
    outside_files,
    roots_of,
    update_cost,
)
from dagbook.notebook.running import filename_of
from dagbook.notebook.shown import Shown, sentences_shown, stacked, table_shown
from dagbook.staleness.status import AssetStatus
from dagbook.views.assets import asset_table
from dagbook.views.html import html_of
from dagbook.views.ops import computation
from dagbook.views.panel import PanelSubject, panel_html, panel_text
from dagbook.views.plan import plan_line, plan_table
from dagbook.views.preview import preview
from dagbook.views.quantities import counted, duration, moment, size
from dagbook.views.states import state_word
from dagbook.views.tables import Cell, Column, table, without_empty_columns
from dagbook.views.text import text_of


def asset(face: Face, options: ShowAssetOptions) -> Shown:
    """The table of all assets, or all that is known of one."""
    workspace = face.workspace
    if options.name is None:
        _refuse_nameless(options)
        return _all_assets(face)
    key = workspace.graph.node(key_of(options.name)).key
    if options.open:
        return _opened(face, key)
    if options.diff:
        return stacked([*code_changes(face, [workspace.status(key)]), data_diff(workspace, key)])
    if options.pin is not None or options.unpin:
        return _pin(face, key, None if options.unpin else options.pin)
    subject = _subject(face, key)
    if options.history:
        return _history(face, key)
    panel = Shown(panel_html(subject), panel_text(subject))
    outside = subject.outside_view
    listed = Shown("", text_of(outside)) if outside is not None else Shown("", "")
    doubted = sentences_shown(doubts(face.session, [key]))
    note_told(face.session, face.cell_id, filter(None, [subject.status]))
    return stacked([doubted, panel, listed, outside_files(subject.status)])


def _refuse_nameless(options: ShowAssetOptions) -> None:
    """Raise IncompleteMagic for what can be asked of one asset alone."""
    asked = {
        "--open": options.open,
        "--history": options.history,
        "--diff": options.diff,
        "--pin VERSION": options.pin is not None,
        "--unpin": options.unpin,
    }
    if given := [name for name, wanted in asked.items() if wanted]:
        raise IncompleteMagic(
            magic=f"%asset {given[0]}",
            problem="does not say which asset",
            remedy=f"Write `%asset NAME {given[0]}`.",
        )


def _all_assets(face: Face) -> Shown:
    """The table of all assets; before any is defined, what is kept of them."""
    workspace = face.workspace
    if known := only_kept(workspace):
        return sentences_shown(known)
    standing = workspace.standing()
    going = workspace.activity.running
    found = table_shown(
        asset_table(workspace.graph, standing.assets, standing.checks, running=going)
    )
    doubted = doubts(face.session, workspace.graph.keys)
    note_told(face.session, face.cell_id, standing.assets.values())
    return stacked([sentences_shown(doubted), found]) if doubted else found


def only_kept(workspace: Workspace) -> list[str]:
    """What there is of assets as long as no cell of this kernel has defined one; empty after that."""
    if workspace.graph.nodes:
        return []
    current = workspace.history_of.current
    kept = [f"`{key}`" for key, one in current.items() if one.materialization is not None]
    known = f"Kept from before, and readable by name: {', '.join(kept)}."
    return ["No cell has defined an asset yet.", known] if kept else []


def stale(face: Face, options: StaleOptions) -> Shown:
    """What is not fresh, why, and what an update would run."""
    workspace = face.workspace
    if options.accept:
        return _accept(face, options)
    keys = workspace.select(options.selection)
    statuses = workspace.statuses()
    standing = [statuses[key] for key in keys]
    waiting = [status for status in standing if not status.is_fresh or status.blocked_by]
    note_told(face.session, face.cell_id, standing)
    if not keys:
        return sentences_shown(only_kept(workspace) or ["No assets yet."])
    doubted = doubts(face.session, keys)
    if not waiting:
        return sentences_shown([*doubted, _all_fresh(standing)])
    found = asset_table(
        workspace.graph,
        statuses,
        workspace.check_statuses(),
        keys=[status.key for status in waiting],
        running=workspace.activity.running,
    )
    explained = (*waiting, *roots_of(waiting, statuses))
    changed = code_changes(face, [one for one in explained if has_code_change(one)])
    told = evidence(workspace, waiting)
    update = _update(workspace, options.selection)
    return stacked([sentences_shown(doubted), table_shown(found), *changed, told, *update])


def _all_fresh(standing: Sequence[AssetStatus]) -> str:
    """So many assets; what is made elsewhere is counted apart, as in the graph, and pins are told."""
    external = sum(status.state == "external" for status in standing)
    apart = f", and {external} external" if external else ""
    pinned = [f"`{status.key}`" for status in standing if "pinned" in status.flags]
    held = f" Pinned, whatever its code says: {', '.join(pinned)}." if pinned else ""
    return f"Everything is fresh: {counted(len(standing) - external, 'asset')}{apart}.{held}"


def _update(workspace: Workspace, selection: str | None) -> list[Shown]:
    """What an update would run, or why there can be none yet."""
    try:
        plan = workspace.plan(selection)
    except InvalidGraph as error:
        return [sentences_shown(["An update is not possible yet:", *str(error).splitlines()])]
    update = f"An update: {plan_line(plan)}"
    steps = replace(plan_table(plan), caption=update, varying="")
    return [Shown(html_of(steps), update), update_cost(workspace, plan)]


def forget(face: Face, options: ForgetOptions) -> Shown:
    """Take an asset or a check out of the graph."""
    name, dot, check = options.name.rpartition(".")
    key: AssetKey | AssetCheckKey = key_of(options.name)
    if dot and key not in face.workspace.graph:
        key = AssetCheckKey(key_of(name), check)
    face.workspace.forget(key)
    face.session.forget_cell([key])
    kept = "" if isinstance(key, AssetCheckKey) else " Its values stay until `dagbook gc`."
    return sentences_shown([f"`{key}` is forgotten.{kept}"])


def _accept(face: Face, options: StaleOptions) -> Shown:
    if not options.selection or not options.reason:
        raise IncompleteMagic(
            magic="%stale --accept",
            problem="needs a selection and a reason",
            remedy="Write `%stale NAME --accept --reason 'only renamed a variable'`.",
        )
    keys = face.workspace.select(options.selection)
    statuses = face.workspace.statuses()
    accepted = [key for key in keys if not statuses[key].is_fresh]
    for key in accepted:
        face.workspace.accept(key, options.reason)
    if not accepted:
        return sentences_shown(["There is nothing to accept: all of it is fresh."])
    named = ", ".join(f"`{key}`" for key in accepted)
    return sentences_shown([f"Accepted as fresh: {named}."])


def _pin(face: Face, key: AssetKey, version: str | None) -> Shown:
    """Let an earlier version count, or the newest one again."""
    face.workspace.pin(key, version)
    if version is None:
        return sentences_shown([f"`{key}` is pinned no longer: `%materialize {key}` updates it."])
    below = ", ".join(f"`{child}`" for child in face.workspace.graph.children(key))
    readers = f" {below} will read it." if below else ""
    return sentences_shown([f"`{key}` stays at result {version} until `--unpin`.{readers}"])


def _opened(face: Face, key: AssetKey) -> Shown:
    """Bind the inputs and the locals of the body's last run, for looking at them."""
    node = face.workspace.graph.node(key)
    bound = {i.name: face.workspace.value(i.key) for i in node.inputs}
    if node.op is not None:
        bound.update(recall(filename_of(node.op)) or {})
    face.session.namespace.update(bound)
    names = ", ".join(f"`{name}`" for name in bound) or "nothing"
    return sentences_shown([f"Bound in this notebook: {names}."])


def _history(face: Face, key: AssetKey) -> Shown:
    """The kept results, newest first; the times and ids, which vary, stand in the HTML alone."""
    columns = (
        Column(name="result", right=True),
        Column(name="note"),
        Column(name="made", varies=True, wrap=False),
        Column(name="took", right=True, varies=True),
        Column(name="size", right=True, varies=True),
        Column(name="version", varies=True),
        Column(name="data", varies=True),
        Column(name="code", varies=True),
    )
    records = face.workspace.history(key)
    kept = face.workspace.store.log.addresses() if records else set()
    given_up = {r.id for r in records if r.value is not None and r.value.address not in kept}
    notes = _notes(records, face.workspace.status(key), given_up)
    rows: list[list[str | Cell]] = [
        [
            str(len(records) - place),
            note,
            moment(record.time),
            duration(record.duration),
            size(record.value.size) if record.value is not None else "",
            record.id,
            record.data_version[:12],
            record.code_version[:12],
        ]
        for place, (record, note) in enumerate(zip(records, notes, strict=True))
    ]
    caption = f"{key}: {counted(len(rows) - len(given_up), 'kept result')}"
    return table_shown(without_empty_columns(table(columns, rows, caption=caption)))


def _notes(
    records: Sequence[Materialization], status: AssetStatus, given_up: Container[str]
) -> list[str]:
    """What is to be said of each result: which one readers get, and whose data it repeats."""
    used = _used(records, status.materialization)
    first: dict[str, int] = {}
    notes = []
    for number, record in enumerate(reversed(records), 1):
        same = first.setdefault(record.data_version, number)
        notes.append(
            "; ".join(
                [
                    *(["in use"] if record.id == used else []),
                    *(["pinned"] if record.id == used and "pinned" in status.flags else []),
                    *([f"same data as {same}"] if same != number else []),
                    *([f"accepted: {record.accepted}"] if record.accepted else []),
                    *(["no longer kept"] if record.id in given_up else []),
                ]
            )
        )
    return notes[::-1]


def _used(records: Sequence[Materialization], now: Materialization | None) -> str:
    """The id of the result that readers get; one of another notebook's stands here by its data."""
    ids = {record.id for record in records}
    if now is None or now.id in ids:
        return now.id if now is not None else ""
    return next((one.id for one in records if one.data_version == now.data_version), "")


def _subject(face: Face, key: AssetKey) -> PanelSubject:
    workspace = face.workspace
    seen, standing = workspace.observe()
    status = standing.assets[key]
    checks = [standing.checks[check] for check in workspace.graph.checks_of(key)]
    made = computation(workspace.graph, key)
    together = made.definition.keys if made is not None else ()
    around = (*workspace.graph.parents(key), *workspace.graph.children(key), *together)
    kept = value_to_show(workspace, key, status.materialization)
    value = None if kept is NO_VALUE else preview(kept)
    return PanelSubject(
        node=workspace.graph.node(key),
        status=status,
        running=key in workspace.activity.running,
        checks=checks,
        children=[str(child) for child in workspace.graph.children(key)],
        states={str(other): state_word(standing.assets[other]) for other in around},
        rows={
            check.key: workspace.failing_rows(key, check.key.name)
            for check in checks
            if check.verdict is not None and check.verdict.rows is not None
        },
        changes=workspace.explain(key),
        parts=seen.code[key].parts if key in seen.code else (),
        value=value,
        history=workspace.history(key),
        made=made,
        ops=workspace.history_of.ops(made.key) if made is not None else (),
    )
