"""What checks say of the data there is now: their table, and the rows that they found wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dagbook.definitions.keys import AssetCheckKey
from dagbook.views.error_lines import error_line
from dagbook.views.html import QUIET, html_of, line_of
from dagbook.views.metadata import RICH, value_text
from dagbook.views.preview import frame_table
from dagbook.views.quantities import counted, moment_utc
from dagbook.views.tables import Cell, Column, TableView, table, without_empty_columns

if TYPE_CHECKING:
    from dagbook.definitions.metadata import MetadataValue
    from dagbook.events.records import Verdict
    from dagbook.staleness.status import CheckStatus

# The state whose sign and colour a judgement borrows.
STATES = {"passed": "fresh", "failed": "failed", "warned": "stale", "missing": "missing"}
COLUMNS = ("check", "verdict", "says", Column(name="failing rows", right=True))


def check_table(
    statuses: Iterable[CheckStatus], caption: str = "", *, short: bool = False
) -> TableView:
    """How checks stand: one row each; `short` names leave out the asset."""
    told = [(status.key, status.judgement, status.verdict) for status in statuses]
    return _table(told, caption, short)


def verdict_table(verdicts: Iterable[Verdict], caption: str = "") -> TableView:
    """The verdicts of one run, one row each."""
    told = [(verdict.check, judgement_of(verdict), verdict) for verdict in verdicts]
    return _table(told, caption)


def verdict_says(verdict: Verdict | None) -> str:
    """What a verdict tells besides passed or failed."""
    if verdict is None:
        return "not judged on the current data"
    # A full stop before the semicolon of what follows would be one sign too many.
    parts = [(verdict.description or "").rstrip().removesuffix(".")]
    if verdict.error is not None:
        parts.append(error_line(verdict.error))
    parts += [f"{name} {_short(item)}" for name, item in verdict.metadata.items()]
    if verdict.stops:
        parts.append("stops what is downstream")
    return "; ".join(filter(None, parts))


def failing_command(check: AssetCheckKey) -> str:
    """The magic that gives the failing rows as a frame."""
    return f"%failing {check}"


def no_rows(status: CheckStatus) -> str:
    """Why a check has no failing rows to look at, and what gives some."""
    key, verdict = status.key, status.verdict
    if verdict is None:
        return (
            f"`{key}` is not judged on the current data: `%materialize {key.asset_key}` judges it."
        )
    if verdict.passed:
        return f"`{key}` passed: it has no failing rows."
    if verdict.error is not None:
        return f"`{key}` raised {error_line(verdict.error)}: it judged no rows."
    says = f" ({verdict.description})" if verdict.description else ""
    return (
        f"`{key}` {judgement_of(verdict)}{says} by a verdict alone, without rows. A check whose "
        "body ends with the frame of the rows that are wrong keeps them."
    )


def _table(
    told: Sequence[tuple[AssetCheckKey, str, Verdict | None]], caption: str, short: bool = False
) -> TableView:
    rows = [_row(*each, short) for each in told]
    kept = [failing_command(key) for key, _, verdict in told if verdict and verdict.row_count]
    note = f"All failing rows: {', '.join(kept)}" if kept else ""
    return without_empty_columns(table(COLUMNS, rows, caption=caption, note=note))


def _row(
    key: AssetCheckKey, judgement: str, verdict: Verdict | None, short: bool
) -> list[str | Cell]:
    word = "unchecked" if judgement == "missing" else judgement
    count = verdict.row_count if verdict is not None else None
    return [
        Cell(text=key.name if short else str(key), code=True),
        Cell(text=word, state=STATES[judgement]),
        verdict_says(verdict),
        f"{count:,}" if count else "",
    ]


def judgement_of(verdict: Verdict) -> str:
    """Passed, warned or failed: a verdict of severity WARN only warns."""
    if verdict.passed:
        return "passed"
    return "warned" if verdict.severity == "WARN" else "failed"


def _short(item: MetadataValue) -> str:
    value = item.value
    if item.kind == "timestamp":
        return moment_utc(float(value))
    if item.kind in RICH:
        return value_text(item)[:60]
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return text[:60]


def checks_line(verdicts: Iterable[Verdict]) -> str:
    """The verdicts of a run in one line; empty where there are none."""
    words = [judgement_of(verdict) for verdict in verdicts]
    if not words:
        return ""
    failed, warned = words.count("failed"), words.count("warned")
    parts = [f"{failed} failed"] * bool(failed) + [f"{warned} warned"] * bool(warned)
    return f"{counted(len(words), 'check')}: {', '.join(parts) or 'all passed'}"


def failing_rows_html(check: AssetCheckKey, frame: object) -> str:
    """The first failing rows of a check; empty where they are no frame."""
    try:
        view = frame_table(frame)
    except Exception:
        view = None
    if view is None:
        return ""
    return (
        f'<div style="margin-top:6px;font-size:13px;{QUIET}">Failing rows of {line_of(check, 200)}</div>'
        f"{html_of(view)}"
    )
