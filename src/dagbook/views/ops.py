"""What stands behind assets that several ops or one computation make, in words and as a table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dagbook.definitions.composed import ComposedGraph, Node
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import OpOutput, Parameter
from dagbook.definitions.results import NO_VALUE, RetryPolicy
from dagbook.definitions.wiring import Collected, FromInput, Item, Several, Source
from dagbook.records import dataclass
from dagbook.views.error_lines import error_line
from dagbook.views.lettering import clean_line, elide
from dagbook.views.quantities import counted, duration
from dagbook.views.states import OP_LOOKS
from dagbook.views.tables import Cell, Column, TableView, table, without_empty_columns

if TYPE_CHECKING:
    from dagbook.definitions.assets import AssetsDefinition
    from dagbook.events.records import OpFinished
    from dagbook.graph.asset_graph import AssetGraph

OUTCOMES = {
    "ok": "ran",
    "kept": "kept",
    "failed": "failed",
    "skipped": "skipped",
    "not_run": "not run",
}
# The states of assets for which what their ops did the last time still says how they are.
SETTLED = frozenset({"fresh", "failed"})
COLUMNS = (
    Column(name="op"),
    Column(name="step"),
    Column(name="reads"),
    Column(name="gives"),
    Column(name="retries"),
    Column(name="last outcome"),
    Column(name="why", said=True),
    Column(name="took", right=True, varies=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """One computation of several assets or several ops; `inputs` are the assets it reads by name."""

    definition: AssetsDefinition
    inputs: Mapping[str, AssetKey]

    @property
    def key(self) -> AssetKey:
        """The first of its assets, by which it is known."""
        return self.definition.keys[0]

    @property
    def composed(self) -> ComposedGraph | None:
        """Its ops; None where it is one function."""
        return composed_of(self.definition)

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        name, composed = self.definition.op.name, self.composed
        if composed is None:
            return f"multi-asset {name}"
        return f"graph {name}, {counted(len(composed.nodes), 'op')}"

    def outputs_of(self, path: str) -> dict[str, AssetKey]:
        """The assets that outputs of the op at this path are, by the output's name."""
        composed = self.composed
        assert composed is not None
        return {
            composed.outputs[out.name].output: spec.key
            for spec, out in zip(self.definition.specs, self.definition.op.outs, strict=True)
            if composed.outputs[out.name].node == path
        }

    def made_by(self, path: str) -> list[AssetKey]:
        """The assets for which the op at this path runs."""
        composed = self.composed
        assert composed is not None
        return [
            spec.key
            for spec, out in zip(self.definition.specs, self.definition.op.outs, strict=True)
            if any(node.path == path for node in composed.needed(frozenset([out.name])))
        ]


def composed_of(definition: AssetsDefinition | None) -> ComposedGraph | None:
    """The graph of ops that backs the assets of a definition; None where a single function does."""
    fn = definition.op.fn if definition is not None else None
    return fn if isinstance(fn, ComposedGraph) and fn.graph is not None else None


def computation(graph: AssetGraph, key: AssetKey) -> Computation | None:
    """What makes the asset, where several ops do, or where it makes other assets besides."""
    definition = graph.nodes[key].definition
    if definition is None or (len(definition.specs) == 1 and composed_of(definition) is None):
        return None
    inputs: dict[str, AssetKey] = dict(definition.ins)
    for own in definition.keys:
        node = graph.nodes.get(own)
        if node is not None and node.definition is definition:
            inputs.update({item.name: item.key for item in node.inputs})
            # What is only waited for has no value, and so is no input of the node.
            for one in definition.op.ins:
                found = next((other for other in node.waited if other.name == one.name), None)
                if found is not None:
                    inputs.setdefault(one.name, found)
    return Computation(definition=definition, inputs=inputs)


def outcome_of(
    composed: ComposedGraph, node: Node, records: Iterable[OpFinished], words: Collection[str]
) -> tuple[str, list[OpFinished]]:
    """The word for what became of an op the last time, and its records; several where it is mapped.

    `words` are the states of the assets that it runs for.
    """
    step = composed.step_key(node)
    own = [one for one in records if one.step == step or one.step.startswith(f"{step}[")]
    own = [one for one in own if one.run_id == own[-1].run_id]
    found = {OUTCOMES.get(one.outcome, one.outcome) for one in own}
    for word in ("failed", "not run", "ran", "kept", "skipped"):
        if word in found:
            before = word in ("ran", "kept") and SETTLED.isdisjoint(words)
            return "ran before" if before else word, own
    return "no run yet", own


