"""`dagbook run`: prepare, plan, run, report, and where asked execute the whole notebook."""

from __future__ import annotations

from contextlib import ExitStack

from dagbook.cli.arguments import RunArguments
from dagbook.cli.as_json import error_json, outcome_json
from dagbook.cli.as_junit import error_junit, outcome_junit
from dagbook.cli.outcome import OK, Outcome, exit_code_of, outcome_of
from dagbook.cli.ports import Doors, Notebook
from dagbook.cli.progress import Progress
from dagbook.cli.report import left_out_text, outcome_text, plan_text
from dagbook.cli.streams import Streams, prints_beside
from dagbook.cli.targets import make_room, naming
from dagbook.errors.base import DagbookError
from dagbook.errors.headless import UnwritableFile
from dagbook.execution.result import RunResult
from dagbook.planning.plan import Plan


class Run:
    """One `dagbook run`; `code` runs it and gives the exit code."""

    def __init__(self, arguments: RunArguments, doors: Doors, streams: Streams) -> None:
        self._arguments, self._doors, self._streams = arguments, doors, streams
        self._progress = Progress(streams)
        # Taken now: while a notebook is open, relative paths are those of its folder.
        self._notebook = arguments.notebook.absolute()
        self._junit = arguments.junit and arguments.junit.absolute()
        self._target = arguments.execute and arguments.execute.absolute()

    def code(self) -> int:
        """Run, report and write what was asked for."""
        try:
            # Before anything runs for hours whose outcome could not be kept.
            for target in filter(None, (self._junit, self._target)):
                make_room(target)
            outcome = self._prepared()
        except (DagbookError, KeyboardInterrupt, SystemExit) as error:
            code = exit_code_of(error)
            if not isinstance(error, UnwritableFile):
                self._write(error_junit(self._arguments.notebook.name, error))
            self._document(error_json(self._arguments.notebook, code, error))
            raise
        self._write(outcome_junit(outcome))
        try:
            failed = self._executed() if outcome.result and outcome.exit_code == OK else None
        except KeyboardInterrupt as error:
            self._document(error_json(self._arguments.notebook, exit_code_of(error), error))
            raise
        self._document(outcome_json(outcome, failed))
        if failed is not None:
            raise failed
        if self._target and outcome.exit_code != OK:
            self._say(f"{self._target} was not written, since the run failed.")
        return outcome.exit_code

    def _prepared(self) -> Outcome:
        with ExitStack() as stack:
            if self._streams.live:
                stack.enter_context(prints_beside(self._streams.errors, self._progress))
            notebook = stack.enter_context(
                self._doors.opened(self._arguments.notebook, self._arguments.parameters)
            )
            self._say(left_out_text(notebook))
            outcome = self._outcome(notebook)
            if not self._arguments.json:
                self._say(outcome_text(outcome))
            return outcome

    def _outcome(self, notebook: Notebook) -> Outcome:
        asked = self._arguments
        if asked.dry_run:
            plan = notebook.workspace.plan(asked.select, force=asked.force)
            self._say(plan_text(plan))
            return outcome_of(notebook, plan, fail_on=asked.fail_on)
        result = self._materialized(notebook)
        return outcome_of(notebook, result.plan, result, fail_on=asked.fail_on)

    def _materialized(self, notebook: Notebook) -> RunResult:
        asked, workspace = self._arguments, notebook.workspace
        ends = [
            workspace.subscribe(self._progress.heard),
            workspace.on_wait(self._progress.waiting),
        ]
        try:
            return workspace.materialize(
                asked.select,
                force=asked.force,
                executor="processes" if asked.jobs > 1 else "inline",
                jobs=asked.jobs,
                raise_on_error=False,
                command=f"dagbook run {notebook.path.name}",
                on_plan=self._planned,
            )
        finally:
            for end in ends:
                end()
            self._progress.end()

    def _planned(self, plan: Plan) -> None:
        self._say(plan_text(plan))
        self._progress.begin(plan)

    def _executed(self) -> DagbookError | None:
        """Run the whole notebook, if that was asked for; gives the error of a cell."""
        if self._target is None:
            return None
        try:
            self._doors.executed(
                self._notebook, self._target, self._arguments.parameters, self._progress.cell
            )
        except DagbookError as error:
            return error
        finally:
            self._progress.clear()
        self._say(f"Wrote {self._arguments.execute}.")
        return None

    def _say(self, text: str) -> None:
        if text:
            print(text, end="\n\n", file=self._streams.told, flush=True)

    def _write(self, junit: str) -> None:
        if self._junit is not None:
            with naming(self._junit):
                self._junit.write_text(junit, encoding="utf-8")

    def _document(self, text: str) -> None:
        if self._arguments.json:
            print(text, file=self._streams.report, flush=True)
