"""A graph of ops as one computation: its ops in order, every input with the op that feeds it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.graphs import GraphDefinition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.ops import OpDefinition, OpOutput
from dagbook.definitions.results import AssetCheckResult, RetryPolicy
from dagbook.definitions.wiring import (
    By,
    FromInput,
    FromOp,
    Item,
    Several,
    Source,
    leaves,
)
from dagbook.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """One op of a graph: its path within it, what feeds its inputs, what it is mapped over."""

    path: str
    op: OpDefinition
    inputs: Mapping[str, Source]
    by: By | None = None
    retry_policy: RetryPolicy | None = None

    @property
    def reads(self) -> set[By]:
        """The outputs of other ops that it takes values from, or is mapped over."""
        found = {
            (one.node, one.output)
            for source in self.inputs.values()
            for one in leaves(source)
            if not isinstance(one, (FromInput, Several))
        }
        return found if self.by is None else found | {self.by}

    @property
    def above(self) -> tuple[str, ...]:
        """The paths of the ops that it takes values from."""
        return tuple(dict.fromkeys(node for node, _ in sorted(self.reads)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """That an op's output is the verdict of a check, on the asset that the graph gives as `of`."""

    node: str
    output: str
    check: AssetCheckKey
    of: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class ComposedGraph:
    """What the op of a graph-backed asset runs: the nodes of all nested graphs, flat and in order.

    `step` is the name below which its steps are known; `outputs` say which output of which node each
    output of the graph is; `verdicts` which outputs of ops are verdicts of the assets' checks.
    """

    name: str
    nodes: tuple[Node, ...]
    outputs: Mapping[str, FromOp]
    inputs: tuple[str, ...] = ()
    graph: GraphDefinition | None = field(default=None, repr=False)
    verdicts: tuple[Judging, ...] = ()

    def judging(
        self, checks: Mapping[str, AssetCheckKey], assets: Mapping[AssetKey, str]
    ) -> ComposedGraph:
        """This graph where some outputs are verdicts: of these checks, by the outputs' names.

        `assets` says which output each asset is.
        """
        verdicts = tuple(
            [
                Judging(node=at.node, output=at.output, check=check, of=assets[check.asset_key])
                for name, check in checks.items()
                if (at := self.outputs.get(name)) is not None and check.asset_key in assets
            ]
        )
        judges = {(one.node, one.output) for one in verdicts}
        return replace(
            self,
            nodes=tuple([_as_judge(node, judges) for node in self.nodes]),
            outputs={name: at for name, at in self.outputs.items() if name not in checks},
            verdicts=verdicts,
        )

    def verdict(self, path: str, given: AssetCheckResult) -> AssetCheckResult:
        """What an op says of the one check that it judges, named where it names none itself."""
        found = [one.check for one in self.verdicts if one.node == path]
        if given.check_name is not None or len(found) != 1:
            return given
        return replace(given, asset_key=found[0].asset_key, check_name=found[0].name)

    def step_key(self, node: Node, key: str | None = None) -> str:
        """The name of one step: `asset.op`, with the key of the entry where it is mapped."""
        whole = f"{self.name}.{node.path}" if self.graph is not None else self.name
        return whole if key is None else f"{whole}[{key}]"

    def node(self, path: str) -> Node:
        """The node with this path."""
        return next(node for node in self.nodes if node.path == path)

    def needed(
        self, outputs: frozenset[str], unasked: Container[AssetCheckKey] = ()
    ) -> tuple[Node, ...]:
        """The nodes that these outputs need, and their checks but the `unasked`, in order.

        All of them where every output and verdict is wanted.
        """
        if self._is_all(outputs, unasked):
            return self.nodes
        wanted = {node for node, _ in self._ends(outputs, unasked)}
        for node in reversed(self.nodes):
            if node.path in wanted:
                wanted.update(node.above)
        return tuple([node for node in self.nodes if node.path in wanted])

    def _is_all(self, outputs: frozenset[str], unasked: Container[AssetCheckKey]) -> bool:
        return outputs >= self.outputs.keys() and not any(
            one.check in unasked for one in self.verdicts
        )

    def _ends(self, outputs: frozenset[str], unasked: Container[AssetCheckKey]) -> set[By]:
        """The outputs of ops that are wanted for themselves: as values or as verdicts."""
        found = {(at.node, at.output) for name, at in self.outputs.items() if name in outputs}
        return found | {
            (one.node, one.output)
            for one in self.verdicts
            if one.of in outputs and one.check not in unasked
        }

    def wanted(
        self, outputs: frozenset[str], unasked: Container[AssetCheckKey] = ()
    ) -> dict[str, frozenset[str]]:
        """The outputs of each op on which these outputs of the graph depend, by the op's path."""
        if self._is_all(outputs, unasked):
            return {node.path: frozenset([out.name for out in node.op.outs]) for node in self.nodes}
        marked = self._ends(outputs, unasked)
        for node in reversed(self.nodes):
            if any(path == node.path for path, _ in marked):
                marked.update(node.reads)
        return {
            node.path: frozenset([output for path, output in marked if path == node.path])
            for node in self.nodes
        }

    def inputs_of(self, outputs: frozenset[str]) -> frozenset[str]:
        """The inputs of the graph that these outputs depend on."""
        return frozenset(
            one.name
            for node in self.needed(outputs)
            for source in node.inputs.values()
            for one in leaves(source)
            if isinstance(one, FromInput)
        )

    def possible(self, lacking: Mapping[str, bool]) -> frozenset[str]:
        """The outputs that can still be given where these inputs lack; true says: because of a skip.

        An input that is a list can do without some of its entries, where those were skipped.
        """
        gone: dict[str, bool] = {}
        for node in self.nodes:
            states = [_lack(source, lacking, gone) for source in node.inputs.values()]
            if any(state is not None for state in states):
                gone[node.path] = True in states
        return frozenset([name for name, source in self.outputs.items() if source.node not in gone])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the ops as plain functions, for tests of theirs."""
        source = self.graph if self.graph is not None else self.nodes[0].op
        return source(*args, **kwargs)

    def __dagbook_code__(self) -> tuple[str, ...]:
        """What belongs to the code version besides the ops' functions: who feeds whom."""
        lines = []
        for node in self.nodes:
            fed = ", ".join(f"{name}={source}" for name, source in node.inputs.items())
            outs = ", ".join(out.name for out in node.op.outs)
            version = f" version {node.op.code_version}" if node.op.code_version else ""
            lines.append(f"{node.path}({fed}) -> {outs}{version}")
        lines += [f"{name} = {source}" for name, source in sorted(self.outputs.items())]
        lines += [f"{one.check} = {one.node}.{one.output}" for one in self.verdicts]
        return tuple(lines)

    def __dagbook_reads__(self) -> Mapping[str, object]:
        """The functions of the ops, and the defaults that were declared for their inputs."""
        return {node.path: node.op for node in self.nodes}


