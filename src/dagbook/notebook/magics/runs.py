"""`%materialize` and `%runs`: bringing assets up to date, and what earlier runs did."""

from __future__ import annotations

from typing import cast

from IPython.display import display

from dagbook.cells.records import MaterializeOptions, RunsOptions
from dagbook.definitions.keys import AssetKey
from dagbook.engine.background import BackgroundRun
from dagbook.engine.running import ExecutorName
from dagbook.engine.selecting import selection_world, tree_of
from dagbook.errors.notebook import NoSuchRun
from dagbook.execution.result import RunResult
from dagbook.log.protocol import RunRecord
from dagbook.notebook.deriving import outdated_variables
from dagbook.notebook.face import Face
from dagbook.notebook.giving import variable
from dagbook.notebook.magics.assets import only_kept
from dagbook.notebook.records_shown import plan_shown
from dagbook.notebook.running import TooExpensive, lines_to_type, refuse_cost, run_shown
from dagbook.notebook.shown import Shown, sentences_shown, stacked, table_shown, tell
from dagbook.planning.plan import Plan
from dagbook.selection.checks import resolve_checks
from dagbook.selection.tree import Selection
from dagbook.views.checks import check_table
from dagbook.views.html import code_of
from dagbook.views.op_steps import with_ops
from dagbook.views.plan import plan_line
from dagbook.views.runs import gantt_svg, run_line, runs_table, steps_table


def materialize(
    face: Face, options: MaterializeOptions
) -> RunResult | Plan | BackgroundRun | Shown:
    """Bring the selection up to date; gives the RunResult."""
    wanted = options.selection or selected(face)
    tell([*only_kept(face.workspace), *face.session.unaccepted_notes(face.workspace.graph.keys)])
    if options.config is not None:
        face.workspace.configure(variable(face, "%materialize", "--config", options.config))
    if options.dry_run:
        return face.workspace.plan(
            wanted, only=options.only, force=options.force, ignore_checks=options.ignore_checks
        )
    try:
        if options.background:
            return _in_background(face, options, wanted)
        result = run_shown(
            face,
            wanted,
            only=options.only,
            force=options.force,
            ignore_checks=options.ignore_checks,
            executor=cast(ExecutorName, options.executor or "inline"),
            jobs=options.jobs,
            ask=not (options.yes or options.only),
            raise_on_error=not options.no_raise,
            command=f"%materialize {options.selection or ''}".rstrip(),
        )
    except TooExpensive as stop:
        lines = lines_to_type(stop.plan, options.selection or "")
        return stacked([plan_shown(stop.plan), sentences_shown(lines)])
    tell(outdated_variables(face.session, face.workspace.graph.keys))
    tree = tree_of(wanted)
    if tree is not None and not (result.plan.selected or result.checks):
        _tell_verdicts(face, tree)
    return result


def _tell_verdicts(face: Face, wanted: Selection) -> None:
    """What the checks said that were asked for without their assets, and need not be asked again."""
    workspace = face.workspace
    statuses = workspace.check_statuses()
    world = selection_world(workspace.graph, workspace.standing, workspace.selected)
    chosen = resolve_checks(wanted, workspace.graph, world)
    judged = [statuses[key] for key in workspace.graph.checks if key in chosen]
    if judged:
        display(table_shown(check_table(judged, "Judged before, on this data")))


def selected(face: Face) -> str | None:
    """The notebook's own selection, where `%select` has set one."""
    return "is:selected" if face.workspace.selected else None


def _in_background(
    face: Face, options: MaterializeOptions, wanted: str | Selection | None
) -> BackgroundRun:
    if not options.yes and not options.only:
        plan = face.workspace.plan(wanted, force=options.force, ignore_checks=options.ignore_checks)
        refuse_cost(face, plan)
    handle = face.workspace.start(
        wanted,
        only=options.only,
        force=options.force,
        ignore_checks=options.ignore_checks,
        command=f"%materialize {options.selection or ''} --background",
    )
    if handle.plan.is_empty:
        tell([f"{plan_line(handle.plan)}."])
    else:
        shown = "%dag shows it, %runs lists it, `.result()` waits for it"
        tell([f"Running in the background: {shown}."])
    return handle


def runs(face: Face, options: RunsOptions) -> Shown | RunResult:
    """The list of runs; one run's steps; or what a run left, done again."""
    log, scope = face.workspace.store.log, face.workspace.scope
    if options.run is None and not options.retry:
        return table_shown(runs_table(log.runs(scope)))
    record = _run_named(face, options.run)
    if options.retry:
        return _again(face, record, f"%runs {options.run or ''}".rstrip())
    steps = log.steps(record.run_id)
    errors = [
        Shown(code_of(step.error.traceback), step.error.traceback)
        for step in steps
        if step.error is not None
    ]
    whole = with_ops(steps, log.ops(record.run_id))
    chart = Shown(gantt_svg(record, whole), "")
    head = sentences_shown([run_line(record, steps)])
    return stacked([head, table_shown(steps_table(whole)), chart, *errors])


def _run_named(face: Face, name: str | None) -> RunRecord:
    for record in face.workspace.store.log.runs(face.workspace.scope, limit=1_000):
        if (
            name is None
            or record.run_id == name
            or (len(name) > 3 and record.run_id.startswith(name))
        ):
            return record
    raise NoSuchRun(run=name)


def _again(face: Face, record: RunRecord, typed: str) -> RunResult:
    """What the run had planned and did not finish, brought up to date now."""
    graph = face.workspace.graph
    left: list[AssetKey] = [key for key in record.planned if key in graph]
    expression = " or ".join(f'key:"{key}"' for key in left) or "*"
    return run_shown(face, expression, command=f"{typed} --retry")
