"""The nodes of the asset graph: definitions with their names resolved."""

from __future__ import annotations

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.composed import ComposedGraph
from dagbook.definitions.injection import DEFAULT_MANAGER, NO_NEEDS
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.observable import ObservableSource
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.specs import AssetCheckSpec, AssetSpec
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True)
class Input:
    """One value that a computation reads: under which name, from which asset.

    `via` names the helper function that reads it where the body itself does not; such an input is
    no parameter.
    """

    name: str
    key: AssetKey
    via: str | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class AssetNode:
    """An asset in the graph; `definition` is None for an external one.

    `parents` are the keys of `inputs` and then `waited`, what is waited for and not read.
    """

    key: AssetKey
    spec: AssetSpec
    definition: AssetsDefinition | None = None
    op: OpDefinition | None = None
    inputs: tuple[Input, ...] = ()
    parents: tuple[AssetKey, ...] = ()
    waited: tuple[AssetKey, ...] = ()
    declared: bool = True

    @property
    def is_external(self) -> bool:
        """Whether nothing here computes it."""
        return self.definition is None

    @property
    def is_one_of_several(self) -> bool:
        """Whether its computation gives other assets too."""
        return self.definition is not None and len(self.definition.specs) != 1

    def needs(self, parent: AssetKey) -> bool:
        """Whether it is a fault that nothing defines this parent; others may lie elsewhere."""
        definition = self.definition
        return definition is not None and (
            definition.strict_deps or any(item.key == parent for item in self.inputs)
        )

    @property
    def together(self) -> tuple[AssetKey, ...]:
        """The assets that are made with it whenever it is made, itself among them."""
        definition = self.definition
        if definition is None or definition.can_subset:
            return (self.key,)
        return definition.keys

    @property
    def is_apart(self) -> bool:
        """Whether its freshness may rest on more than its code and what it reads.

        On time, files, a place, a version that somebody gives, config, resources, an I/O manager.
        """
        spec, definition, op = self.spec, self.definition, self.op
        if definition is None or op is None:
            return bool(spec.metadata) or isinstance(spec, ObservableSource)
        upkeep = definition.upkeep
        return (
            bool(upkeep.reads or upkeep.always or upkeep.max_age is not None)
            or spec.code_version is not None
            or spec.io_manager_key != DEFAULT_MANAGER
            or op.needs is not NO_NEEDS
            or bool(definition.resource_defs)
            or isinstance(op.fn, ComposedGraph)
        )


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class CheckNode:
    """A check in the graph; an `inline` one is answered by the body of its asset.

    `waited`: assets that it waits for and does not read, besides the one that it judges.
    """

    key: AssetCheckKey
    spec: AssetCheckSpec
    definition: AssetChecksDefinition | AssetsDefinition
    op: OpDefinition
    inputs: tuple[Input, ...]
    inline: bool = False
    waited: tuple[AssetKey, ...] = ()

    @property
    def can_be_asked(self) -> bool:
        """Whether its body can judge it without making the asset."""
        if not self.inline:
            return True
        return self.definition.can_subset and not isinstance(self.op.fn, ComposedGraph)

    @property
    def parents(self) -> tuple[AssetKey, ...]:
        """All that it waits for: the asset that it judges, what it reads, and the rest."""
        read = [item.key for item in self.inputs]
        return tuple(dict.fromkeys([self.key.asset_key, *read, *self.waited]))