def _as_judge(node: Node, judges: set[By]) -> Node:
    """The node whose verdicts need not be values: AssetCheckResults are handed over by themselves."""
    if not any(path == node.path for path, _ in judges):
        return node
    outs = [
        replace(out, required=out.required and (node.path, out.name) not in judges)
        for out in node.op.outs
    ]
    return replace(node, op=replace(node.op, outs=tuple(outs)))


def _lack(source: Source, lacking: Mapping[str, bool], gone: Mapping[str, bool]) -> bool | None:
    """Whether an input lacks because of a skip (true) or a failure (false); None where it does not."""
    if isinstance(source, FromInput):
        return lacking.get(source.name)
    if not isinstance(source, Several):
        return gone.get(source.node)
    states = [_lack(one, lacking, gone) for one in source.sources]
    if states and all(states):
        return True
    return False if False in states else None


def composed(graph: GraphDefinition) -> ComposedGraph:
    """The graph with all that is nested in it, flat."""
    nodes: dict[str, Node] = {}
    outputs = _flatten(graph, "", {}, None, nodes)
    return ComposedGraph(
        name=graph.name,
        nodes=tuple(nodes.values()),
        outputs={name: source for name, source in outputs.items() if isinstance(source, FromOp)},
        inputs=tuple([one.name for one in graph.ins]),
        graph=graph,
    )


def composed_op(op: OpDefinition) -> ComposedGraph:
    """A single op as a graph of one node."""
    inputs = {one.name: FromInput(one.name) for one in op.ins}
    node = Node(path=op.name, op=op, inputs=inputs, retry_policy=op.retry_policy)
    return ComposedGraph(
        name=op.name,
        nodes=(node,),
        outputs={out.name: FromOp(op.name, out.name) for out in op.outs},
        inputs=tuple(inputs),
    )


def _flatten(
    graph: GraphDefinition,
    prefix: str,
    outer: Mapping[str, Source],
    policy: RetryPolicy | None,
    nodes: dict[str, Node],
) -> dict[str, Source]:
    """Put the graph's ops into `nodes`; gives where each of its outputs comes from."""
    within: dict[str, dict[str, Source]] = {}
    for call in graph.invocations:
        path = f"{prefix}{call.alias}"
        inputs = {
            name: _moved(source, outer if prefix else {}, within, nodes)
            for name, source in call.inputs.items()
        }
        chosen = call.retry_policy or policy
        if isinstance(call.definition, GraphDefinition):
            within[call.alias] = _flatten(call.definition, f"{path}.", inputs, chosen, nodes)
            continue
        nodes[path] = Node(
            path=path,
            op=call.definition,
            inputs=inputs,
            by=_mapped_over(inputs),
            retry_policy=chosen or call.definition.retry_policy,
        )
        within[call.alias] = {
            out.name: _output(path, out, nodes[path].by) for out in call.definition.outs
        }
    return {name: within[at.node][at.output] for name, at in graph.mapping.items()}


def _output(path: str, out: OpOutput, by: By | None) -> Source:
    """Where a plain input that takes this output gets its value."""
    return FromOp(path, out.name) if by is None else Item(path, out.name, by)


def _moved(
    source: Source,
    outer: Mapping[str, Source],
    within: Mapping[str, Mapping[str, Source]],
    nodes: Mapping[str, Node],
) -> Source:
    """The source as seen from outside all graphs."""
    if isinstance(source, Several):
        return Several(tuple([_moved(one, outer, within, nodes) for one in source.sources]))
    if isinstance(source, FromInput):
        return outer.get(source.name, source)
    real = within[source.node][source.output]
    if isinstance(source, FromOp):
        return real
    assert isinstance(real, (FromOp, Item))
    over = within[source.by[0]][source.by[1]]
    assert isinstance(over, (FromOp, Item))
    kind = type(source)
    return kind(real.node, real.output, (over.node, over.output))


def _mapped_over(inputs: Mapping[str, Source]) -> By | None:
    for source in inputs.values():
        for one in leaves(source):
            if isinstance(one, Item):
                return one.by
    return None
