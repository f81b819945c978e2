"""Definitions of a project, and the jobs that are made of them."""

from __future__ import annotations

from typing import Any

import pytest

from dagbook import (
    AssetCheckResult,
    AssetKey,
    Definitions,
    Workspace,
    asset,
    asset_check,
    define_asset_job,
)
from dagbook.errors import DagbookError
from dagbook.errors.definitions import InvalidDefinition, UnknownJob


@asset
def raw() -> int:
    """A number."""
    return 1


@asset
def doubled(raw: int) -> int:
    """Twice the number."""
    return 2 * raw


@asset_check(asset=raw)
def positive(raw: int) -> AssetCheckResult:
    """It is above 0."""
    return AssetCheckResult(passed=raw > 0)


@pytest.mark.parametrize("selection", ["raw", [raw], ["raw"], 'key:"raw"'])
def test_a_job_runs_what_it_selects(selection: Any) -> None:
    """By an expression, by definitions or by keys; the checks of it run with it."""
    job = define_asset_job("nightly", selection)
    whole = Definitions(assets=[raw, doubled], asset_checks=[positive], jobs=[job])
    result = whole.get_job_def("nightly").execute_in_process()
    assert [str(key) for key in result.materialized] == ["raw"]
    assert [one.check_name for one in result.get_asset_check_evaluations()] == ["positive"]


@pytest.mark.parametrize("selection", [None, "+doubled"])
def test_a_job_runs_some_of_its_assets(selection: Any) -> None:
    """`asset_selection` narrows what the job selects, by keys or definitions."""
    whole = Definitions(assets=[raw, doubled], jobs=[define_asset_job("nightly", selection)])
    job = whole.get_job_def("nightly")
    for narrowed in ([raw], [AssetKey("raw")], ["raw"]):
        assert job.execute_in_process(asset_selection=narrowed).materialized == [AssetKey("raw")]


def test_a_job_without_a_selection_runs_everything() -> None:
    """And gives the values."""
    whole = Definitions(assets=[raw, doubled], jobs=[define_asset_job("all")])
    assert whole.resolve_job_def("all").execute_in_process().asset_value("doubled") == 2


def test_a_workspace_takes_definitions_whole(workspace: Workspace) -> None:
    """Their assets, their checks and their resources."""
    workspace.define(Definitions(assets=[raw, doubled], asset_checks=[positive]))
    assert [str(key) for key in workspace.graph.keys] == ["raw", "doubled"]
    assert [str(key) for key in workspace.graph.checks] == ["raw.positive"]


CASES: dict[str, tuple[Any, type[DagbookError], str]] = {
    "an unknown job": (
        lambda: Definitions(jobs=[define_asset_job("nightly")]).get_job_def("nihgtly"),
        UnknownJob,
        "No job is named `nihgtly`. Did you mean `nightly`?",
    ),
    "a check among the assets": (
        lambda: Definitions(assets=[positive]),  # type: ignore[list-item]
        InvalidDefinition,
        "Definitions: `assets` holds a AssetChecksDefinition. "
        "It takes AssetsDefinition and AssetSpec.",
    ),
    "an asset that the job does not run": (
        lambda: (
            Definitions(assets=[raw, doubled], jobs=[define_asset_job("j", "raw")])
            .get_job_def("j")
            .execute_in_process(asset_selection=[doubled])
        ),
        InvalidDefinition,
        "j: the job does not run `doubled`. Name only assets of its own selection.",
    ),
    "two jobs of one name": (
        lambda: Definitions(jobs=[define_asset_job("j"), define_asset_job("j")]),
        InvalidDefinition,
        "Definitions: two jobs are called `j`. Rename one of them.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_faulty_definitions_are_refused(case: str) -> None:
    """The class of the error and its whole message."""
    make, kind, message = CASES[case]
    with pytest.raises(kind) as caught:
        make()
    assert str(caught.value) == message
