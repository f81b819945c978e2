"""What a body says of the checks that it declares itself."""

from __future__ import annotations

from typing import NoReturn

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.results import AssetCheckResult
from dagbook.errors.execution import InvalidResult
from dagbook.execution.outputs import Harvest
from dagbook.execution.requests import CheckOutcome, StepRequest
from dagbook.execution.verdicts import judged, metadata_of
from dagbook.io.objects import ObjectStore


def inline_checks(
    request: StepRequest, harvest: Harvest, objects: ObjectStore
) -> tuple[CheckOutcome, ...]:
    """The outcomes of the checks that a body answers; failing rows are kept."""
    return tuple(
        [
            _outcome(key, result, objects)
            for key, result in answered_checks(request, harvest).items()
        ]
    )


def _outcome(key: AssetCheckKey, result: AssetCheckResult, objects: ObjectStore) -> CheckOutcome:
    verdict = judged(str(key), result.severity.value, result)
    return CheckOutcome(
        key=key,
        passed=result.passed,
        severity=result.severity.value,
        metadata=metadata_of(result.metadata),
        description=result.description,
        rows=objects.put(verdict.rows) if verdict.rows is not None else None,
        row_count=verdict.row_count,
    )


def answered_checks(
    request: StepRequest, harvest: Harvest
) -> dict[AssetCheckKey, AssetCheckResult]:
    """The verdicts on declared checks; raises InvalidResult where one is not as declared."""
    found: dict[AssetCheckKey, AssetCheckResult] = {}
    told = _told(request, harvest)
    if not (told or request.inline_checks):
        return found
    for asset, result in told:
        check = declared(request, result.asset_key or asset, result.check_name)
        if check in found:
            _refuse(request, f"answered the check `{check.name}` twice", "Answer it once.")
        if check not in request.unasked:
            found[check] = result
    made = {
        key
        for out, key in zip(request.outs, request.keys, strict=True)
        if out.name in harvest.given
    }
    for check in request.inline_checks:
        if check not in found and check.asset_key in made and check not in request.unasked:
            _refuse(
                request,
                f"did not answer its check `{check.name}`",
                "Give an AssetCheckResult for each of `check_specs`.",
            )
    return found


def _told(request: StepRequest, harvest: Harvest) -> list[tuple[AssetKey | None, AssetCheckResult]]:
    """Every verdict with the asset that it came with; None for one that was given alone."""
    told: list[tuple[AssetKey | None, AssetCheckResult]] = [
        (key, result)
        for out, key in zip(request.outs, request.keys, strict=True)
        if out.name in harvest.given
        for result in harvest.given[out.name].checks
    ]
    return told + [(None, result) for result in harvest.checks]


def declared(request: StepRequest, asset: AssetKey | None, name: str | None) -> AssetCheckKey:
    """The declared check that an answer means: by its name, or the only one there is."""
    own = [check for check in request.inline_checks if asset is None or check.asset_key == asset]
    meant = [check for check in own if name is None or check.name == name]
    if len(meant) == 1:
        return meant[0]
    if name is None and own:
        _refuse(request, "answered a check without saying which", "Give its `check_name`.")
    if meant:
        problem = f"answered the check `{name}` without saying of which asset"
        _refuse(request, problem, "Give its `asset_key`.")
    _refuse(
        request,
        f"answered the check `{name or 'without a name'}`, which it does not declare",
        "Declare it in `check_specs`.",
    )


def _refuse(request: StepRequest, problem: str, remedy: str) -> NoReturn:
    raise InvalidResult(asset=request.name, problem=problem, remedy=remedy)
