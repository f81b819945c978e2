"""Running the ops of a graph that backs assets: in order, each with inputs of its own."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from dagbook.definitions.composed import ComposedGraph, Node
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.ops import ANY, OpOutput
from dagbook.definitions.results import NO_VALUE
from dagbook.execution.answers import inline_checks
from dagbook.execution.attempts import with_attempts
from dagbook.execution.between import Between
from dagbook.execution.bodies import call
from dagbook.execution.context import OpExecutionContext
from dagbook.execution.feeding import Feed, Gap, Held, Standing, State, Written, gap_of, mark_of
from dagbook.execution.keeping import unexpected_warning
from dagbook.execution.managed import outputs_handed_over, stored_inputs
from dagbook.execution.outputs import Given, Harvest
from dagbook.execution.requests import (
    CheckOutcome,
    OpOutcome,
    OpValue,
    OutputResult,
    Resumption,
    StepInput,
    StepOutcome,
    StepRequest,
)
from dagbook.execution.supply import Provided
from dagbook.execution.tracebacks import record_of
from dagbook.io.contexts import OutputContext
from dagbook.io.handout import Handout
from dagbook.io.objects import ObjectStore
from dagbook.records import dataclass
from dagbook.staleness.files import Opened

# Begins the data version of what has no content: every run of it counts as new data.
NO_CONTENT = "run:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpBody:
    """An op as its result is looked at: see `execution.outputs.Body`."""

    name: str
    outs: tuple[OpOutput, ...]
    selected: tuple[str, ...]
    types: Mapping[str, Any]
    keys: tuple[AssetKey, ...] = ()


@dataclass(slots=True)
class _Run:
    """One run of a graph: what each output stands at, and what became of each op."""

    request: StepRequest
    graph: ComposedGraph
    objects: ObjectStore
    resumption: Resumption
    standing: Standing
    between: Between
    wanted: Mapping[str, frozenset[str]]
    hidden: dict[str, Any] = field(default_factory=dict)
    ops: list[OpOutcome] = field(default_factory=list)
    outputs: dict[str, OutputResult] = field(default_factory=dict)
    answers: Harvest = field(default_factory=Harvest)
    warnings: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)
    error: Exception | None = None

    def supplied(self, node: Node) -> Provided:
        """What an op of the graph is given by the run."""
        return self.between.provided.inner(node.path)


@dataclass(slots=True)
class _Attempt:
    """The last call of an op: what it was given and what it gave, also where it raised."""

    context: OpExecutionContext | None = None
    handouts: dict[str, Handout] = field(default_factory=dict)
    harvest: Harvest = field(default_factory=Harvest)


def execute_graph(
    request: StepRequest, graph: ComposedGraph, objects: ObjectStore, provided: Provided
) -> StepOutcome:
    """Run the ops that the selected outputs need; a failure is an answer, not an exception.

    Where an op fails, those that depend on it do not run and the others do. KeyboardInterrupt passes
    through.
    """
    started, clock = time.time(), time.perf_counter()
    try:
        inputs = stored_inputs(request, objects, provided)
        run = _opened(replace(request, inputs=inputs), graph, objects, provided)
    except Exception as raised:
        return StepOutcome(
            started=started,
            duration=time.perf_counter() - clock,
            error=record_of(raised),
            exception=raised,
            failed=request.selected,
        )
    for node in graph.needed(frozenset(request.selected), request.unasked):
        _run_node(run, node)
    failed = _settle_outputs(run)
    handed = outputs_handed_over(run.outputs, request, objects, provided)
    failed += handed.refused
    run.error = run.error or handed.error
    checks: tuple[CheckOutcome, ...] = ()
    if run.error is None:
        try:
            checks = inline_checks(request, run.answers, objects)
        except Exception as raised:
            run.error, failed = raised, list(request.selected)
    return StepOutcome(
        outputs=tuple(run.outputs.values()),
        checks=checks,
        started=started,
        duration=time.perf_counter() - clock,
        error=None if run.error is None else record_of(run.error),
        exception=run.error,
        changed=tuple(dict.fromkeys(run.changed)),
        opened=tuple(dict.fromkeys(run.opened)),
        failed=tuple(failed),
        ops=tuple(run.ops),
        warnings=tuple(run.warnings),
    )


def _opened(
    request: StepRequest, graph: ComposedGraph, objects: ObjectStore, provided: Provided
) -> _Run:
    resumption = request.resumption or Resumption()
    versions = resumption.inputs
    inputs: dict[str, State] = {
        one.name: Held(
            versions.get(one.name, one.stored.address), one.stored, written=_asset_written(one)
        )
        for one in request.inputs
        if one.via is None and one.stored is not None
    }
    for name, why in request.absent.items():
        inputs[name] = Held("", None, why) if isinstance(why, Exception) else why
    for name in graph.inputs:
        inputs.setdefault(name, Held(versions.get(name, ""), None))
    run = _Run(
        request=request,
        graph=graph,
        objects=objects,
        resumption=resumption,
        standing=Standing(inputs),
        between=Between(objects, provided, frozenset(graph.outputs.values())),
        wanted=graph.wanted(frozenset(request.selected), request.unasked),
    )
    run.hidden = {
        one.name: objects.hand_out(one.stored).value
        for one in request.inputs
        if one.via is not None and one.stored is not None
    }
    return run


def _asset_written(one: StepInput) -> Written:
    """How an asset that the graph reads is known to the managers that its ops name."""
    metadata = one.managed.metadata if one.managed is not None else {}
    return Written(None, OutputContext(key=one.key, metadata=metadata))


def _run_node(run: _Run, node: Node) -> None:
    """Run an op once, or once for each entry of the dynamic output that it is mapped over."""
    if node.by is None:
        _run_op(run, node, None)
        return
    entries = run.standing.entries(node.by)
    if not isinstance(entries, Mapping):
        for out in node.op.outs:
            run.standing.put(node.path, out.name, entries)
        return
    for out in node.op.outs:
        run.standing.put(node.path, out.name, {})
    for key in entries:
        _run_op(run, node, key)


def _run_op(run: _Run, node: Node, key: str | None) -> None:
    step = run.graph.step_key(node, key)
    feeds = {name: run.standing.feed(source, key) for name, source in node.inputs.items()}
    gap = gap_of(feeds.values())
    if gap is not None:
        for out in node.op.outs:
            run.standing.put(node.path, out.name, gap, key)
        run.ops.append(_not_run(step, gap))
        return
    mark = mark_of(run.resumption, node, key, feeds, run.wanted.get(node.path, frozenset()))
    kept = run.resumption.kept.get(mark) if mark is not None else None
    if kept is not None:
        _take_kept(run, node, key, kept)
        run.ops.append(OpOutcome(step=step, outcome="kept", fingerprint=mark, values=kept))
        return
    _call_op(run, node, key, feeds, mark)


def _not_run(step: str, gap: Gap) -> OpOutcome:
    return OpOutcome(step=step, outcome="skipped" if gap == "skipped" else "not_run")


def _call_op(
    run: _Run, node: Node, key: str | None, feeds: Mapping[str, Feed], mark: str | None
) -> None:
    started, clock = time.time(), time.perf_counter()
    step = run.graph.step_key(node, key)
    last = _Attempt()
    values: list[OpValue] = []
    error: Exception | None = None
    try:
        with_attempts(
            node.retry_policy, lambda number: _attempt(run, node, key, feeds, number, last)
        )
    except Exception as raised:
        error = raised
    try:
        _keep(run, node, key, last, values, f"{NO_CONTENT}{run.request.run_id}:{step}")
    except Exception as raised:
        error = error or raised
    run.error = run.error or error
    _put_values(run, node, key, values, failed=error is not None)
    run.answers.checks.extend([run.graph.verdict(node.path, one) for one in last.harvest.checks])
    if error is None:
        run.changed += [f"{step}.{name}" for name, one in last.handouts.items() if one.changed()]
    run.opened += last.harvest.opened
    # What was read from files may be another by the next run, which would not know of it.
    keeps = error is None and not last.harvest.opened and all(map(_is_kept, values))
    run.ops.append(
        OpOutcome(
            step=step,
            outcome="ok" if error is None else "failed",
            started=started,
            duration=time.perf_counter() - clock,
            error=None if error is None else record_of(error),
            fingerprint=mark if keeps else None,
            values=tuple(values) if keeps else (),
        )
    )


def _is_kept(value: OpValue) -> bool:
    """Whether a later run can have the value: a manager may take what the store can't."""
    return value.stored is not None or value.data_version != ""


