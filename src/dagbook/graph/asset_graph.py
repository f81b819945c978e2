"""The asset graph: the immutable topology of all definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property

from dagbook.definitions.assets import Definition
from dagbook.definitions.keys import (
    AssetCheckKey,
    AssetKey,
    nearest_keys,
    unmistakable,
    user_strings,
)
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.base import nearest
from dagbook.errors.definitions import UnknownAsset, UnknownCheck
from dagbook.graph.building import GraphBuilder, GraphParts
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.graph.shape import Shape, shape_of


class AssetGraph:
    """All assets and checks with who reads whom; never changes, `with_definitions` makes another.

    >>> from dagbook.definitions.specs import AssetSpec
    >>> graph = AssetGraph.of(AssetSpec(AssetKey("raw")))
    >>> graph.keys
    (AssetKey(['raw']),)
    """

    def __init__(self, parts: GraphParts | None = None, shape: Shape | None = None) -> None:
        self._parts = parts or GraphParts()
        self._shape = shape or Shape((), {}, has_cycle=False)

    @classmethod
    def of(cls, *definitions: Definition) -> AssetGraph:
        """The graph of these definitions; they may come in any order."""
        return cls().with_definitions(*definitions)

    def with_definitions(self, *definitions: Definition) -> AssetGraph:
        """This graph and these definitions; the newest definition of a key wins."""
        builder = GraphBuilder(self._parts)
        for definition in definitions:
            builder.add(definition)
        return self._after(builder)

    def without(self, *keys: AssetKey | AssetCheckKey) -> AssetGraph:
        """This graph without these assets and checks; whoever reads them reads what is undefined."""
        builder = GraphBuilder(self._parts)
        for key in keys:
            builder.remove(key)
        return self._after(builder)

    def with_hidden_reads(
        self, reads: Mapping[AssetKey | AssetCheckKey, Mapping[str, str]]
    ) -> AssetGraph:
        """This graph where helper functions read these names: name to helper for each reader."""
        builder = GraphBuilder(self._parts)
        for key, names in reads.items():
            builder.hide(key, names)
        return self._after(builder)

    def _after(self, builder: GraphBuilder) -> AssetGraph:
        """The graph that a builder made of this one; its shape is found now, for all looks at it."""
        parts = builder.finish()
        touched = builder.reshaped()
        if not touched:
            return AssetGraph(parts, self._shape)
        return AssetGraph(parts, shape_of(parts.nodes, parts.children, self._shape, touched))

    @cached_property
    def keys(self) -> tuple[AssetKey, ...]:
        """Every key in definition order, external assets too."""
        return tuple(self._parts.nodes)

    @property
    def nodes(self) -> Mapping[AssetKey, AssetNode]:
        """Every asset by its key."""
        return self._parts.nodes

    @property
    def checks(self) -> Mapping[AssetCheckKey, CheckNode]:
        """Every check by its key."""
        return self._parts.checks

    def __contains__(self, key: object) -> bool:
        return key in self._parts.nodes

    def node(self, key: AssetKey) -> AssetNode:
        """The asset of this key; raises UnknownAsset with suggestions."""
        found = self._parts.nodes.get(key)
        if found is None:
            raise UnknownAsset(
                name=unmistakable(key)[:200],
                suggestions=nearest_keys(key, self.keys),
                known=tuple(user_strings(one for one in self.keys if self.node(one).declared)),
            )
        return found

    def check(self, key: AssetCheckKey) -> CheckNode:
        """The check of this key; raises UnknownCheck with suggestions."""
        found = self._parts.checks.get(key)
        if found is None:
            names = [check.name for check in self.checks_of(key.asset_key)]
            raise UnknownCheck(
                asset=str(key.asset_key),
                name=key.name[:200],
                suggestions=nearest(key.name, names),
                known=tuple(names),
            )
        return found

    def spec(self, key: AssetKey) -> AssetSpec:
        """What the asset is declared to be."""
        return self.node(key).spec

    def is_external(self, key: AssetKey) -> bool:
        """Whether nothing here computes it."""
        return self.node(key).is_external

    def parents(self, key: AssetKey) -> tuple[AssetKey, ...]:
        """What it waits for, in the order of declaration."""
        return self._parts.nodes[key].parents

    def children(self, key: AssetKey) -> tuple[AssetKey, ...]:
        """Who waits for it."""
        return self._parts.children.get(key, ())

    def checks_of(self, key: AssetKey) -> tuple[AssetCheckKey, ...]:
        """The checks on it, in definition order."""
        return self._parts.checks_of.get(key, ())

    def siblings(self, key: AssetKey) -> tuple[AssetKey, ...]:
        """The keys that the same computation gives, itself among them."""
        definition = self.node(key).definition
        return (key,) if definition is None else definition.keys

    def named(self, name: str) -> Sequence[AssetKey]:
        """The keys whose last part is `name`, in definition order."""
        return self._parts.named.get(name, ())

    @property
    def depths(self) -> Mapping[AssetKey, int]:
        """Each key's distance from the roots."""
        return self._shape.depths

    @property
    def levels(self) -> tuple[tuple[AssetKey, ...], ...]:
        """The keys by their distance from the roots; assets that wait for each other come last."""
        return self._shape.levels

    @property
    def order(self) -> tuple[AssetKey, ...]:
        """A topological order: breadth first, ties by definition order."""
        return self._shape.order

    @property
    def has_cycle(self) -> bool:
        """Whether some assets wait for each other: these are the last level, with all that is below."""
        return self._shape.has_cycle

    @cached_property
    def late_checks(self) -> frozenset[AssetCheckKey]:
        """The checks that wait for other assets than the one that they judge."""
        return frozenset(
            key
            for key, node in self._parts.checks.items()
            if any(parent != key.asset_key for parent in node.parents)
        )

    @cached_property
    def reading_checks(self) -> Mapping[AssetKey, tuple[AssetCheckKey, ...]]:
        """For each asset the late checks that wait for it."""
        found: dict[AssetKey, tuple[AssetCheckKey, ...]] = {}
        for check in sorted(self.late_checks):
            for parent in self._parts.checks[check].parents:
                found[parent] = (*found.get(parent, ()), check)
        return found

    @cached_property
    def below_undeclared(self) -> frozenset[AssetKey]:
        """The assets that read or wait for something that nothing declares."""
        unknown = [key for key, node in self._parts.nodes.items() if not node.declared]
        return frozenset([child for key in unknown for child in self.children(key)])

    @cached_property
    def undefined(self) -> frozenset[AssetKey]:
        """The keys that assets read, or name where it must be right, and that nothing declares."""
        nodes = self._parts.nodes
        readers = [nodes[key] for key in self.below_undeclared]
        return frozenset(
            parent
            for reader in readers
            for parent in reader.parents
            if not nodes[parent].declared and reader.needs(parent)
        )

    @property
    def several(self) -> Mapping[AssetKey, AssetNode]:
        """The assets whose computation gives others too."""
        return self._parts.several

    @cached_property
    def external(self) -> frozenset[AssetKey]:
        """The assets that nothing here computes."""
        return frozenset([k for k, n in self._parts.nodes.items() if n.definition is None])

    @property
    def rank(self) -> Mapping[AssetKey, int]:
        """Each key's place in the order."""
        return self._shape.rank

    @property
    def hidden(self) -> Mapping[AssetKey | AssetCheckKey, Mapping[str, str]]:
        """What computations read through helper functions: name to helper."""
        return self._parts.hidden

    @property
    def apart(self) -> Mapping[AssetKey, AssetNode]:
        """The few whose freshness rests on more than their code and what they read."""
        return self._parts.apart

    @property
    def folded(self) -> Mapping[str, AssetKey]:
        """The declared keys by their text without regard to case."""
        return self._parts.folded

    def sorted(self, keys: Iterable[AssetKey]) -> list[AssetKey]:
        """These keys in topological order."""
        if isinstance(keys, Set) and 4 * len(keys) > len(self._parts.nodes):
            # Most of a long list is not sorted but left in its place.
            return [key for key in self.order if key in keys]
        return sorted(keys, key=self.rank.__getitem__)
