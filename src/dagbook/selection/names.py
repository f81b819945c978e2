"""Names in a selection that nothing in the graph has: found before they select nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NoReturn

from dagbook.errors.selection import UnknownNameInSelection
from dagbook.selection import index
from dagbook.selection.attributes import PARTITION_VALUES
from dagbook.selection.leaves import find_key, of_tag
from dagbook.selection.pattern import WILDCARD
from dagbook.selection.protocol import SelectableGraph, World
from dagbook.selection.suggestions import closest
from dagbook.selection.tree import Attribute, CheckNamed, Key, Selection, Tag


def check_names(tree: Selection, graph: SelectableGraph, world: World) -> None:
    """Raise UnknownNameInSelection for the first name without `*` that nothing has."""
    for leaf in leaves(tree):
        match leaf:
            case Key(pattern) if WILDCARD not in pattern:
                found = find_key(pattern, graph)
                if found is None or found in graph.undefined:
                    names = index.names(graph).items()
                    _unknown(
                        leaf, "key", pattern, [n for n, k in names if k not in graph.undefined]
                    )
            case Tag(name="tag"):
                _check_tag(leaf, graph)
            case Attribute(value=str(value)) if WILDCARD not in value:
                _check_attribute(leaf, value, graph, world)
            case CheckNamed():
                _check_check(leaf, graph)
            case _:
                pass


def leaves(tree: Selection) -> Iterator[Selection]:
    """The nodes that have no parts, in the order of the text."""
    if not tree.parts:
        yield tree
    for part in tree.parts:
        yield from leaves(part)


def _check_tag(leaf: Tag, graph: SelectableGraph) -> None:
    if of_tag(replace(leaf, external=True), graph):
        return
    values = index.tag_values(graph)
    if leaf.key not in values:
        _unknown(leaf, "tag", leaf.key, values)
    known = values[leaf.key]
    near = closest(leaf.value, known) or known[:3]
    written = f"{leaf.key}={leaf.value}" if leaf.value else f"{leaf.key} (without a value)"
    _raise(leaf, "tag", written, tuple(f'tag:{leaf.key}="{value}"' for value in near))


def _check_attribute(leaf: Attribute, value: str, graph: SelectableGraph, world: World) -> None:
    known = _known(leaf.name, graph, world)
    if known is not None and value not in known:
        _unknown(leaf, leaf.name.replace("_", " "), value, known)


def _known(name: str, graph: SelectableGraph, world: World) -> Iterable[str] | None:
    """All values of an attribute; None where it has a fixed list, or none that is known here."""
    if name == "group":
        return index.groups(graph).every
    if name == "kind":
        return [kind for kind in index.kinds(graph).every if kind]
    if name == "owner":
        return index.owners(graph).every
    if name == "partitions":
        return PARTITION_VALUES
    return recorded(name, graph, world)


def recorded(name: str, graph: SelectableGraph, world: World) -> set[str] | None:
    """All values of `column` or `table_name` in the records; None where there are no records."""
    if name == "column" and (columns_of := world.columns_of):
        return set().union(*map(columns_of, graph.keys))
    if name == "table_name" and (table_of := world.table_of):
        return {table for key in graph.keys if (table := table_of(key))}
    return None


def _check_check(leaf: CheckNamed, graph: SelectableGraph) -> None:
    known = {str(key) for key in graph.checks}
    if leaf.name not in known:
        _unknown(leaf, "check", leaf.name, known)


_Leaf = Key | Tag | Attribute | CheckNamed


def _unknown(leaf: _Leaf, what: str, name: str, known: Iterable[str]) -> NoReturn:
    there = sorted(known)
    _raise(leaf, what, name, closest(name, there), tuple(there))


def _raise(
    leaf: _Leaf,
    what: str,
    name: str,
    suggestions: tuple[str, ...],
    known: tuple[str, ...] = (),
) -> NoReturn:
    span = leaf.span
    source = span.source if span else str(leaf)
    start, end = (span.start, span.end) if span else (0, len(source))
    raise UnknownNameInSelection(
        source=source,
        start=start,
        end=end,
        what=what,
        name=name,
        suggestions=suggestions,
        known=known,
    )
