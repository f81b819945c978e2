"""From what a body hands back to one record for each output."""

from __future__ import annotations

import inspect
import typing
from collections import abc
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, NoReturn, Protocol

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.nothing import Nothing, is_nothing
from dagbook.definitions.ops import ANY, OpOutput
from dagbook.definitions.ports import DynamicOutput
from dagbook.definitions.results import NO_VALUE, AssetCheckResult, MaterializeResult, Output
from dagbook.errors.execution import InvalidResult, WrongType
from dagbook.execution.types import fits, type_name
from dagbook.records import dataclass
from dagbook.staleness.files import Opened

NOTHING: Mapping[str, Any] = {}
_YIELDED = (AssetCheckResult, DynamicOutput, Output, MaterializeResult)
_STREAMS = (abc.Iterator, abc.Iterable, abc.Generator, abc.AsyncIterator, abc.AsyncGenerator)


class Body(Protocol):
    """What is known of a body whose result is looked at; `keys` are the assets of its outputs."""

    @property
    def name(self) -> str: ...
    @property
    def outs(self) -> tuple[OpOutput, ...]: ...
    @property
    def keys(self) -> tuple[AssetKey, ...]: ...
    @property
    def selected(self) -> tuple[str, ...]: ...
    @property
    def types(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Given:
    """What a body gave for one output; `value` is NO_VALUE where there is nothing to keep."""

    value: Any
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    data_version: str | None = None
    checks: tuple[AssetCheckResult, ...] = ()


@dataclass(slots=True)
class Harvest:
    """What a body has given so far: by output, by output and key, and verdicts of their own.

    After an error it holds what was given before; `opened` are the files that it read.
    """

    given: dict[str, Given] = field(default_factory=dict)
    entries: dict[str, dict[str, Given]] = field(default_factory=dict)
    checks: list[AssetCheckResult] = field(default_factory=list)
    opened: tuple[Opened, ...] = ()


def gather(body: Body, fn: Callable[..., Any], result: Any, harvest: Harvest) -> None:
    """Take what the body's function gave into the harvest, piece by piece.

    Raises InvalidResult or WrongType, naming the asset or op, and whatever a generator raises.
    """
    if inspect.isgenerator(result):
        for item in result:
            if not isinstance(item, _YIELDED) and not _is_generator_function(fn):
                _refuse(
                    body,
                    "gave a generator, which can be read only once and so can't be kept",
                    "Give `list(...)` of it, or yield Output(value) or MaterializeResult().",
                )
            _take_yield(body, item, harvest)
    elif isinstance(result, AssetCheckResult):
        harvest.checks.append(result)
    elif not body.outs:
        if result is not None:
            _refuse(body, "has no output and gave a value", "Declare an output, or return nothing.")
    elif len(body.outs) == 1:
        _take_only(body, body.outs[0], result, harvest)
    else:
        _take_several(body, result, harvest)
    _complete(body, harvest)


def _is_generator_function(fn: Callable[..., Any]) -> bool:
    own = inspect.unwrap(fn)
    return inspect.isgeneratorfunction(own) or inspect.isasyncgenfunction(own)


def check_inputs(body: Body, arguments: Mapping[str, Any]) -> None:
    """Raise WrongType where an input is not of the type that its parameter declares."""
    for name, expected in body.types.items():
        if name in arguments:
            _check_type(body, f"its input `{name}`", expected, arguments[name])


def _take_yield(body: Body, item: Any, harvest: Harvest) -> None:
    if isinstance(item, AssetCheckResult):
        harvest.checks.append(item)
    elif isinstance(item, DynamicOutput):
        _take_entry(body, _out(body, item.output_name), item, harvest)
    elif isinstance(item, Output):
        out = _out(body, item.output_name)
        _put(body, out, Given(item.value, item.metadata, item.data_version), harvest)
    elif isinstance(item, MaterializeResult):
        _put(body, _out_of(body, item.asset_key), _materialized(item), harvest)
    else:
        _refuse(
            body,
            f"yielded a plain value of type {type(item).__name__}",
            "Yield Output(value) or MaterializeResult(), or return the value.",
        )


def _take_only(body: Body, out: OpOutput, result: Any, harvest: Harvest) -> None:
    if out.dynamic:
        _take_entries(body, out, result, harvest)
    else:
        _take_at(body, out, result, harvest)


def _take_several(body: Body, result: Any, harvest: Harvest) -> None:
    typed = all(out.annotation is Nothing for out in body.outs)
    if result is None and typed:
        return
    if typed and isinstance(result, MaterializeResult):
        result = (result,)
    if typed and isinstance(result, tuple):
        for item in result:
            _take_yield(body, item, harvest)
        return
    values = result if type(result) is tuple else (result,)
    if len(values) != len(body.outs) or type(result) is not tuple:
        count = len(values) if result is not None else 0
        _refuse(
            body,
            f"gave {count} value{'s' * (count != 1)} for {len(body.outs)} outputs",
            "Return a tuple of that length, or yield each output.",
        )
    for out, value in zip(body.outs, values, strict=True):
        _take_only(body, out, value, harvest)


def _take_at(body: Body, out: OpOutput, value: Any, harvest: Harvest) -> None:
    """One value that was returned in the place of an output."""
    if isinstance(value, Output):
        if value.output_name != "result" and _out(body, value.output_name) != out:
            _refuse(
                body,
                f"returned the output `{value.output_name}` in the place of `{out.name}`",
                "Return them in order, or yield them.",
            )
        one = Given(value.value, value.metadata, value.data_version)
    elif isinstance(value, MaterializeResult):
        if value.asset_key is not None:
            out = _out_of(body, value.asset_key)
        one = _materialized(value)
    elif isinstance(value, DynamicOutput):
        _refuse(body, f"gave a DynamicOutput for `{out.name}`", "Declare it with DynamicOut().")
    elif value is None and is_nothing(out.annotation):
        one = Given(NO_VALUE)
    else:
        one = Given(value)
    _put(body, out, one, harvest)


def _take_entries(body: Body, out: OpOutput, result: Any, harvest: Harvest) -> None:
    items = result if isinstance(result, list) else None
    if items is None or not all(isinstance(item, DynamicOutput) for item in items):
        _refuse(
            body,
            f"gave a value of type {type(result).__name__} for the dynamic output `{out.name}`",
            "Yield a DynamicOutput(value, mapping_key) for each, or return a list of them.",
        )
    for item in items:
        _take_entry(body, out, item, harvest)


def _take_entry(body: Body, out: OpOutput, item: DynamicOutput[Any], harvest: Harvest) -> None:
    if not out.dynamic:
        _refuse(body, f"gave a DynamicOutput for `{out.name}`", "Declare it with DynamicOut().")
    entries = harvest.entries.setdefault(out.name, {})
    if item.mapping_key in entries:
        _refuse(
            body,
            f"gave the key `{item.mapping_key}` of `{out.name}` twice",
            "Give each key once.",
        )
    _check_type(body, f"its output `{out.name}`", out.annotation, item.value)
    entries[item.mapping_key] = Given(item.value, item.metadata)


def _materialized(item: MaterializeResult) -> Given:
    return Given(item.value, item.metadata, item.data_version, tuple(item.check_results))


def _put(body: Body, out: OpOutput, one: Given, harvest: Harvest) -> None:
    if out.name in harvest.given:
        _refuse(body, f"yielded the output `{out.name}` twice", "Yield each output once.")
    if out.dynamic:
        _refuse(
            body,
            f"gave an Output for the dynamic output `{out.name}`",
            "Yield a DynamicOutput(value, mapping_key).",
        )
    if one.value is None and is_nothing(out.annotation):
        one = Given(NO_VALUE, one.metadata, one.data_version, one.checks)
    if one.value is not NO_VALUE:
        whole = len(body.outs) == 1
        what = "what it returns" if whole else f"its output `{out.name}`"
        _check_type(body, what, out.annotation, one.value)
    harvest.given[out.name] = one


def _out_of(body: Body, key: AssetKey | None) -> OpOutput:
    if key is None:
        if len(body.outs) != 1:
            _refuse(body, "gave a MaterializeResult without an asset_key", "Name the asset.")
        return body.outs[0]
    for out, known in zip(body.outs, body.keys, strict=False):
        if known == key:
            return out
    _refuse(body, f"gave a result for `{key}`, which it does not define", "Name one of its own.")


def _out(body: Body, name: str) -> OpOutput:
    for out in body.outs:
        if out.name == name:
            return out
    known = ", ".join(out.name for out in body.outs)
    _refuse(body, f"gave an unknown output `{name}`", f"It has: {known or 'none'}.")


def _complete(body: Body, harvest: Harvest) -> None:
    """What needs no value is given by itself; what else is required must be there."""
    for out in body.outs:
        if out.dynamic:
            if out.required:
                harvest.entries.setdefault(out.name, {})
            continue
        if not out.required or out.name in harvest.given or out.name not in body.selected:
            continue
        if is_nothing(out.annotation):
            harvest.given[out.name] = Given(NO_VALUE)
            continue
        _refuse(
            body,
            f"gave nothing for the required output `{out.name}`",
            "Yield it, or declare it with output_required=False."
            if len(body.outs) == 1
            else "Yield it, or declare it with is_required=False.",
        )


def _check_type(body: Body, what: str, expected: Any, value: Any) -> None:
    if expected is ANY or value is NO_VALUE or typing.get_origin(expected) in _STREAMS:
        return
    if not fits(value, expected):
        raise WrongType(
            asset=body.name, what=what, expected=type_name(expected), got=type(value).__name__
        )


def _refuse(body: Body, problem: str, remedy: str) -> NoReturn:
    raise InvalidResult(asset=body.name, problem=problem, remedy=remedy)
