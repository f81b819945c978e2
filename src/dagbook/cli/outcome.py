"""What a command found out: plan, result, how everything stands, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dagbook.cli.arguments import FailOn
from dagbook.cli.ports import Notebook
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.errors.base import DagbookError
from dagbook.errors.execution import ExecutionError
from dagbook.errors.headless import CellRaised, ExecutionStopped, KernelStopped
from dagbook.errors.store import NoStore, StoreError
from dagbook.execution.result import RunResult
from dagbook.planning.plan import Plan
from dagbook.records import dataclass
from dagbook.staleness.status import AssetStatus, CheckStatus
from dagbook.views.states import state_word

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130
# Faults that appear while things run; all others are in what was written or typed.
_WHILE_RUNNING = (CellRaised, ExecutionStopped, KernelStopped, ExecutionError, StoreError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A notebook's assets after a command; `plan` and `result` where it planned and ran.

    `failing` are the checks and the assets that make the command fail.
    """

    notebook: Notebook
    assets: Mapping[AssetKey, AssetStatus]
    checks: Mapping[AssetCheckKey, CheckStatus]
    plan: Plan | None = None
    result: RunResult | None = None
    failing: tuple[AssetCheckKey | AssetKey, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 where all is well, 1 where something failed or a verdict counts as failure."""
        if self.failing or (self.result is not None and not self.result.success):
            return FAILED
        return OK if self.plan is None or not self.plan.blocked else FAILED


def outcome_of(
    notebook: Notebook,
    plan: Plan | None = None,
    result: RunResult | None = None,
    fail_on: FailOn = "blocking",
) -> Outcome:
    """How the notebook's assets stand now, judged by the verdicts on what was selected."""
    checks = notebook.workspace.check_statuses()
    failing = failing_checks(checks.values(), _touched(plan), fail_on) if plan is not None else ()
    assets = notebook.workspace.statuses()
    for status in assets.values():
        str(status.why)  # looked up in the store, which is closed when the document is written
    return Outcome(
        notebook=notebook,
        assets=assets,
        checks=checks,
        plan=plan,
        result=result,
        failing=failing,
    )


def standing_of(notebook: Notebook, fail_on: FailOn = "blocking") -> Outcome:
    """How the notebook's assets stand where nothing is asked for: all of them count.

    Besides checks, those fail whose last run failed, and for `stale` all that are not fresh.
    """
    outcome = outcome_of(notebook)
    well = ("fresh", "external")
    words = {key: state_word(status) for key, status in outcome.assets.items()}
    assets = [
        key
        for key, word in words.items()
        if word == "failed" or (fail_on == "stale" and word not in well)
    ]
    checks = failing_checks(outcome.checks.values(), frozenset(outcome.assets), fail_on)
    return replace(outcome, failing=(*assets, *checks))


def failing_checks(
    checks: Iterable[CheckStatus], assets: frozenset[AssetKey], fail_on: FailOn
) -> tuple[AssetCheckKey, ...]:
    """The checks of these assets whose verdict on the current data makes a run fail."""
    return tuple(
        check.key for check in checks if check.key.asset_key in assets and _fails(check, fail_on)
    )


def exit_code_of(error: BaseException) -> int:
    """The exit code of a command that an error ended."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, NoStore):
        return USAGE
    if isinstance(error, DagbookError) and not isinstance(error, _WHILE_RUNNING):
        return USAGE
    return FAILED


def _touched(plan: Plan) -> frozenset[AssetKey]:
    judged = [check.asset_key for check in (*plan.checks, *plan.blocked_by)]
    return frozenset((*plan.selected, *plan.keys, *plan.restored, *judged))


def _fails(check: CheckStatus, fail_on: FailOn) -> bool:
    verdict = check.verdict
    if verdict is None or check.judgement in ("passed", "missing"):
        return False
    if verdict.stops or verdict.error is not None:
        return True
    return fail_on in ("warn", "stale") or (fail_on == "error" and check.judgement == "failed")
