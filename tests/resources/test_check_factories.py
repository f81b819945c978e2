"""Checks made from a few numbers: columns that stay, metadata in bounds, data that is new enough."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

import dagbook as dg
from dagbook.definitions.cron import parse_cron
from dagbook.errors.definitions import InvalidDefinition


def numbered(rows: float, columns: dict[str, str]) -> dg.AssetsDefinition:
    """An asset that tells these of itself."""
    schema = dg.TableSchema.from_name_type_dict(columns)

    @dg.asset(name="t", code_version=f"{rows} {columns}")
    def t() -> Any:
        return dg.MaterializeResult(metadata={"rows": rows, "columns": schema})

    return t


@pytest.mark.parametrize(
    ("after", "passed", "said"),
    [
        ({"a": "int"}, True, "The columns are the same."),
        ({"a": "int", "b": "int"}, False, "added: b"),
        ({"b": "int"}, False, "added: b; removed: a"),
        ({"a": "text"}, False, "a: int → text"),
    ],
)
def test_changed_columns_are_told(
    workspace: dg.Workspace, after: dict[str, str], passed: bool, said: str
) -> None:
    """The newest materialization is compared with the one before."""
    workspace.define(*dg.build_column_schema_change_checks(assets=["t"]))
    workspace.define(numbered(1, {"a": "int"}))
    first = workspace.materialize().checks[0]
    assert (first.passed, first.check.name) == (True, "column_schema_change")
    workspace.define(numbered(1, after))
    second = workspace.materialize(force=True).checks[0]
    assert (second.passed, second.description, second.severity) == (passed, said, "WARN")


@pytest.mark.parametrize(
    ("rows", "options", "passed"),
    [
        (5, {"min_value": 5}, True),
        (5, {"min_value": 5, "exclusive_min": True}, False),
        (5, {"max_value": 5}, True),
        (5, {"max_value": 5, "exclusive_max": True}, False),
        (4.5, {"min_value": 1, "max_value": 4}, False),
        (float("nan"), {"min_value": 1}, False),
        ("many", {"min_value": 1}, False),
    ],
)
def test_bounds_of_metadata(rows: Any, options: dict[str, Any], passed: bool) -> None:
    """Bounds are allowed themselves unless they are exclusive; what is no number fails."""
    checks = dg.build_metadata_bounds_checks(assets=["t"], metadata_key="rows", **options)
    run = dg.materialize([numbered(rows, {}), *checks])
    assert [(one.check_name, one.passed) for one in run.get_asset_check_evaluations()] == [
        ("rows_bounds_check", passed)
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "rows_bounds_check: it has no bound. Give `min_value` or `max_value`."),
        (
            {"min_value": 2, "max_value": 1},
            "rows_bounds_check: its `min_value` 2 is above its `max_value` 1. Exchange them.",
        ),
    ],
)
def test_bounds_that_are_none(options: dict[str, Any], message: str) -> None:
    """A check that could not fail, or only fail, is refused."""
    with pytest.raises(InvalidDefinition) as caught:
        dg.build_metadata_bounds_checks(assets=["t"], metadata_key="rows", **options)
    assert str(caught.value) == message


def test_a_verdict_on_age_holds_for_the_moment_only(workspace: dg.Workspace) -> None:
    """Every run judges anew, without the asset running again."""
    checks = dg.build_last_update_freshness_checks(
        assets=["t"], lower_bound_delta=timedelta(seconds=60)
    )
    old = dg.build_last_update_freshness_checks(assets=["t"], lower_bound_delta=timedelta(days=-1))
    workspace.define(numbered(1, {}), *checks)
    assert workspace.materialize().checks[0].passed
    workspace.define(*old)
    again = workspace.materialize()
    assert (again.materialized, [one.passed for one in again.checks]) == ([], [False])
    assert len(workspace.materialize().checks) == 1


def test_a_deadline_counts_from_its_last_moment() -> None:
    """What was made since then less the delta is new enough."""
    checks = dg.build_last_update_freshness_checks(
        assets=["t"],
        lower_bound_delta=timedelta(minutes=1),
        deadline_cron="* * * * *",
        timezone="Europe/Berlin",
        severity=dg.AssetCheckSeverity.ERROR,
    )
    run = dg.materialize([numbered(1, {}), *checks])
    assert run.get_asset_check_evaluations()[0].passed


@pytest.mark.parametrize(
    ("schedule", "last", "following"),
    [
        ("0 9 * * *", "2024-05-01 09:00", "2024-05-02 09:00"),
        ("*/15 8 * * *", "2024-05-02 08:00", "2024-05-02 08:15"),
        ("0 0 29 2 *", "2024-02-29 00:00", "2028-02-29 00:00"),
        ("0 12 * * mon-wed", "2024-05-01 12:00", "2024-05-06 12:00"),
        ("0 0 1 jan 0", "2024-01-28 00:00", "2025-01-01 00:00"),
        ("30 6 * * 7", "2024-04-28 06:30", "2024-05-05 06:30"),
        ("0 0 31 2 *", None, None),
    ],
)
def test_schedules(schedule: str, last: str | None, following: str | None) -> None:
    """The newest moment that is past, and the first to come."""
    cron, now = parse_cron(schedule, "check"), datetime(2024, 5, 2, 8, 7)
    found = [cron.last(now), cron.next(now)]
    assert [one and f"{one:%Y-%m-%d %H:%M}" for one in found] == [last, following]


@pytest.mark.parametrize("schedule", ["", "* * * *", "60 * * * *", "* * * * maybe", "5-1 * * * *"])
def test_a_schedule_that_can_not_be_read(schedule: str) -> None:
    """The error shows one that can."""
    with pytest.raises(InvalidDefinition, match="Write minute, hour, day, month and weekday"):
        dg.build_last_update_freshness_checks(
            assets=["t"], lower_bound_delta=timedelta(1), deadline_cron=schedule
        )
