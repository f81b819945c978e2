"""One program, run by Dagster and by dagbook, and what each run came to."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import dagbook
from tests.differential.programs import Program

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import dagster
    from dagster import DagsterInvalidDefinitionError
    from dagster._check import CheckError

_ENDINGS = {"STEP_SUCCESS": "ok", "STEP_FAILURE": "failed", "STEP_SKIPPED": "skipped"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What a run came to; `steps` are those within graphs, `verdicts` by check and asset."""

    success: bool
    values: dict[str, Any]
    verdicts: frozenset[tuple[str, str, bool, str]]
    steps: dict[str, str]


def dagster_run(program: Program, instance: Any) -> Came | None:
    """The run by Dagster itself, None where it refuses; `instance` keeps its events."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        disabled, logging.root.manager.disable = logging.root.manager.disable, logging.CRITICAL
        try:
            result = dagster.materialize(
                _definitions(dagster, program),
                selection=_keys(dagster, program),
                raise_on_error=False,
                instance=instance,
                resources={"io_manager": dagster.mem_io_manager},
            )
        except (CheckError, DagsterInvalidDefinitionError):
            return None
        finally:
            logging.root.manager.disable = disabled
    steps = {
        step: _ENDINGS[event.event_type_value]
        for event in result.all_events
        if event.event_type_value in _ENDINGS and "." in (step := event.step_key or "")
    }
    return _came(result, steps)


@contextmanager
def dagster_instance() -> Iterator[Any]:
    """Somewhere for Dagster to keep its events."""
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        instance = dagster.DagsterInstance.ephemeral(tempdir=folder)
        try:
            yield instance
        finally:
            instance.dispose()


def our_run(program: Program) -> Came:
    """The run by dagbook."""
    result = dagbook.materialize(
        _definitions(dagbook, program),
        selection=_keys(dagbook, program),
        raise_on_error=False,
    )
    steps = {op.step: op.outcome for op in result.ops if op.outcome != "not_run"}
    return _came(result, steps)


def _definitions(dg: ModuleType, program: Program) -> list[Any]:
    space: dict[str, Any] = {"dg": dg}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(program.text, "<program>", "exec", dont_inherit=True), space)
    kinds = (dg.AssetsDefinition, dg.AssetChecksDefinition)
    return [one for one in space.values() if isinstance(one, kinds)]


def _keys(dg: ModuleType, program: Program) -> Any:
    if program.selection is None:
        return None
    return dg.AssetSelection.assets(*program.selection)


def _came(result: Any, steps: dict[str, str]) -> Came:
    keys = [event.asset_key for event in result.get_asset_materialization_events()]
    return Came(
        success=result.success,
        values={"/".join(key.path): _value(result, key) for key in keys},
        verdicts=frozenset(
            ("/".join(one.asset_key.path), one.check_name, one.passed, one.severity.value)
            for one in result.get_asset_check_evaluations()
        ),
        steps=steps,
    )


def _value(result: Any, key: Any) -> Any:
    """The asset's value; None for one that hands none over."""
    try:
        value = result.asset_value(key)
    except dagbook.DagbookError:
        return None
    return None if isinstance(value, type) else value