def _attempt(
    run: _Run,
    node: Node,
    key: str | None,
    feeds: Mapping[str, Feed],
    number: int,
    last: _Attempt,
) -> None:
    op = node.op
    step = run.graph.step_key(node, key)
    wanted = run.wanted.get(node.path, frozenset())
    last.handouts, last.harvest = {}, Harvest()
    last.context = OpExecutionContext(
        run_id=run.request.run_id,
        selected=wanted,
        selected_keys=run.request.selected_keys,
        step_key=step,
        mapping_key=key,
        retry_number=number,
        resources=run.supplied(node).view(),
        op_config=run.supplied(node).config,
    )
    arguments = run.between.arguments(node, step, feeds, last.handouts)
    arguments.update(run.supplied(node).arguments())
    types = {p.name: p.annotation for p in op.ins if p.annotation is not ANY}
    body = _OpBody(name=step, outs=op.outs, selected=tuple(sorted(wanted)), types=types)
    leading = (last.context,) if op.takes_context else ()
    call(body, op.fn, leading, arguments, run.hidden, op.timeout, last.harvest)


def _keep(
    run: _Run, node: Node, key: str | None, last: _Attempt, values: list[OpValue], none: str
) -> None:
    """Put what an op gave into the store; `none` is the data version of what is no value."""
    step = run.graph.step_key(node, key)
    only = len(node.op.outs) == 1
    for out in node.op.outs:
        added = last.context.metadata_for(out.name, only) if last.context is not None else {}
        given: dict[str | None, Given] = dict(last.harvest.entries.get(out.name, {}).items())
        if out.name in last.harvest.given:
            given[None] = last.harvest.given[out.name]
        for entry, one in given.items():
            value = run.between.keep(node, step, out, one, added if entry is None else {})
            if one.value is NO_VALUE and not value.data_version:
                value = replace(value, data_version=none)
            values.append(replace(value, key=entry))
            run.between.hand_over(node, step, values[-1], one.value, key)


