"""Calling a body on its inputs: the same for the body of an asset, a check and an op."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dagbook.errors.execution import BodyExited
from dagbook.execution.call import hidden_inputs, settled, time_limit
from dagbook.execution.managed import managed_input
from dagbook.execution.opened import recording_opens
from dagbook.execution.outputs import Body, Harvest, check_inputs, gather
from dagbook.execution.requests import StepInput
from dagbook.execution.supply import Provided
from dagbook.execution.tracebacks import trimmed
from dagbook.io.handout import Handout
from dagbook.io.objects import ObjectStore
from dagbook.versions.caches import empty_caches

# By name, and whether it is a parameter of the body rather than of a helper's.
Handouts = Mapping[tuple[str, bool], Handout]


def hand_out(
    inputs: tuple[StepInput, ...], objects: ObjectStore, provided: Provided, needed_by: str
) -> Handouts:
    """The values of these inputs, each the body's own; those that I/O managers keep, from these."""
    return {
        (item.name, item.via is None): objects.hand_out(item.stored)
        if item.stored is not None
        else managed_input(item, provided, needed_by)
        for item in inputs
    }


def split(handouts: Handouts) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values for the body's parameters, and those for the helpers that it calls."""
    arguments = {name: one.value for (name, own), one in handouts.items() if own}
    if len(arguments) == len(handouts):
        return arguments, {}
    return arguments, {name: one.value for (name, own), one in handouts.items() if not own}


def call(
    body: Body,
    fn: Callable[..., Any],
    leading: tuple[Any, ...],
    arguments: Mapping[str, Any],
    hidden: Mapping[str, Any],
    timeout: float | None,
    harvest: Harvest,
) -> None:
    """Call the body's function and take what it gives into the harvest.

    Raises BodyExited where it would end the program, and whatever else it raises.
    """
    if body.types:
        check_inputs(body, arguments)
    empty_caches()
    with recording_opens() as recorder:
        try:
            if not hidden and timeout is None:
                gather(body, fn, settled(fn(*leading, **arguments)), harvest)
                return
            with time_limit(body.name, timeout), hidden_inputs(fn, hidden):
                gather(body, fn, settled(fn(*leading, **arguments)), harvest)
        except SystemExit as ended:
            raise BodyExited(name=body.name, code=ended.code) from ended.with_traceback(
                trimmed(ended)
            )
        finally:
            recorder.named(fn)
            harvest.opened = recorder.opened


def changed_in(handouts: Handouts) -> tuple[str, ...]:
    """The names of the inputs that were changed in place."""
    return tuple(dict.fromkeys([name for (name, _), one in handouts.items() if one.changed()]))
