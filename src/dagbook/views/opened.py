"""Draws computations: the ops of those that are opened, and boxes around what belongs together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dagbook.definitions.composed import ComposedGraph, Node
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.specs import DEFAULT_GROUP
from dagbook.definitions.wiring import FromInput, leaves
from dagbook.records import dataclass
from dagbook.views.error_lines import error_line
from dagbook.views.lettering import clean_line, elide
from dagbook.views.ops import Computation, computation, gives_of, inputs_of, outcome_of
from dagbook.views.ops import outcome_words as words_of
from dagbook.views.parts import BOX, BoxView, NodeView, made_id, node_id, op_id
from dagbook.views.quantities import counted

if TYPE_CHECKING:
    from dagbook.events.records import OpFinished
    from dagbook.graph.asset_graph import AssetGraph

LABEL_LENGTH = 30
TITLE_LENGTH = 60
Lines = Iterator[tuple[str, str]]
Place = Callable[[AssetKey], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A computation in a picture: its drawn `keys`, and its `ops` where it is opened.

    `group` is the one in which all of its drawn assets are; None where they are in several.
    """

    made: Computation
    keys: tuple[AssetKey, ...]
    ops: tuple[Node, ...] = ()
    group: str | None = None

    @property
    def is_boxed(self) -> bool:
        """Whether there is a box around its ops, or around its several assets."""
        return bool(self.ops) or (len(self.keys) > 1 and self.group is not None)

    def remark(self, key: AssetKey) -> str:
        """What the card of an asset says of it, where there is no box that does."""
        if self.is_boxed:
            return ""
        composed = self.made.composed
        told = [counted(len(composed.nodes), "op")] if composed is not None else []
        others = [other for other in self.keys if other != key]
        if len(others) == 1:
            told.append(f"with {elide(clean_line(others[0]), LABEL_LENGTH)}")
        elif others:
            told.append(f"with {len(others)} others")
        return ", ".join(told)

    @property
    def members(self) -> tuple[str, ...]:
        """The nodes in its box: its ops, and its assets where they are in one group."""
        ops = [op_id(self.made.key, node.path) for node in self.ops]
        return (*ops, *([node_id(key) for key in self.keys] if self.group is not None else ()))


def drawn_computations(
    graph: AssetGraph, keys: Iterable[AssetKey], opened: Collection[AssetKey]
) -> dict[AssetKey, Drawn]:
    """The computations of several assets or ops behind these assets, by each of the assets."""
    known: dict[int, tuple[Computation, list[AssetKey]]] = {}
    for key in keys:
        definition = graph.nodes[key].definition
        if id(definition) in known:
            known[id(definition)][1].append(key)
        elif (made := computation(graph, key)) is not None:
            known[id(definition)] = made, [key]
    found: dict[AssetKey, Drawn] = {}
    opened_here = frozenset(opened)
    for made, own in known.values():
        groups = {graph.nodes[key].spec.group_name for key in own}
        ops = _ops(made, own) if not opened_here.isdisjoint(made.definition.keys) else ()
        group = groups.pop() if len(groups) == 1 else None
        drawn = Drawn(made=made, keys=tuple(own), ops=ops, group=group)
        found.update(dict.fromkeys(own, drawn))
    return found


def _ops(made: Computation, keys: Collection[AssetKey]) -> tuple[Node, ...]:
    """The ops that these assets need; none where one function makes them."""
    composed = made.composed
    if composed is None:
        return ()
    return composed.needed(frozenset([made.definition.output_of(key) for key in keys]))


def op_nodes(
    drawn: Drawn, records: Sequence[OpFinished], words: Mapping[AssetKey, str]
) -> Iterator[NodeView]:
    """A node for each op of an opened computation, with what became of it the last time."""
    composed = drawn.made.composed
    for node in drawn.ops:
        assert composed is not None
        yield _op_node(drawn, composed, node, records, words)


