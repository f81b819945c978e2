"""What a selection is resolved against: a graph, and what is known beyond it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.records import dataclass


class SelectableNode(Protocol):
    """An asset in a graph."""

    @property
    def spec(self) -> AssetSpec:
        """What it is declared to be."""
        ...

    @property
    def is_external(self) -> bool:
        """Whether nothing here computes it."""
        ...


class SelectableGraph(Protocol):
    """A graph that never changes, compares by identity, and can be referred to weakly."""

    @property
    def keys(self) -> Sequence[AssetKey]:
        """Every key, external ones too, in definition order."""
        ...

    @property
    def nodes(self) -> Mapping[AssetKey, SelectableNode]:
        """Every asset by its key, in definition order."""
        ...

    @property
    def checks(self) -> Mapping[AssetCheckKey, Any]:
        """Every check by its key."""
        ...

    @property
    def undefined(self) -> frozenset[AssetKey]:
        """The keys that somebody reads and nothing defines: a name mistyped, or not yet there."""
        ...

    def __contains__(self, key: object) -> bool: ...

    def parents(self, key: AssetKey) -> tuple[AssetKey, ...]:
        """What it waits for."""
        ...

    def children(self, key: AssetKey) -> tuple[AssetKey, ...]:
        """Who waits for it."""
        ...


Words = Callable[[AssetKey], frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is known of the assets beyond their definitions; None is what nobody knows here.

    `status_of` gives the words of `status:`, `checks_of` the verdicts of the asset's checks
    (words of `check:`), `changed` what of it changed (words of `changed:`), `columns_of` and
    `table_of` what its last materialization recorded; `selected` is the notebook's selection.
    """

    status_of: Words | None = None
    checks_of: Words | None = None
    changed: Words | None = None
    columns_of: Words | None = None
    table_of: Callable[[AssetKey], str | None] | None = None
    selected: frozenset[AssetKey] | None = None


NOTHING_KNOWN = World()
