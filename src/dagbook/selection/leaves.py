"""The answers of a graph to the leaves of a selection: one function an attribute."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from dagbook.definitions.keys import AssetKey
from dagbook.errors.selection import SelectionNotAnswerable
from dagbook.selection import index
from dagbook.selection.attributes import ATTRIBUTES
from dagbook.selection.index import NO_KEYS, Keys
from dagbook.selection.pattern import WILDCARD, matching
from dagbook.selection.protocol import SelectableGraph, Words, World
from dagbook.selection.tree import Attribute, Key, Tag

# Kinds can also be asked for as tags below this name, as in Dagster.
KIND_TAG = "dagster/kind/"
_NO_RECORDS = "the graph alone does not know it; ask in a notebook or a workspace"


def of_key(node: Key, graph: SelectableGraph) -> Keys:
    """The assets whose key matches, external ones too."""
    if WILDCARD in node.pattern:
        names = index.names(graph)
        return frozenset([names[name] for name in matching(node.pattern, names)])
    found = find_key(node.pattern, graph)
    return NO_KEYS if found is None else frozenset((found,))


def find_key(name: str, graph: SelectableGraph) -> AssetKey | None:
    """The key that is written `name`; None where there is none."""
    parts = name.split("/")
    if all(parts) and (key := AssetKey(parts)) in graph:
        return key
    # A key whose part holds a slash itself is written the same way and found by its text only.
    return index.names(graph).get(name)


def of_tag(node: Tag, graph: SelectableGraph) -> Keys:
    """The assets whose tag has exactly this value."""
    if node.name != "tag":
        _refuse(node, ATTRIBUTES[node.name].absent)
    if node.key.startswith(KIND_TAG) and not node.value:
        kind = node.key.removeprefix(KIND_TAG)
        return index.kinds(graph).of(kind, external=node.external) if kind else NO_KEYS
    return index.tags(graph).of((node.key, node.value), external=node.external)


def of_attribute(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    """The assets that have this value; raises SelectionNotAnswerable where nobody knows."""
    answer = _ANSWERS.get(node.name)
    if answer is None:
        _refuse(node, ATTRIBUTES[node.name].absent)
    return answer(node, graph, world)


def _group(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    labels = index.groups(graph)
    if node.value is None or WILDCARD not in node.value:
        return labels.of(node.value or "", external=node.external)
    found = matching(node.value, labels.every)
    return NO_KEYS.union(*[labels.of(name, external=node.external) for name in found])


def _kind(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    if node.value == "":
        return NO_KEYS
    return index.kinds(graph).of(node.value or "", external=node.external)


def _owner(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    return NO_KEYS if node.value is None else index.owners(graph).of(node.value, external=True)


def _is(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    if node.value == "materializable":
        return index.computed(graph)
    if node.value == "external":
        return index.everything(graph) - index.computed(graph)
    if world.selected is None:
        _refuse(node, "only a notebook has a selection")
    return world.selected & index.everything(graph)


def _partitions(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    wanted = node.value or "none"
    nodes = graph.nodes.items()
    return frozenset([key for key, node in nodes if wanted == _form(node.spec.partitions_def)])


def _form(definition: object) -> str:
    """How an asset is partitioned, told by the names of its definition's classes."""
    if definition is None:
        return "none"
    named = {cls.__name__ for cls in type(definition).__mro__}
    return next((form for name, form in _PARTITIONS.items() if name in named), "other")


_PARTITIONS = {
    "StaticPartitionsDefinition": "static",
    "DynamicPartitionsDefinition": "dynamic",
    "TimeWindowPartitionsDefinition": "time",
    "MultiPartitionsDefinition": "multipartitions",
}


def _status(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    return _with_word(node, graph, world.status_of)


def _check(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    return _with_word(node, graph, world.checks_of)


def _changed(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    return _with_word(node, graph, world.changed)


def _column(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    return _with_word(node, graph, world.columns_of)


def _table_name(node: Attribute, graph: SelectableGraph, world: World) -> Keys:
    if world.table_of is None:
        _refuse(node, _NO_RECORDS)
    table_of = world.table_of
    return frozenset([key for key in graph.keys if table_of(key) == node.value])


def _with_word(node: Attribute, graph: SelectableGraph, words: Words | None) -> Keys:
    if words is None:
        _refuse(node, _NO_RECORDS)
    return frozenset([key for key in graph.keys if node.value in words(key)])


_ANSWERS: Mapping[str, Callable[[Attribute, SelectableGraph, World], Keys]] = {
    "group": _group,
    "kind": _kind,
    "owner": _owner,
    "is": _is,
    "partitions": _partitions,
    "status": _status,
    "check": _check,
    "changed": _changed,
    "column": _column,
    "table_name": _table_name,
}


def _refuse(node: Attribute | Tag, reason: str) -> NoReturn:
    span = node.span
    source = span.source if span else str(node)
    start, end = (span.start, span.end) if span else (0, len(source))
    raise SelectionNotAnswerable(
        source=source, start=start, end=end, attribute=node.name, reason=reason
    )
