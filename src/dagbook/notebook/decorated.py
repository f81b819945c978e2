"""Definitions that decorators make in ordinary cells: collected while a cell runs, then defined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.current import surroundings
from dagbook.definitions.observable import ObservableSource
from dagbook.definitions.origin import Origin

Decorated = AssetsDefinition | AssetChecksDefinition | ObservableSource


@dataclass(slots=True)
class Collector:
    """Hears of the definitions that are made while a cell runs.

    Those whose function belongs to the notebook join the graph, wherever they are bound (a loop may
    bind many to one name); those of imported modules only where the notebook binds them to a name.
    """

    namespace: dict[str, Any]
    _made: list[Decorated] = field(default_factory=list)
    _known: set[int] = field(default_factory=set)
    _kept: list[Decorated] = field(default_factory=list)

    def install(self) -> None:
        """Hear of new definitions from now on."""
        surroundings.made = self._made.append

    def remove(self) -> None:
        """Hear of no more."""
        surroundings.made = None

    def begin(self) -> None:
        """A cell begins."""
        self._made.clear()

    def new(self, where: str, cell_id: str | None) -> list[Decorated]:
        """What the cell that just ended defined, in order."""
        found = [made for made in self._made if self._is_ours(made)]
        found += [bound for bound in self._bound() if bound not in found]
        fresh = [one for one in found if id(one) not in self._known]
        self._known.update(map(id, fresh))
        self._kept += fresh  # so that no identity is given out again
        self._made.clear()
        return [_placed(one, where, cell_id) for one in fresh]

    def _is_ours(self, made: Decorated) -> bool:
        return getattr(made.op.fn, "__globals__", None) is self.namespace

    def _bound(self) -> Iterator[Decorated]:
        for value in list(self.namespace.values()):
            if isinstance(value, (AssetsDefinition, AssetChecksDefinition, ObservableSource)):
                yield value


def _placed(definition: Decorated, where: str, cell_id: str | None) -> Decorated:
    """The definition with the cell as its place, where it was written in one."""
    origin = definition.op.origin
    if (
        not origin.where.startswith(("<ipython", "/tmp/ipykernel"))
        and "ipykernel_" not in origin.where
    ):
        return definition
    op = replace(definition.op, origin=Origin(where=where, line=origin.line, cell_id=cell_id))
    return replace(definition, op=op)
