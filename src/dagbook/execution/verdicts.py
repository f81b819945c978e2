"""From what a check hands back to its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from dagbook.definitions.keys import AssetCheckKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.results import AssetCheckResult, AssetCheckSeverity, boolean
from dagbook.errors.execution import InvalidVerdict
from dagbook.records import dataclass

MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict with the frame of failing rows, where the check gave one."""

    result: AssetCheckResult
    rows: Any = None
    row_count: int | None = None


def judged(check: str, severity: str, given: Any) -> Judged:
    """The verdict that a check's return stands for; raises InvalidVerdict for anything else."""
    grave = AssetCheckSeverity(severity)
    if isinstance(given, AssetCheckResult):
        return _with_rows(given, given.failing_rows)
    verdict = boolean(given)
    if verdict is not None:
        return Judged(result=AssetCheckResult(passed=verdict, severity=grave))
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Mapping):
        verdict = boolean(given[0])
        if verdict is not None:
            result = AssetCheckResult(passed=verdict, severity=grave, metadata=given[1])
            return Judged(result=result)
    if _is_frame(given):
        passed = AssetCheckResult(passed=len(given) == 0, severity=grave)
        return _with_rows(passed, given)
    raise InvalidVerdict(check=check, got=_what(given))


def take_answers(
    among: Sequence[AssetCheckKey], given: Any, said: dict[AssetCheckKey, Judged]
) -> None:
    """Take what a body says of several checks, one by one; raises InvalidVerdict for what is none."""
    name = " ".join(map(str, among))
    for result in given if isinstance(given, (Iterator, list, tuple)) else [given]:
        if not isinstance(result, AssetCheckResult):
            raise InvalidVerdict(check=name, got=_what(result))
        check = _meant(name, result, among)
        if check in said:
            raise InvalidVerdict(check=str(check), got="several results")
        said[check] = judged(str(check), result.severity.value, result)


def _meant(name: str, result: AssetCheckResult, among: Sequence[AssetCheckKey]) -> AssetCheckKey:
    """The check that a result is for."""
    meant = [
        one
        for one in among
        if result.check_name in (None, one.name) and result.asset_key in (None, one.asset_key)
    ]
    if len(meant) == 1:
        return meant[0]
    parts = (result.asset_key, result.check_name)
    told = ".".join([str(part) for part in parts if part is not None])
    got = "a result that does not say for which of them" if meant else f"a result for `{told}`"
    raise InvalidVerdict(check=name, got=got)


def from_assertion(severity: str, error: AssertionError) -> AssetCheckResult:
    """The failed verdict that a raised AssertionError stands for."""
    return AssetCheckResult(
        passed=False,
        severity=AssetCheckSeverity(severity),
        description=str(error) or "an assertion failed",
    )


def metadata_of(raw: Mapping[str, Any]) -> dict[str, MetadataValue]:
    """Plain metadata with the kind of each value."""
    return {str(name): MetadataValue.of(value) for name, value in raw.items()}


def _with_rows(result: AssetCheckResult, rows: Any) -> Judged:
    if rows is None or not _is_frame(rows) or len(rows) == 0:
        return Judged(result=result, row_count=None if rows is None else 0)
    kept = rows if len(rows) <= MOST_ROWS else rows[:MOST_ROWS]
    return Judged(result=result, rows=kept, row_count=len(rows))


_FRAMES: Mapping[str, Callable[[Any], bool]] = {
    "pandas": lambda value: hasattr(value, "columns") and hasattr(value, "index"),
    "polars": lambda value: hasattr(value, "columns") and hasattr(value, "height"),
    "pyarrow": lambda value: hasattr(value, "column_names") and hasattr(value, "num_rows"),
}


def _is_frame(value: Any) -> bool:
    test = _FRAMES.get(type(value).__module__.partition(".")[0])
    return test is not None and test(value)


def _what(value: Any) -> str:
    return "None" if value is None else f"a value of type {type(value).__name__}"
