"""Values that I/O managers keep: handing them over, and asking for them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import Parameter
from dagbook.definitions.results import NO_VALUE
from dagbook.errors.execution import ValueMissing
from dagbook.errors.resources import TableMissing
from dagbook.errors.store import NothingStored
from dagbook.execution.figures import figure_of
from dagbook.execution.outputs import Given
from dagbook.execution.requests import OpValue, OutputResult, StepInput, StepRequest
from dagbook.execution.supply import Managed, Provided
from dagbook.execution.verdicts import metadata_of
from dagbook.io.contexts import InputContext, OutputContext
from dagbook.io.handout import Handout, hand_out
from dagbook.io.objects import ObjectStore
from dagbook.records import dataclass
from dagbook.versions.carried import carrying
from dagbook.versions.data import DataVersion, kept_version
from dagbook.versions.rows import RowsVersion

# What managers raise where nothing was written yet.
_NOTHING_THERE = (NothingStored, TableMissing, FileNotFoundError)


def managed_input(item: StepInput, provided: Provided, needed_by: str) -> Handout:
    """The value of an input that a manager keeps, the reader's own.

    Raises ValueMissing where the manager has none; whatever else it raises passes through.
    """
    assert item.managed is not None
    # A manager may keep the very object in memory: nobody may change it for the others.
    return hand_out(load_managed(item.name, item.key, item.managed, provided, needed_by))


def stored_inputs(
    request: StepRequest, objects: ObjectStore, provided: Provided
) -> tuple[StepInput, ...]:
    """The inputs of a graph with what managers keep put into the store, for the ops to share."""
    return tuple(
        [
            item
            if item.managed is None or item.stored is not None
            else replace(
                item,
                stored=objects.put(
                    load_managed(item.name, item.key, item.managed, provided, request.name)
                ),
            )
            for item in request.inputs
        ]
    )


def load_managed(
    name: str, key: AssetKey, managed: Managed, provided: Provided, needed_by: str | None
) -> Any:
    """What a manager gives for an asset; raises ValueMissing where it has nothing."""
    manager = provided.resource(managed.manager)
    view = provided.view()
    written = OutputContext(
        key=key, metadata=managed.metadata, resources=view, run_id=provided.resources.run_id
    )
    context = InputContext(
        name=name,
        key=key,
        upstream_output=written,
        metadata=managed.reading,
        type_annotation=managed.annotation,
        resources=view,
    )
    try:
        return manager.load_input(context)
    except _NOTHING_THERE as error:
        reason = f"is not in the I/O manager `{managed.manager}`"
        # What a manager holds is not looked at when freshness is judged.
        raise ValueMissing(
            asset=str(key), needed_by=needed_by, reason=reason, counts_as_fresh=True
        ) from error


def write(
    step: str, value: OpValue, given: Any, managed: Managed, provided: Provided
) -> OutputContext:
    """Give a value between ops to its manager; gives the context by which it is known there."""
    context = OutputContext(
        name=value.name,
        step_key=step,
        run_id=provided.resources.run_id,
        mapping_key=value.key,
        metadata=managed.metadata,
        resources=provided.view(),
    )
    provided.resource(managed.manager).handle_output(context, given)
    return context


def load_written(
    one: Parameter,
    name: str,
    written: OutputContext,
    manager: str,
    provided: Provided,
    needed_by: str,
) -> Any:
    """What a manager gives an op's input; raises ValueMissing where it has nothing."""
    context = InputContext(
        name=name,
        key=written.key,
        upstream_output=written,
        metadata=one.metadata or {},
        type_annotation=one.annotation,
        resources=provided.view(),
    )
    try:
        return provided.resource(manager).load_input(context)
    except _NOTHING_THERE as error:
        reason = f"is not in the I/O manager `{manager}`"
        what = "/".join(written.get_identifier())
        raise ValueMissing(asset=what, needed_by=needed_by, reason=reason) from error


def handed_over(
    key: AssetKey,
    name: str,
    given: Given,
    added: Mapping[str, Any],
    managed: Managed,
    provided: Provided,
) -> OutputResult:
    """Give a value to its manager; the version is that of its content, where that says something.

    `added` is metadata that the body's context was given; the manager's own comes first.
    """
    said = metadata_of({**added, **given.metadata})
    if given.value is NO_VALUE:
        return OutputResult(name=name, data_version=given.data_version or "", metadata=said)
    value = figure_of(given.value)
    manager = provided.resource(managed.manager)
    # A manager gives the rows in an order, and the next run's in another one perhaps.
    unordered = isinstance(given.data_version, RowsVersion)
    declared = None if unordered else given.data_version
    tells = unordered or getattr(manager, "digests_values", True)
    # Before it is handed over: a manager may use a stream up.
    version = kept_version(value) if tells and not declared else DataVersion("")
    context = OutputContext(
        key=key,
        name=name,
        step_key=provided.supply.owner,
        run_id=provided.resources.run_id,
        metadata=managed.metadata,
        resources=provided.view(),
    )
    manager.handle_output(context, value)
    return OutputResult(
        name=name,
        # Without one, every run gives new data.
        data_version=carrying(declared or version.digest, version.named),
        weak=version.weak,
        metadata={**context.added_metadata, **said},
        managed=True,
        value=value if provided.supply.capture else NO_VALUE,
    )


@dataclass(frozen=True, slots=True)
class Refused:
    """The outputs that their managers did not take, and what the first of them raised."""

    refused: list[str]
    error: Exception | None = None


def outputs_handed_over(
    outputs: dict[str, OutputResult],
    request: StepRequest,
    objects: ObjectStore,
    provided: Provided,
) -> Refused:
    """Give the outputs of a graph that managers keep to these, in place of what the store has."""
    keys = dict(zip([out.name for out in request.outs], request.keys, strict=True))
    refused: list[str] = []
    error: Exception | None = None
    for name, managed in provided.supply.outputs.items():
        made = outputs.get(name)
        if made is None or made.stored is None:
            continue
        given = Given(objects.load(made.stored), metadata=made.metadata)
        try:
            outputs[name] = handed_over(keys[name], name, given, {}, managed, provided)
        except Exception as raised:
            error = error or raised
            refused.append(outputs.pop(name).name)
    return Refused(refused, error)
