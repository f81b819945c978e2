"""From the graph, the history and the observations to the status of every asset and check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import InputVersion, Materialization, Verdict
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, CheckNode, Input
from dagbook.log.protocol import Current
from dagbook.staleness.causes import (
    Cause,
    DependenciesChanged,
    Facts,
    UpstreamStale,
    causes_of,
)
from dagbook.staleness.files import unseen_in
from dagbook.staleness.fingerprint import UNOBSERVED, fingerprint, skip_version
from dagbook.staleness.observations import Observations
from dagbook.staleness.status import (
    NO_FLAGS,
    AssetStatus,
    CheckStatus,
    Judgement,
    State,
    Statuses,
)
from dagbook.versions.code import CodeVersion

NOTHING_ELSE: Mapping[str, str] = {}


class KeptResults(Protocol):
    """What the evaluation asks of the history."""

    @property
    def current(self) -> Mapping[AssetKey, Current]: ...
    @property
    def verdicts(self) -> Mapping[AssetCheckKey, Verdict]: ...
    def find(self, fingerprint: str) -> Materialization | None: ...
    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """An evaluation and all that it was made from, so that the next one need not begin anew."""

    graph: AssetGraph
    seen: Observations
    current: Mapping[AssetKey, Current]
    statuses: Statuses


def evaluate(
    graph: AssetGraph,
    history: KeptResults,
    observations: Observations,
    before: Evaluated | None = None,
) -> Evaluated:
    """The statuses of everything in the graph, from the roots down.

    What was fresh by its own record `before` is taken over where nothing that it rests on changed.
    """
    evaluation = _Evaluation(graph, history, observations, before)
    for key in graph.order:
        evaluation.judge(key)
    # A check that reads several assets may have been asked before all of them were judged.
    late = [check for check, node in graph.checks.items() if len(node.parents) > 1]
    for check in [*late, *(graph.checks.keys() - evaluation.checks.keys())]:
        evaluation.judge_check(check)
    if any(evaluation.checks[check].stops for check in late):
        for key in graph.order:
            evaluation.judge(key)
    return Evaluated(
        graph=graph,
        seen=observations,
        current=dict(history.current),
        statuses=Statuses(evaluation.assets, evaluation.checks),
    )


@dataclass(slots=True)
class _Evaluation:
    graph: AssetGraph
    history: KeptResults
    seen: Observations
    before: Evaluated | None = None
    changed: set[AssetKey] = field(default_factory=set)
    assets: dict[AssetKey, AssetStatus] = field(default_factory=dict)
    checks: dict[AssetCheckKey, CheckStatus] = field(default_factory=dict)
    data: dict[AssetKey, str] = field(default_factory=dict)
    skipped: set[AssetKey] = field(default_factory=set)
    stopped: dict[AssetKey, dict[AssetCheckKey, None]] = field(default_factory=dict)

    def judge(self, key: AssetKey) -> None:
        """Find the status of one asset whose parents have theirs, and of its checks."""
        node = self.graph.nodes[key]
        status = self._as_before(node)
        if status is None:
            status = AssetStatus(key, "external") if node.definition is None else self._judge(node)
            self.changed.add(key)
        self.assets[key] = status
        if status.materialization is not None:
            self.data[key] = self._as_read(key, status.materialization.data_version)
        elif node.definition is None:
            self.data[key] = self.seen.external.get(key, UNOBSERVED)
        elif status.is_skipped and status.fingerprint is not None:
            self.data[key] = skip_version(status.fingerprint)
            self.skipped.add(key)
        for check in self.graph.checks_of(key):
            self.judge_check(check)

    def _as_read(self, key: AssetKey, version: str) -> str:
        """What readers see; another class of the values in it is news to them."""
        read = self.seen.as_read(version)
        if self.before is not None and read != self.before.seen.as_read(version):
            self.changed.add(key)
        return read

    def _as_before(self, node: AssetNode) -> AssetStatus | None:
        """The status before, where it was fresh by its own record and rests on nothing that changed."""
        before, key = self.before, node.key
        if before is None:
            return None
        status = before.statuses.assets.get(key)
        if node.definition is None:
            data = (self.seen.external.get(key), before.seen.external.get(key))
            same = before.graph.nodes.get(key) is node and data[0] == data[1]
            return status if same else None
        if (
            status is None
            or status.state != "fresh"
            or status.restorable
            or status.materialization is None
            or before.graph.nodes.get(key) is not node
            or before.current.get(key) is not self.history.current.get(key)
            or not self.changed.isdisjoint(node.parents)
        ):
            return None
        return status if self._sees_the_same(node, before.seen) else None

    def _sees_the_same(self, node: AssetNode, then: Observations) -> bool:
        key, now = node.key, self.seen
        return (
            key not in now.lost
            and now.code[key] == then.code[key]
            and now.code[key].notes == then.code[key].notes
            and now.others.get(key) == then.others.get(key)
            and node.definition is not None
            and node.definition.upkeep.max_age is None
        )

    def judge_check(self, key: AssetCheckKey) -> None:
        """Find how a check stands on the data that counts now."""
        node = self.graph.checks[key]
        code = self.seen.code[key]
        inputs = self._judged(node)
        if inputs is None:
            self.checks[key] = CheckStatus(key, "missing", code_version=code.digest)
            return
        mark = check_fingerprint(code.digest, node, inputs, self.seen.others.get(key, {}))
        verdict = self.history.verdicts.get(key)
        if verdict is None or verdict.fingerprint != mark:
            verdict = self.history.verdict(key, mark)
        status = self.assets.get(key.asset_key)
        stops = status is not None and status.is_fresh and stops_below(node, verdict)
        unseen = unseen_in(self.seen.others.get(key, ()))
        steady = node.inline or (is_steady_check(node, code) and not unseen)
        self.checks[key] = CheckStatus(
            key, judgement_of(verdict), verdict, mark, code.digest, inputs, stops, steady
        )
        if stops:
            self.stopped.setdefault(key.asset_key, {})[key] = None
        was = self.before.statuses.checks.get(key) if self.before is not None else None
        if was is None or was.stops != stops:
            self.changed.add(key.asset_key)

    def _judged(self, node: CheckNode) -> tuple[InputVersion, ...] | None:
        """The data that a check would judge now; None where some of it is not there."""
        target = node.key.asset_key
        if any(key not in self.data or key in self.skipped for key in node.parents):
            return None
        read = _versions(node.inputs, self.data) or (InputVersion("", target, self.data[target]),)
        return (*read, *[InputVersion("", key, self.data[key]) for key in node.waited])

    def _judge(self, node: AssetNode) -> AssetStatus:
        key = node.key
        code = self.seen.code[key]
        version = node.spec.code_version or code.digest
        blocked_by, unsettled = self._above(node)
        inputs = self._inputs(node)
        now = self._mark(node, version, inputs)
        current = self.history.current.get(key) or Current(key)
        record = self._counting(node, current, now)
        restorable = record is not None and record is not current.materialization
        if record is not None:
            held = current.pinned and key not in self.seen.lost
            causes = () if held else self._causes(node, record, now, version, inputs, unsettled)
            state: State = "stale" if causes else "fresh"
            if key in self.seen.lost and not restorable:
                state = "missing"
        else:
            skipped = current.skip is not None and current.skip == now and not unsettled
            state = "fresh" if skipped and is_steady(node, code) else "missing"
            causes = (UpstreamStale(unsettled),) if unsettled else ()
        return AssetStatus(
            key,
            state,
            causes,
            current.last_run,
            _flags(blocked_by, current, code.weak),
            record,
            restorable,
            None if unsettled else now,
            version,
            inputs,
            blocked_by,
            current.error,
            code.unchecked if code.notes else (),
        )

    def _causes(
        self,
        node: AssetNode,
        record: Materialization,
        now: str | None,
        version: str,
        inputs: tuple[InputVersion, ...],
        unsettled: tuple[AssetKey, ...],
    ) -> tuple[Cause, ...]:
        """Why the record does not count as fresh; the common case, that it does, is told at once."""
        code = self.seen.code[node.key]
        lost = node.key in self.seen.lost
        agrees = record.fingerprint == now and not unsettled and not lost
        if agrees and not _doubtful(node, code, record):
            return ()
        assert node.definition is not None
        facts = Facts(
            record=record,
            upkeep=node.definition.upkeep,
            code=code,
            code_version=version,
            declared=node.spec.code_version is not None,
            inputs=inputs,
            unsettled=unsettled,
            others=self.seen.others.get(node.key, {}),
            lost=lost,
            now=self.seen.now,
        )
        found = causes_of(facts)
        if not found and not agrees:
            # The same parts in another arrangement: inputs that changed places.
            return (DependenciesChanged((), ()),)
        return found

    def _counting(
        self, node: AssetNode, current: Current, now: str | None
    ) -> Materialization | None:
        """The record that counts: the current one where it agrees or is pinned, else any kept one that agrees."""
        own = current.materialization
        if now is None or current.pinned:
            return own
        if own is not None and own.fingerprint == now and own.key not in self.seen.lost:
            return own
        if current.skip == now:
            return None
        return (self.history.find(now) if adopts(node) else None) or own

    def _above(self, node: AssetNode) -> tuple[tuple[AssetCheckKey, ...], tuple[AssetKey, ...]]:
        """The verdicts that block it, and the parents that are not settled."""
        blocked: dict[AssetCheckKey, None] = {}
        unsettled = []
        for parent in node.parents:
            status = self.assets.get(parent)
            if status is None or not status.is_fresh:
                unsettled.append(parent)
            if status is not None and (status.blocked_by or parent in self.stopped):
                blocked.update(dict.fromkeys(status.blocked_by))
                blocked.update(self.stopped.get(parent, {}))
        return tuple(blocked), tuple(unsettled)

    def _inputs(self, node: AssetNode) -> tuple[InputVersion, ...]:
        read = _versions(node.inputs, self.data)
        if not node.waited:
            return read
        waited = [InputVersion("", k, self.data[k]) for k in node.waited if k in self.data]
        return (*read, *waited)

    def _mark(
        self,
        node: AssetNode,
        version: str,
        inputs: tuple[InputVersion, ...],
    ) -> str | None:
        if len(inputs) < len(node.inputs) + len(node.waited):
            return None
        return asset_fingerprint(version, node, inputs, self.seen.others.get(node.key, {}))


def asset_fingerprint(
    version: str, node: AssetNode, inputs: tuple[InputVersion, ...], others: Mapping[str, str]
) -> str:
    """The fingerprint that a run of this asset has with these inputs."""
    definition = node.definition
    one = definition is None or len(definition.specs) == 1
    output = "result" if one or definition is None else definition.output_of(node.key)
    read = [(item.name, item.data_version) for item in inputs if item.name]
    waited = [item.data_version for item in inputs if not item.name]
    return fingerprint(version, output, read, waited, others)


def check_fingerprint(
    version: str,
    node: CheckNode,
    inputs: tuple[InputVersion, ...],
    others: Mapping[str, str] = NOTHING_ELSE,
) -> str:
    """The fingerprint that a verdict of this check has with these inputs and files.

    What an asset's own body answers belongs to the data that it gave, whatever its code is.
    """
    read = [(item.name, item.data_version) for item in inputs]
    if node.inline:
        return fingerprint("inline", node.spec.name, read, (), {})
    severity = getattr(node.definition, "severity", "")
    return fingerprint(version, f"{node.spec.name} {severity}", read, (), others)


def stops_below(node: CheckNode, verdict: Verdict | None) -> bool:
    """Whether a verdict bars what is below: as the check is declared now, not as it was then."""
    return (
        verdict is not None
        and node.spec.blocking
        and not verdict.passed
        and verdict.severity == "ERROR"
    )


def judgement_of(verdict: Verdict | None) -> Judgement:
    """The verdict in one word."""
    if verdict is None:
        return "missing"
    if verdict.passed:
        return "passed"
    return "warned" if verdict.severity == "WARN" else "failed"


def _versions(inputs: tuple[Input, ...], data: Mapping[AssetKey, str]) -> tuple[InputVersion, ...]:
    return tuple([InputVersion(i.name, i.key, data[i.key]) for i in inputs if i.key in data])


def is_steady_check(node: CheckNode, code: CodeVersion) -> bool:
    """Whether a verdict on the same data holds for longer than the moment in which it was given."""
    momentary = getattr(node.definition, "momentary", False)
    return code.tracked and not code.stale_modules and not momentary


def is_steady(node: AssetNode, code: CodeVersion) -> bool:
    """Whether equal fingerprints can mean fresh: nothing untracked is read, and no rule forbids it."""
    if node.definition is not None and node.definition.upkeep.always:
        return False
    return node.spec.code_version is not None or (code.tracked and not code.stale_modules)


def adopts(node: AssetNode) -> bool:
    """Whether a kept result of another record may count for it.

    A declared code version says nothing of other assets' code, and the age of a result begins
    when it was computed.
    """
    definition = node.definition
    return node.spec.code_version is None and (
        definition is None or definition.upkeep.max_age is None
    )


def _doubtful(node: AssetNode, code: CodeVersion, record: Materialization) -> bool:
    definition = node.definition
    assert definition is not None
    return (
        definition.upkeep.max_age is not None
        or not is_steady(node, code)
        or bool(record.others and unseen_in(record.others))
    )


def _flags(
    blocked_by: tuple[AssetCheckKey, ...], current: Current, weak: tuple[str, ...]
) -> frozenset[str]:
    if not blocked_by and not current.pinned and not weak:
        return NO_FLAGS
    held = {"blocked": bool(blocked_by), "pinned": current.pinned, "weak": bool(weak)}
    return frozenset(name for name, holds in held.items() if holds)
