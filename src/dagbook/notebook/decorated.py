"""Definitions that decorators make in ordinary cells: collected while a cell runs, then defined."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.bundle import Bundle
from dagbook.definitions.current import surroundings
from dagbook.definitions.observable import ObservableSource
from dagbook.definitions.origin import Origin
from dagbook.definitions.specs import AssetSpec
from dagbook.notebook.kinds import is_a
from dagbook.notebook.session import AnyKey, keys_of
from dagbook.records import dataclass

Decorated = AssetsDefinition | AssetChecksDefinition | ObservableSource


@dataclass(slots=True)
class Collector:
    """Hears of the definitions that are made while a cell runs.

    Those whose function belongs to the notebook join the graph, wherever they are bound (a loop may
    bind many to one name); those of imported modules only where the notebook binds them to a name,
    or binds Definitions that hold them. The resources of these Definitions count from then on.
    """

    namespace: dict[str, Any]
    _made: list[Decorated] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _kept: list[Any] = field(default_factory=list)

    def install(self) -> None:
        """Hear of new definitions from now on."""
        surroundings.made = self._made.append

    def remove(self) -> None:
        """Hear of no more."""
        surroundings.made = None

    def begin(self) -> None:
        """A cell begins."""
        self._made.clear()

    def resources(self) -> dict[str, Any]:
        """What Definitions that the cell just bound give to runs, by name."""
        fresh = [one for one in self._bundles() if id(one) not in self._known]
        self._known.update(map(id, fresh))
        self._kept += fresh
        return {name: one for bundle in fresh for name, one in bundle.resources.items()}

    def new(
        self,
        where: str,
        cell_id: str | None,
        binds: Callable[[], Container[str]],
        stands: Callable[[AnyKey], bool],
    ) -> list[Definition]:
        """What the cell that just ended defined, in order.

        `binds` gives the names that it binds, also to what was in the graph before and left it;
        `stands` says of a key whether something in the graph defines it.
        """
        found: list[Definition] = [made for made in self._made if self._is_ours(made)]
        found += self._bound()
        unique = {id(one): one for one in found if id(one) not in self._known}
        if gone := self._gone(stands):
            names = binds()
            unique |= {id(one): one for name, one in gone if name in names}
        fresh = list(unique.values())
        self._known.update(map(id, fresh))
        self._kept += fresh  # so that no identity is given out again
        self._made.clear()
        return [_placed(one, where, cell_id) for one in fresh]

    def definitions_in(self, value: Any) -> tuple[Definition, ...]:
        """The definitions that a variable stands for."""
        if is_a(value, Decorated):
            return (value,)
        return value.definitions if is_a(value, Bundle) else ()

    def let_go(self, stands: Callable[[AnyKey], bool]) -> None:
        """Take away the variables of what left the graph: a body would read the definition itself."""
        for name, one in self._gone(stands):
            if self.namespace[name] is one:
                del self.namespace[name]

    def _gone(self, stands: Callable[[AnyKey], bool]) -> list[tuple[str, Definition]]:
        """What was taken in and is in the graph no longer, by the names that hold it."""
        return [
            (name, one)
            for name, value in list(self.namespace.items())
            for one in self.definitions_in(value)
            if id(one) in self._known and not any(map(stands, keys_of(one)))
        ]

    def _is_ours(self, made: Decorated) -> bool:
        # A composed graph is no function, so that those of its ops tell.
        nodes = getattr(made.op.fn, "nodes", ())
        functions = [node.op.fn for node in nodes] or [made.op.fn]
        return any(getattr(each, "__globals__", None) is self.namespace for each in functions)

    def _bound(self) -> Iterator[Definition]:
        values = list(self.namespace.values())
        # The definitions of bundles last, as they may hold what has a name of its own.
        for value in sorted(values, key=lambda value: is_a(value, Bundle)):
            yield from self.definitions_in(value)

    def _bundles(self) -> list[Bundle]:
        return [value for value in list(self.namespace.values()) if is_a(value, Bundle)]


def _placed(definition: Definition, where: str, cell_id: str | None) -> Definition:
    """The definition with the cell as its place, where it was written in one."""
    if isinstance(definition, AssetSpec):
        return definition
    origin = definition.op.origin
    if (
        not origin.where.startswith(("<ipython", "/tmp/ipykernel"))
        and "ipykernel_" not in origin.where
    ):
        return definition
    op = replace(definition.op, origin=Origin(where=where, line=origin.line, cell_id=cell_id))
    return replace(definition, op=op)
