"""The tables of runs: the result of one, the list of them, and the steps of one over time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetKey
from dagbook.views.checks import checks_line
from dagbook.views.error_lines import error_line
from dagbook.views.lettering import clean_line, elide, fit
from dagbook.views.quantities import counted, duration, moment, size
from dagbook.views.states import LOOKS
from dagbook.views.svg import FONT, QUIET
from dagbook.views.tables import Cell, Column, TableView, table, without_empty_columns

if TYPE_CHECKING:
    from dagbook.execution.result import RunResult
    from dagbook.log.protocol import RunRecord, StepRecord

RESULT_COLUMNS = (
    Column(name="asset"),
    Column(name="result"),
    Column(name="note"),
    Column(name="took", right=True, varies=True),
    Column(name="size", right=True, varies=True),
)
# The state whose sign and colour an outcome borrows.
OUTCOMES = {
    "materialized": "fresh",
    "restored": "fresh",
    "skipped": "fresh",
    "failed": "failed",
    "not run": "missing",
    "not_run": "missing",
    "blocked": "blocked",
    "ok": "fresh",
    "cancelled": "stale",
    "interrupted": "stale",
    "running": "running",
}
# What failed is named up to this number.
NAMED = 3
ROW, NAMES, BARS, RIGHT = 24.0, 210.0, 420.0, 90.0


def result_table(result: RunResult) -> TableView:
    """What a run came to, one row for each asset that was planned or selected, and its warnings."""
    outcomes: dict[AssetKey, str] = {}
    for word in ("skipped", "restored", "materialized", "not_run", "blocked", "failed"):
        outcomes.update(dict.fromkeys(getattr(result, word), word.replace("_", " ")))
    rows = [_result_row(result, key, word) for key, word in _in_order(result, outcomes)]
    return without_empty_columns(
        table(
            RESULT_COLUMNS,
            rows,
            caption=result_line(result),
            note="\n".join(filter(None, [checks_line(result.checks), *result.warnings])),
            varying=f"run {result.run_id}" if result.run_id else "",
        )
    )


def result_line(result: RunResult) -> str:
    """The result in one line: `3 materialized, 1 failed`."""
    words = ("materialized", "restored", "failed", "not_run", "blocked")
    counts = [(len(getattr(result, word)), word.replace("_", " ")) for word in words]
    # What needed no run is fresh, unless a body gave no value on purpose: then there is a reason.
    fresh = sum(key not in result.reasons for key in result.skipped)
    counts[2:2] = [(fresh, "fresh"), (len(result.skipped) - fresh, "skipped")]
    idle = "No asset ran" if result.checks else "Nothing to do"
    text = ", ".join(f"{count} {word}" for count, word in counts if count) or idle
    return f"{text} ({result.outcome})" if result.outcome in ("cancelled", "interrupted") else text


def ending_line(result: RunResult) -> str:
    """The result in one line that begins with what failed: `m.positive failed: 3 materialized`."""
    stopped = [check.check for check in result.checks if check.stops or check.error]
    names = [clean_line(key) for key in (*result.failed, *stopped)]
    others = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    failed = f"{', '.join(names[:NAMED])}{others} failed: " if names else ""
    return failed + result_line(result)


def warning_lines(result: RunResult) -> list[str]:
    """The first warnings of the run, a line each, and how many more there are."""
    more = len(result.warnings) - NAMED
    told = [clean_line(warning) for warning in result.warnings[:NAMED]]
    return [*told, f"{counted(more, 'more warning')}."] if more > 0 else told


def runs_table(runs: Sequence[RunRecord]) -> TableView:
    """The runs as they are given, newest first."""
    columns = (
        Column(name="run", varies=True),
        Column(name="started", varies=True),
        Column(name="outcome"),
        Column(name="command"),
        Column(name="assets", right=True),
        Column(name="took", right=True, varies=True),
    )
    rows = [_run_row(run) for run in runs]
    return table(columns, rows, note="" if rows else "No runs yet.")


def steps_table(steps: Sequence[StepRecord]) -> TableView:
    """What became of each asset in one run."""
    columns = ("asset", "result", "note", Column(name="took", right=True, varies=True))
    rows: list[list[str | Cell]] = [
        [
            Cell(text=str(step.key), code=True),
            _outcome(step.outcome.replace("_", " ")),
            _error_line(step),
            duration(step.duration) if step.duration else "",
        ]
        for step in steps
    ]
    return without_empty_columns(table(columns, rows, note="" if rows else "No steps."))


def gantt_svg(run: RunRecord, steps: Sequence[StepRecord]) -> str:
    """The steps of a run as bars over time; all of it differs from run to run."""
    timed = [step for step in steps if step.duration > 0]
    start = min([run.started, *(step.time for step in timed)])
    end = max([run.finished or start, *(step.time + step.duration for step in timed)])
    scale = BARS / max(end - start, 1e-9)
    width, height = NAMES + BARS + RIGHT, ROW * len(timed) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" style="max-width:100%;height:auto" '
        f'font-family="{escape(FONT, quote=True)}" font-size="12" role="img" '
        f'aria-label="Steps over time">'
    ]
    for row, step in enumerate(timed):
        left = NAMES + (step.time - start) * scale
        parts.append(_bar(step, ROW * row + ROW / 2, left, step.duration * scale))
    base = ROW * len(timed) + 8
    parts.append(f'<path d="M{NAMES:g} {base:g}h{BARS:g}" stroke="{QUIET}" stroke-width="1"/>')
    parts.append(_label(NAMES, base + 16, "0", "start"))
    parts.append(_label(NAMES + BARS, base + 16, duration(end - start), "end"))
    return "\n".join([*parts, "</svg>"])


def _bar(step: StepRecord, y: float, left: float, length: float) -> str:
    look = LOOKS[OUTCOMES.get(step.outcome, "missing")]
    name = fit(clean_line(step.key), 12, NAMES - 14)
    bar = (
        f'<rect x="{left:.1f}" y="{y - 7:g}" width="{max(length, 2):.1f}" height="14" rx="3" '
        f'fill="{look.line}"><title>{escape(clean_line(step.key)[:400])}: {step.outcome}</title></rect>'
    )
    label = _label(
        left + max(length, 2) + 6, y + 4, f"{look.sign} {duration(step.duration)}", "start"
    )
    return _label(NAMES - 10, y + 4, name, "end") + bar + label


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:g}" fill="{QUIET}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _in_order(result: RunResult, outcomes: dict[AssetKey, str]) -> list[tuple[AssetKey, str]]:
    planned = [key for key in result.plan.keys if key in outcomes]
    rest = [key for key in outcomes if key not in set(planned)]
    return [(key, outcomes[key]) for key in [*planned, *rest]]


def _result_row(result: RunResult, key: AssetKey, word: str) -> list[str | Cell]:
    record = result.records.get(key)
    failure = result.failures.get(key)
    note = result.reasons.get(key, "")
    if failure is not None:
        note = error_line(failure.error)
    took = record.duration if record is not None and word == "materialized" else None
    took = failure.duration if failure is not None else took
    held = record.value.size if record is not None and record.value is not None else None
    if word == "skipped" and not note:
        word = "fresh"
    return [
        Cell(text=str(key), code=True),
        _outcome(word),
        elide(note, 300),
        "" if took is None else duration(took),
        "" if held is None else size(held),
    ]


def _run_row(run: RunRecord) -> list[str | Cell]:
    took = "" if run.finished is None else duration(run.finished - run.started)
    return [
        Cell(text=run.run_id, code=True),
        moment(run.started),
        _outcome(run.outcome or "running"),
        Cell(text=run.command, code=True),
        str(len(run.planned)),
        took,
    ]


def _outcome(word: str) -> Cell:
    return Cell(text=word, state=OUTCOMES.get(word, word if word in LOOKS else ""))


def _error_line(step: StepRecord) -> str:
    if step.error is None:
        return step.detail
    return error_line(step.error)


def run_line(run: RunRecord, steps: Sequence[StepRecord]) -> str:
    """A run in one line, without what varies."""
    return f"{run.command}: {run.outcome or 'running'}, {counted(len(steps), 'step')}"