def outcome_words(word: str, records: Sequence[OpFinished]) -> str:
    """The outcome with its sign, and how many entries of a mapped op had it."""
    shown = f"{OP_LOOKS[word].sign} {word}"
    mapped = [one for one in records if one.step.endswith("]")]
    if not mapped:
        return shown
    if word != "failed":
        return f"{shown} {len(mapped)} times"
    return f"{shown} {sum(one.outcome == 'failed' for one in mapped)} of {len(mapped)} times"


def ops_table(
    made: Computation, records: Sequence[OpFinished], words: Mapping[AssetKey, str]
) -> TableView | None:
    """The ops in the order in which they run; None where one function makes it all.

    `words` are the states of the assets.
    """
    composed = made.composed
    if composed is None:
        return None
    rows = [_op_row(made, composed, node, records, words) for node in composed.nodes]
    return without_empty_columns(table(COLUMNS, rows))


def _op_row(
    made: Computation,
    composed: ComposedGraph,
    node: Node,
    records: Sequence[OpFinished],
    words: Mapping[AssetKey, str],
) -> list[str | Cell]:
    states = [words.get(key, "missing") for key in made.made_by(node.path)]
    word, own = outcome_of(composed, node, records, states)
    error = next((one.error for one in own if one.error is not None), None)
    told = outcome_words(word, own)
    state = {"failed": "failed", "ran": "fresh", "kept": "fresh"}.get(word, "")
    took = sum(one.duration for one in own if one.outcome in ("ok", "failed"))
    return [
        Cell(text=node.path, code=True, hint=node.op.description or ""),
        Cell(text=composed.step_key(node), code=True),
        "; ".join(inputs_of(made, node)),
        ", ".join(gives_of(made, node)),
        retries_of(node.retry_policy),
        # A cell with a state has its sign from there.
        Cell(text=told[2:] if state else told, state=state),
        "" if error is None else elide(error_line(error), 200),
        duration(took) if took else "",
    ]


def inputs_of(made: Computation, node: Node) -> list[str]:
    """Each input of an op with where it comes from."""
    return [_input(made, one, node.inputs.get(one.name)) for one in node.op.ins]


def _input(made: Computation, one: Parameter, source: Source | None) -> str:
    if source is None:
        default = (
            "" if one.default is NO_VALUE else f" = {elide(clean_line(repr(one.default)), 40)}"
        )
        return f"{one.name}{default}"
    told = _source(made, source)
    return told if told == one.name else f"{one.name} from {told}"


def _source(made: Computation, source: Source) -> str:
    if isinstance(source, FromInput):
        return str(made.inputs.get(source.name, source.name))
    if isinstance(source, Several):
        return ", ".join([_source(made, one) for one in source.sources])
    composed = made.composed
    assert composed is not None
    only = len(composed.node(source.node).op.outs) == 1
    told = source.node if only else f"{source.node}.{source.output}"
    if isinstance(source, Item):
        return f"each {told}"
    return f"all {told}" if isinstance(source, Collected) else told


def gives_of(made: Computation, node: Node) -> list[str]:
    """Each output of an op: what it is called, and which asset it is."""
    assets = made.outputs_of(node.path)
    return [_output(out, assets.get(out.name), len(node.op.outs) == 1) for out in node.op.outs]


def _output(out: OpOutput, asset: AssetKey | None, only: bool) -> str:
    remarks = ["any number"] if out.dynamic else []
    remarks += [] if out.required else ["optional"]
    name = str(asset) if only and asset is not None else out.name
    if asset is not None and not only:
        name = f"{out.name} as {asset}"
    return name + (f" ({', '.join(remarks)})" if remarks else "")


def retries_of(policy: RetryPolicy | None) -> str:
    """How often an op is tried again, and after how long."""
    if policy is None or not policy.max_retries:
        return ""
    again = "once" if policy.max_retries == 1 else f"{policy.max_retries} times"
    return f"{again}, after {duration(policy.delay)}" if policy.delay else again