def _op_node(
    drawn: Drawn,
    composed: ComposedGraph,
    node: Node,
    records: Sequence[OpFinished],
    words: Mapping[AssetKey, str],
) -> NodeView:
    made = drawn.made
    states = [words[key] for key in made.made_by(node.path) if key in words]
    word, own = outcome_of(composed, node, records, states)
    told = words_of(word, own)
    error = next((one.error for one in own if one.error is not None), None)
    lines = [
        f"op {composed.step_key(node)}",
        f"{told}: {error_line(error)}" if error is not None else told,
        f"reads {'; '.join(inputs_of(made, node))}" if node.op.ins else "",
        f"gives {', '.join(gives_of(made, node))}",
        node.op.description or "",
    ]
    return NodeView(
        id=op_id(made.key, node.path),
        label=elide(clean_line(node.path.rpartition(".")[2]), LABEL_LENGTH),
        state=word,
        note=told + (" · for each" if node.by is not None and not own else ""),
        group=drawn.group or DEFAULT_GROUP,
        tooltip="\n".join(elide(clean_line(line), 400) for line in lines if line),
        is_op=True,
    )


def op_edges(graph: AssetGraph, drawn: Drawn, place: Place, shown: Collection[AssetKey]) -> Lines:
    """The lines into, between and out of the ops of an opened computation.

    `place` gives the id of the node that stands for an asset.
    """
    made, composed = drawn.made, drawn.made.composed
    assert composed is not None
    there = {node.path for node in drawn.ops}
    read: set[AssetKey] = set()
    for node in drawn.ops:
        own = op_id(made.key, node.path)
        for key in _assets_read(made, node):
            read.add(key)
            if key in shown:
                yield place(key), own
        for above in node.above:
            if above in there:
                yield op_id(made.key, above), own
    for key in drawn.keys:
        source = composed.outputs[made.definition.output_of(key)]
        yield op_id(made.key, source.node), node_id(key)
        for parent in graph.parents(key):
            if parent in shown and parent not in read and not _above(made, parent, key):
                yield place(parent), node_id(key)


def _assets_read(made: Computation, node: Node) -> Iterator[AssetKey]:
    for source in node.inputs.values():
        for one in leaves(source):
            if isinstance(one, FromInput) and one.name in made.inputs:
                yield made.inputs[one.name]


def _above(made: Computation, parent: AssetKey, key: AssetKey) -> bool:
    """Whether the ops show already that an asset comes after another one of the same computation."""
    composed, definition = made.composed, made.definition
    if composed is None or parent not in definition.keys:
        return False
    before = composed.outputs[definition.output_of(parent)].node
    return any(
        node.path == before for node in composed.needed(frozenset([definition.output_of(key)]))
    )


def boxes_of(
    groups: Mapping[str, Sequence[AssetKey]],
    folded: Collection[AssetKey],
    computations: Iterable[Drawn],
) -> tuple[BoxView, ...]:
    """Boxes for open groups that were given a name, and for computations; outer ones first."""
    distinct = list({id(one): one for one in computations}.values())
    found = []
    for name, members in groups.items():
        here = [node_id(key) for key in members if key not in folded]
        for one in distinct:
            if one.group == name:
                here += [op_id(one.made.key, node.path) for node in one.ops]
        if here and name != DEFAULT_GROUP:
            label = elide(clean_line(name), LABEL_LENGTH)
            found.append(BoxView(id=f"{BOX}{name}", label=label, members=tuple(here)))
    around = {box.id for box in found}
    for one in distinct:
        if one.is_boxed:
            within = f"{BOX}{one.group}"
            found += _own_boxes(one, within if within in around else "")
    return tuple(found)


def _own_boxes(drawn: Drawn, within: str) -> Iterator[BoxView]:
    """The box of a computation, and one for each graph that is nested in it."""
    made = drawn.made
    label = elide(clean_line(made.title), TITLE_LENGTH)
    yield BoxView(id=made_id(made.key), label=label, members=drawn.members, within=within)
    nested: dict[str, list[str]] = {}
    for node in drawn.ops:
        parts = node.path.split(".")
        for depth in range(1, len(parts)):
            nested.setdefault(".".join(parts[:depth]), []).append(op_id(made.key, node.path))
    for path, members in nested.items():
        above, _, name = path.rpartition(".")
        yield BoxView(
            id=made_id(made.key, path),
            label=elide(clean_line(f"graph {name}"), LABEL_LENGTH),
            members=tuple(members),
            within=made_id(made.key, above),
        )
