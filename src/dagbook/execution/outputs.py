"""From what a body hands back to one record for each output."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.ops import ANY, OpOutput
from dagbook.definitions.results import NO_VALUE, AssetCheckResult, MaterializeResult, Output
from dagbook.errors.execution import InvalidResult, WrongType
from dagbook.execution.requests import StepRequest

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Given:
    """What a body gave for one output; `value` is NO_VALUE where there is nothing to keep."""

    value: Any
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    data_version: str | None = None
    checks: tuple[AssetCheckResult, ...] = ()


def given_by(request: StepRequest, result: Any) -> dict[str, Given]:
    """What the body gave, by output; an output that may stay without a value may be absent.

    Raises InvalidResult or WrongType, naming the asset.
    """
    if inspect.isgenerator(result):
        given = _from_yields(request, result)
    elif isinstance(result, (Output, MaterializeResult)):
        given = dict([_from_record(request, result)])
    elif len(request.outs) == 1:
        given = {request.outs[0].name: Given(_unless_none(request.outs[0], result))}
    else:
        given = _from_several(request, result)
    _require(request, given)
    for out in request.outs:
        if out.annotation is not ANY and out.name in given:
            _check_type(request, "what it returns", out.annotation, given[out.name].value)
    return given


def _unless_none(out: OpOutput, result: Any) -> Any:
    """With `-> None` a body says that it hands nothing over."""
    return NO_VALUE if result is None and out.annotation in (None, type(None)) else result


def _from_yields(request: StepRequest, results: Iterator[Any]) -> dict[str, Given]:
    given: dict[str, Given] = {}
    checks: list[AssetCheckResult] = []
    for item in results:
        if isinstance(item, AssetCheckResult):
            checks.append(item)
            continue
        if not isinstance(item, (Output, MaterializeResult)):
            _refuse(
                request,
                f"yielded a plain value of type {type(item).__name__}",
                "Yield Output(value) or MaterializeResult(), or return the value.",
            )
        name, one = _from_record(request, item)
        if name in given:
            _refuse(request, f"yielded the output `{name}` twice", "Yield each output once.")
        given[name] = one
    if checks and given:
        first, one = next(iter(given.items()))
        given[first] = Given(one.value, one.metadata, one.data_version, (*one.checks, *checks))
    return given


def _from_record(request: StepRequest, item: Output[Any] | MaterializeResult) -> tuple[str, Given]:
    if isinstance(item, Output):
        return _known(request, item.output_name), Given(
            item.value, item.metadata, item.data_version
        )
    return _output_of(request, item.asset_key), Given(
        item.value, item.metadata, item.data_version, tuple(item.check_results)
    )


def _output_of(request: StepRequest, key: AssetKey | None) -> str:
    if key is None:
        if len(request.outs) > 1:
            _refuse(request, "gave a MaterializeResult without an asset_key", "Name the asset.")
        return request.outs[0].name
    for out, own in zip(request.outs, request.keys, strict=True):
        if own == key:
            return out.name
    _refuse(request, f"gave a result for `{key}`, which it does not define", "Name one of its own.")


def _known(request: StepRequest, name: str) -> str:
    if all(out.name != name for out in request.outs):
        known = ", ".join(out.name for out in request.outs)
        _refuse(request, f"gave an unknown output `{name}`", f"It has: {known}.")
    return name


def _from_several(request: StepRequest, result: Any) -> dict[str, Given]:
    if result is None and not request.outs:
        return {}
    parts: Iterable[Any] = result if isinstance(result, tuple) else ()
    values = list(parts)
    if len(values) != len(request.outs):
        _refuse(
            request,
            f"gave {len(values)} values for {len(request.outs)} outputs",
            "Return a tuple of that length, or yield each output.",
        )
    given: dict[str, Given] = {}
    for out, value in zip(request.outs, values, strict=True):
        if isinstance(value, (Output, MaterializeResult)):
            given[out.name] = _from_record(request, value)[1]
        else:
            given[out.name] = Given(value)
    return given


def _require(request: StepRequest, given: Mapping[str, Given]) -> None:
    for out in request.outs:
        if out.required and out.name not in given and out.name in request.selected:
            _refuse(
                request,
                f"gave nothing for the required output `{out.name}`",
                "Yield it, or declare it with output_required=False.",
            )


def check_inputs(request: StepRequest, arguments: Mapping[str, Any]) -> None:
    """Raise WrongType where an input is not of the type that its parameter declares."""
    for name, expected in request.types.items():
        if name in arguments:
            _check_type(request, f"its input `{name}`", expected, arguments[name])


def answered_checks(
    request: StepRequest, given: Mapping[str, Given]
) -> dict[AssetCheckKey, AssetCheckResult]:
    """What the body says of its declared checks; raises InvalidResult where one is not as declared."""
    found: dict[AssetCheckKey, AssetCheckResult] = {}
    for out, key in zip(request.outs, request.keys, strict=True):
        for result in given[out.name].checks if out.name in given else ():
            check = _declared(request, result.asset_key or key, result.check_name)
            if check in found:
                _refuse(request, f"answered the check `{check.name}` twice", "Answer it once.")
            found[check] = result
    made = {key for out, key in zip(request.outs, request.keys, strict=True) if out.name in given}
    for check in request.inline_checks:
        if check not in found and check.asset_key in made:
            _refuse(
                request,
                f"did not answer its check `{check.name}`",
                "Give an AssetCheckResult for each of `check_specs`.",
            )
    return found


def _declared(request: StepRequest, asset: AssetKey, name: str | None) -> AssetCheckKey:
    own = [check for check in request.inline_checks if check.asset_key == asset]
    for check in own:
        if check.name == name or (name is None and len(own) == 1):
            return check
    if name is None and own:
        _refuse(request, "answered a check without saying which", "Give its `check_name`.")
    _refuse(
        request,
        f"answered the check `{name or 'without a name'}`, which it does not declare",
        "Declare it in `check_specs`.",
    )


def _check_type(request: StepRequest, what: str, expected: Any, value: Any) -> None:
    if not isinstance(expected, type) or value is NO_VALUE or isinstance(value, expected):
        return
    if issubclass(expected, (Output, MaterializeResult)) or (
        expected is float and type(value) is int
    ):
        return
    raise WrongType(
        asset=request.name, what=what, expected=expected.__name__, got=type(value).__name__
    )


def _refuse(request: StepRequest, problem: str, remedy: str) -> NoReturn:
    raise InvalidResult(asset=request.name, problem=problem, remedy=remedy)