def _take_kept(run: _Run, node: Node, key: str | None, values: tuple[OpValue, ...]) -> None:
    run.between.take_again(node, run.graph.step_key(node, key), values, key)
    _put_values(run, node, key, values, failed=False)


def _put_values(
    run: _Run,
    node: Node,
    key: str | None,
    values: tuple[OpValue, ...] | list[OpValue],
    *,
    failed: bool,
) -> None:
    """Let what an op gave stand for its outputs; nothing may use what was given before a failure."""
    for out in node.op.outs:
        own = [one for one in values if one.name == out.name]
        state: Held | Gap | dict[str, Any]
        if failed:
            state = "failed"
        elif out.dynamic and (own or out.required):
            state = {str(one.key): run.between.held(node, one, key) for one in own}
        else:
            state = run.between.held(node, own[0], key) if own else "skipped"
        run.standing.put(node.path, out.name, state, key)
        if own and not out.dynamic and key is None:
            _give(run, node, own[0])


def _give(run: _Run, node: Node, value: OpValue) -> None:
    """An op's output that is an asset's is the asset's value, selected or not."""
    for name, source in run.graph.outputs.items():
        if (source.node, source.output) != (node.path, value.name):
            continue
        made_up = value.stored is None and value.data_version.startswith(NO_CONTENT)
        version = "" if made_up else value.data_version
        run.outputs[name] = OutputResult(
            name=name, data_version=version, stored=value.stored, metadata=value.metadata
        )
        run.answers.given[name] = Given(NO_VALUE)
        if name not in run.request.selected:
            asset = dict(zip([o.name for o in run.request.outs], run.request.keys, strict=True))
            step = run.graph.step_key(node)
            run.warnings.append(unexpected_warning(step, value.name, str(asset[name])))


def _settle_outputs(run: _Run) -> list[str]:
    """Tell the selected outputs that were not given apart: skipped, or failed, which are returned."""
    failed = []
    for name in run.request.selected:
        source = run.graph.outputs[name]
        state = run.standing.state(source.node, source.output)
        if state == "failed":
            failed.append(name)
        elif name not in run.outputs:
            run.outputs[name] = OutputResult(name=name, skipped=True)
    return failed
