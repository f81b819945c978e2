"""Building a graph from another one and what changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.graph.differing import Edition
from dagbook.graph.nodes import AssetNode, CheckNode
from dagbook.graph.reading import told_apart
from dagbook.graph.resolution import bound_op
from dagbook.records import dataclass

AnyKey = AssetKey | AssetCheckKey


@dataclass(frozen=True, slots=True)
class GraphParts:
    """The indexes of a graph; shared between graphs and never changed after `finish`."""

    nodes: Edition[AssetKey, AssetNode] = field(default_factory=Edition)
    children: dict[AssetKey, tuple[AssetKey, ...]] = field(default_factory=dict)
    checks: dict[AssetCheckKey, CheckNode] = field(default_factory=dict)
    checks_of: dict[AssetKey, tuple[AssetCheckKey, ...]] = field(default_factory=dict)
    named: dict[str, tuple[AssetKey, ...]] = field(default_factory=dict)
    mentions: dict[str, tuple[AnyKey, ...]] = field(default_factory=dict)
    hidden: dict[AnyKey, Mapping[str, str]] = field(default_factory=dict)
    folded: dict[str, AssetKey] = field(default_factory=dict)
    apart: dict[AssetKey, AssetNode] = field(default_factory=dict)
    several: dict[AssetKey, AssetNode] = field(default_factory=dict)

    def copy(self) -> GraphParts:
        """The same parts in dictionaries of their own."""
        return GraphParts(
            Edition(self.nodes),
            self.children.copy(),
            self.checks.copy(),
            self.checks_of.copy(),
            self.named.copy(),
            self.mentions.copy(),
            self.hidden.copy(),
            self.folded.copy(),
            self.apart.copy(),
            self.several.copy(),
        )


class GraphBuilder:
    """Takes changes one by one, then resolves only what they touch."""

    def __init__(self, parts: GraphParts) -> None:
        self._parts = parts.copy()
        self._before = parts
        self._dirty: dict[AnyKey, None] = {}
        self._left: dict[AssetKey, None] = {}
        # What came, went or has another place among the nodes.
        self._placed: set[AssetKey] = set()

    def add(self, definition: Definition) -> None:
        """Put a definition in; the newest one of a key wins."""
        if isinstance(definition, AssetChecksDefinition):
            self._add_check(definition)
        elif isinstance(definition, AssetSpec):
            self._put(
                AssetNode(
                    definition.key, definition, parents=definition.deps, waited=definition.deps
                )
            )
        else:
            self._add_assets(definition)

    def remove(self, key: AnyKey) -> None:
        """Take an asset (with all that its computation gives) or a check out."""
        if isinstance(key, AssetCheckKey):
            self._remove_check(key)
            return
        node = self._parts.nodes[key]
        for own in node.definition.keys if node.definition else (key,):
            self._drop(own)
        if node.definition is not None:
            self._drop_inline(node.definition)

    def hide(self, key: AnyKey, names: Mapping[str, str]) -> None:
        """Say which names helper functions of a computation read."""
        self._parts.hidden[key] = names
        for name in names:
            self._mention(name, key)
        self._dirty[key] = None

    def finish(self) -> GraphParts:
        """Resolve the names of all that was touched; gives the parts of the new graph."""
        for key in self._dirty:
            if isinstance(key, AssetCheckKey):
                self._resolve_check(key)
            elif (node := self._parts.nodes.get(key)) is not None:
                self._resolve(node)
        self._drop_unmentioned()
        touched = {*self._assets(), *self._placed}
        self._parts.nodes.made_from(self._before.nodes, touched)
        for key in touched:
            node = self._parts.nodes.get(key)
            _listed(self._parts.apart, key, node, node is not None and node.is_apart)
            _listed(self._parts.several, key, node, node is not None and node.is_one_of_several)
        return self._parts

    def reshaped(self) -> frozenset[AssetKey]:
        """After `finish`: the assets that came, went, or have another place or other parents."""
        was, now = self._before.nodes, self._parts.nodes
        touched = self._placed.union(
            key
            for key in self._assets()
            if key in was and key in now and was[key].parents != now[key].parents
        )
        return frozenset(touched)

    def _assets(self) -> Iterator[AssetKey]:
        return (key for key in self._dirty if not isinstance(key, AssetCheckKey))

    def _drop_unmentioned(self) -> None:
        """What nothing declares, and nobody waits for any more, was only in a reader's old text."""
        for key in self._left:
            node = self._parts.nodes.get(key)
            if node is not None and not node.declared and not self._parts.children.get(key):
                del self._parts.nodes[key]
                self._placed.add(key)

    def _add_assets(self, definition: AssetsDefinition) -> None:
        for spec in definition.specs:
            old = self._parts.nodes.get(spec.key)
            if old is not None and old.definition is not None:
                self._retire(old, definition)
            self._put(AssetNode(spec.key, spec, definition, definition.op))
            for name in (*definition.candidates, *[p.name for p in definition.op.ins]):
                self._mention(name, spec.key)
        for check in definition.check_specs:
            self._put_check(CheckNode(check.key, check, definition, definition.op, (), inline=True))

    def _retire(self, old: AssetNode, new: AssetsDefinition) -> None:
        """The other assets of a computation that is replaced go with it, and the checks that it answered."""
        assert old.definition is not None
        for key in old.definition.keys:
            if key not in new.keys and key in self._parts.nodes:
                self._drop(key)
        self._drop_inline(old.definition)

    def _drop_inline(self, definition: AssetsDefinition) -> None:
        for spec in definition.check_specs:
            known = self._parts.checks.get(spec.key)
            if known is not None and known.definition is definition:
                self._remove_check(spec.key)

    def _put(self, node: AssetNode) -> None:
        known = self._parts.nodes.get(node.key)
        if known is not None and not known.declared:
            # A key that was only mentioned takes its place when it is defined.
            del self._parts.nodes[node.key]
        if known is not None:
            self._unlink(known)
        self._parts.nodes[node.key] = node
        self._link(node)
        self._dirty[node.key] = None
        if known is None or not known.declared:
            self._placed.add(node.key)
            self._name(node.key)

    def _name(self, key: AssetKey) -> None:
        named = self._parts.named.get(key.name, ())
        if key not in named:
            self._parts.named[key.name] = (*named, key)
        self._parts.folded[str(key).casefold()] = key
        self._touch_mentions(key.name)

    def _drop(self, key: AssetKey) -> None:
        node = self._parts.nodes.pop(key)
        self._placed.add(key)
        self._unlink(node)
        rest = tuple([other for other in self._parts.named.get(key.name, ()) if other != key])
        self._parts.named[key.name] = rest
        if self._parts.folded.get(str(key).casefold()) == key:
            del self._parts.folded[str(key).casefold()]
        self._touch_mentions(key.name)
        for child in self._parts.children.get(key, ()):
            self._dirty[child] = None

    def _mention(self, name: str, key: AnyKey) -> None:
        known = self._parts.mentions.get(name, ())
        if key not in known:
            self._parts.mentions[name] = (*known, key)

    def _touch_mentions(self, name: str) -> None:
        self._dirty.update(dict.fromkeys(self._parts.mentions.get(name, ())))

    def _link(self, node: AssetNode) -> None:
        for parent in node.parents:
            below = self._parts.children.get(parent, ())
            if node.key not in below:
                self._parts.children[parent] = (*below, node.key)

    def _unlink(self, node: AssetNode) -> None:
        for parent in node.parents:
            below = self._parts.children.get(parent, ())
            self._parts.children[parent] = tuple([key for key in below if key != node.key])
            self._left[parent] = None

    def _named(self, name: str) -> tuple[AssetKey, ...]:
        return self._parts.named.get(name, ())

    def _resolve(self, node: AssetNode) -> None:
        definition = node.definition
        if definition is None:
            self._mention_parents(node)
            return
        hidden = self._parts.hidden.get(node.key, {})
        op, inputs = bound_op(definition, self._named, hidden, definition.keys)
        inputs, waits = told_apart(definition, op, node.key, inputs)
        read = [item.key for item in inputs]
        waited = tuple([dep for dep in (*waits, *node.spec.deps) if dep not in read])
        parents = tuple(dict.fromkeys([*read, *waited]))
        self._unlink(node)
        resolved = AssetNode(node.key, node.spec, definition, op, inputs, parents, waited)
        self._parts.nodes[node.key] = resolved
        self._link(resolved)
        self._mention_parents(resolved)

    def _mention_parents(self, node: AssetNode) -> None:
        """What is waited for and not defined stands in the graph as an undeclared external asset."""
        for parent in node.parents:
            if parent not in self._parts.nodes:
                self._parts.nodes[parent] = AssetNode(parent, AssetSpec(parent), declared=False)
                self._placed.add(parent)

    def _add_check(self, definition: AssetChecksDefinition) -> None:
        for spec in definition.specs:
            self._put_check(CheckNode(spec.key, spec, definition, definition.op, ()))
            deps = [dep.name for dep in spec.additional_deps]
            for name in (*definition.candidates, *[p.name for p in definition.op.ins], *deps):
                self._mention(name, spec.key)
            self._dirty[spec.key] = None

    def _put_check(self, node: CheckNode) -> None:
        self._parts.checks[node.key] = node
        known = self._parts.checks_of.get(node.key.asset_key, ())
        if node.key not in known:
            self._parts.checks_of[node.key.asset_key] = (*known, node.key)

    def _remove_check(self, key: AssetCheckKey) -> None:
        del self._parts.checks[key]
        known = self._parts.checks_of[key.asset_key]
        self._parts.checks_of[key.asset_key] = tuple([other for other in known if other != key])

    def _resolve_check(self, key: AssetCheckKey) -> None:
        node = self._parts.checks.get(key)
        if node is None or node.inline:
            return
        hidden = self._parts.hidden.get(key, {})
        op, inputs = bound_op(node.definition, self._named, hidden, ())
        read = {item.key for item in inputs}
        deps = node.spec.additional_deps
        waited = tuple([dep for dep in deps if dep not in read and dep in self._parts.nodes])
        for dep in waited:
            if dep not in self._parts.nodes:
                self._parts.nodes[dep] = AssetNode(dep, AssetSpec(dep), declared=False)
        self._parts.checks[key] = CheckNode(
            key, node.spec, node.definition, op, inputs, waited=waited
        )


def _listed(
    nodes: dict[AssetKey, AssetNode], key: AssetKey, node: AssetNode | None, belongs: bool
) -> None:
    if node is not None and belongs:
        nodes[key] = node
    else:
        nodes.pop(key, None)
