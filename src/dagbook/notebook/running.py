"""A run that a cell waits for: the plan, progress, the table, then the real error."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.display import display

from dagbook.cells.capture import remember_failure
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpDefinition
from dagbook.engine.outcome import raise_failures
from dagbook.engine.running import ExecutorName
from dagbook.errors.base import DagbookError
from dagbook.errors.execution import BlockingCheckFailed
from dagbook.events.records import Event
from dagbook.execution.result import RunResult
from dagbook.later import later
from dagbook.notebook.face import Face
from dagbook.notebook.progress import Progress
from dagbook.notebook.shown import tell
from dagbook.notebook.tracebacks import show_users_frames
from dagbook.planning.plan import Plan
from dagbook.selection.tree import Selection
from dagbook.views.quantities import counted, duration

if TYPE_CHECKING:
    from dagbook.notebook import records_shown
else:
    records_shown = later("dagbook.notebook.records_shown")


class TooExpensive(Exception):
    """What is needed above the selection costs more than one is not asked about."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("it costs more than `ask_above`")
        self.plan = plan


def run_shown(
    face: Face,
    selection: str | Selection | None,
    *,
    only: bool = False,
    force: bool = False,
    ignore_checks: bool = False,
    executor: ExecutorName = "inline",
    jobs: int | None = None,
    ask: bool = False,
    quiet: bool = False,
    raise_on_error: bool = True,
    command: str = "%materialize",
) -> RunResult:
    """Run a selection and show how far it is.

    `ask`: raise TooExpensive where needed upstream work costs more than `ask_above`; `quiet`: a cell
    that defines runs it, so that no plan is shown. Where something failed, the result is shown and
    the user's own exception raised.
    """
    progress: list[Progress] = []

    def on_plan(plan: Plan) -> None:
        if ask:
            refuse_cost(face, plan)
        if not quiet:
            progress.append(Progress(plan, live=face.has_front_end))
            progress[0].open()

    with _followed(face, progress):
        result = face.workspace.materialize(
            selection,
            only=only,
            force=force,
            ignore_checks=ignore_checks,
            executor=executor,
            jobs=jobs,
            raise_on_error=False,
            command=command,
            on_plan=on_plan,
        )
    # Of a run that shows no table; in one, they stand below it.
    tell([*changed_inputs(result), *(result.warnings if quiet else ())])
    if raise_on_error and not result.success:
        _raise(face, result, defining=quiet)
    return result


@contextmanager
def _followed(face: Face, progress: Sequence[Progress]) -> Iterator[None]:
    """Let names and pictures follow the run of this cell; an interrupt of it is told."""
    here = threading.get_ident()

    def heard(events: Sequence[Event]) -> None:
        if threading.get_ident() != here:
            return  # of a run in the background
        for shown in progress:
            shown.heard(events)

    def waits(key: AssetKey, process: int | None) -> None:
        if threading.get_ident() == here:
            tell([_wait_sentence(key, process)])

    def ask_exit() -> None:
        raise SystemExit

    ends = [face.workspace.subscribe(heard), face.workspace.on_wait(waits)]
    # What IPython calls `exit` would end the kernel some time after the body.
    vars(face.shell)["ask_exit"] = ask_exit
    try:
        yield
    except KeyboardInterrupt as error:
        tell([_what_is_kept(face)])
        show_users_frames(face.shell, error)
        raise
    finally:
        vars(face.shell).pop("ask_exit", None)
        for end in ends:
            end()
        for shown in progress:
            shown.close()


def _wait_sentence(key: AssetKey, process: int | None) -> str:
    """Who makes what this cell waits for."""
    who = "another process" if process is None else f"process {process}"
    who = "another run of this kernel" if process == os.getpid() else who
    return f"This waits for `{key}`, which {who} is making."


def _what_is_kept(face: Face) -> str:
    """What came of a run that was interrupted, and how to go on."""
    made = ", ".join(f"`{key}`" for key in face.session.made)
    kept = f"Finished and kept: {made}." if made else "Nothing was finished."
    return f"Stopped. {kept} `%runs --retry` goes on with the rest."


def changed_inputs(result: RunResult) -> list[str]:
    """A sentence for each input that a body changed in place."""
    return [
        f"`{asset}` changed its input `{name}` in place; the change stayed in that body."
        for asset, name in result.changed_inputs
    ]


def refuse_cost(face: Face, plan: Plan) -> None:
    """Raise TooExpensive where what is needed upstream costs more than one is not asked about."""
    if _needed_cost(plan) > face.workspace.settings.ask_above:
        raise TooExpensive(plan)


def lines_to_type(plan: Plan, selection: str) -> list[str]:
    """What to type instead, where the plan costs too much to be run unasked."""
    cost = duration(_needed_cost(plan))
    needed, they = (
        counted(len(plan.needed), "upstream asset"),
        "is" if len(plan.needed) == 1 else "are",
    )
    start = f"%materialize {selection}".rstrip()
    return [
        f"{needed} {they} needed that took about {cost} the last time. Nothing has run yet.",
        f"{start} --yes    runs all of it",
        f"{start} --only   runs just the selection, on what is there",
    ]


def filename_of(op: OpDefinition) -> str:
    """The name under which the lines of an op's cell are known to tracebacks."""
    code = getattr(op.fn, "__code__", None)
    return str(code.co_filename) if code is not None else ""


def _needed_cost(plan: Plan) -> float:
    return sum(step.seconds or 0.0 for step in plan.steps if step.reason == "needed")


def _says_more(result: RunResult) -> bool:
    """Whether what failed says more than the one error that is raised: others, or frames."""
    tracebacks = [failure.error.traceback for failure in result.failures.values()]
    return len(tracebacks) > 1 or any("\n  File " in text for text in tracebacks)


def _raise(face: Face, result: RunResult, *, defining: bool) -> None:
    """Show what came of the run, then raise; a cell that defines shows a failed verdict itself."""
    for key in result.failed:
        node, error = face.workspace.graph.nodes.get(key), result.errors.get(str(key))
        if node is not None and node.op is not None and error is not None:
            remember_failure(filename_of(node.op), error)
    elsewhere = [error for error in result.errors.values() if error.__traceback__ is None]
    try:
        raise_failures(result)
    except BlockingCheckFailed as error:
        if defining:
            return
        display(result)
        show_users_frames(face.shell, error)
        raise
    except BaseException as error:
        if not defining:
            # The user's own error, raised below, shows its frames itself, and where there are none
            # the sentence of ours says all.
            frames = isinstance(error, DagbookError) and _says_more(result)
            frames |= error in elsewhere
            display(records_shown.result_shown(result, frames=frames))
        show_users_frames(face.shell, error, elsewhere=error in elsewhere)
        raise
