"""Values between the ops of a graph: kept in the store, and by the I/O managers that ops name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.composed import Node
from dagbook.definitions.nothing import Nothing
from dagbook.definitions.ops import OpOutput, Parameter
from dagbook.definitions.results import NO_VALUE
from dagbook.definitions.wiring import By
from dagbook.errors.execution import InvalidResult
from dagbook.errors.store import NotStorable
from dagbook.execution.feeding import Feed, Held, Many, Written
from dagbook.execution.keeping import kept_output
from dagbook.execution.managed import load_written, write
from dagbook.execution.outputs import Given
from dagbook.execution.requests import OpValue
from dagbook.execution.supply import Provided
from dagbook.io.handout import Handout
from dagbook.io.handout import hand_out as own_copy
from dagbook.io.objects import ObjectStore
from dagbook.records import dataclass


@dataclass(slots=True)
class Between:
    """Keeps what the ops of one run give, and hands it to those that read it.

    `assets` are the outputs that are assets, which their own managers get. What a manager is given
    is kept in the store too, where that is possible, so that a failed run can go on; the manager
    then gets it again.
    """

    objects: ObjectStore
    provided: Provided
    assets: frozenset[By]
    _written: dict[tuple[str, str, str | None], Written] = field(default_factory=dict)

    def keep(
        self, node: Node, step: str, out: OpOutput, given: Given, added: Mapping[str, Any]
    ) -> OpValue:
        """The record of one output of an op; its value goes to the store, and to its manager."""
        managed = self._manages(node, out.name)
        try:
            result = kept_output(step, out.name, given, added, self.objects)
        except NotStorable:
            if not managed:
                raise
            result = None
        value = OpValue(name=out.name)
        if result is not None:
            value = replace(
                value,
                data_version=result.data_version,
                stored=result.stored,
                metadata=result.metadata,
            )
        return value

    def hand_over(
        self, node: Node, step: str, value: OpValue, given: Any, mapping: str | None
    ) -> None:
        """Give an output to the manager that the op names for it, if it names one."""
        managed = self.provided.inner(node.path).supply.outputs.get(value.name)
        if managed is None or not self._manages(node, value.name) or given is NO_VALUE:
            return
        context = write(step, value, given, managed, self.provided)
        self._written[node.path, value.name, value.key or mapping] = Written(
            managed.manager, context
        )

    def take_again(
        self, node: Node, step: str, values: Iterable[OpValue], mapping: str | None
    ) -> None:
        """Give the managers of this run what an op gave in an earlier one."""
        for value in values:
            if value.stored is not None and self._manages(node, value.name):
                self.hand_over(node, step, value, self.objects.load(value.stored), mapping)

    def held(self, node: Node, value: OpValue, mapping: str | None) -> Held:
        """What stands for an output that was given."""
        written = self._written.get((node.path, value.name, value.key or mapping))
        return Held(value.data_version, value.stored, written=written)

    def arguments(
        self, node: Node, step: str, feeds: Mapping[str, Feed], handouts: dict[str, Handout]
    ) -> dict[str, Any]:
        """The values of an op's parameters, each its own; those that are only waited for are none."""
        return {
            one.name: self._value(step, one, one.name, feeds[one.name], handouts)
            if one.name in feeds
            else one.default
            for one in node.op.ins
            if one.annotation is not Nothing
        }

    def _value(
        self, step: str, one: Parameter, name: str, feed: Feed, handouts: dict[str, Handout]
    ) -> Any:
        if isinstance(feed, Many):
            parts = [part for part in feed.feeds if part != "skipped"]
            return [
                self._value(step, one, f"{name}[{at}]", part, handouts)
                for at, part in enumerate(parts)
            ]
        assert isinstance(feed, Held)
        if feed.lack is not None:
            raise feed.lack
        written = feed.written
        manager = written and (one.input_manager_key or written.manager)
        if written is not None and manager:
            # A manager may keep the very object in memory: nobody may change it for the others.
            found = load_written(one, name, written.context, manager, self.provided, step)
            handouts[name] = own_copy(found)
        elif feed.stored is not None:
            handouts[name] = self.objects.hand_out(feed.stored)
        else:
            raise InvalidResult(
                asset=step,
                problem=f"reads `{name}`, and what is connected to it hands no value over",
                remedy="Declare the input with In(Nothing), or give a value above it.",
            )
        return handouts[name].value

    def _manages(self, node: Node, output: str) -> bool:
        known = self.provided.inner(node.path).supply.outputs
        return output in known and (node.path, output) not in self.assets
