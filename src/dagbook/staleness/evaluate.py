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
from dagbook.staleness.fingerprint import UNOBSERVED, fingerprint
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


class KeptResults(Protocol):
    """What the evaluation asks of the history."""

    @property
    def current(self) -> Mapping[AssetKey, Current]: ...
    @property
    def verdicts(self) -> Mapping[AssetCheckKey, Verdict]: ...
    def find(self, fingerprint: str) -> Materialization | None: ...
    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None: ...


def evaluate(graph: AssetGraph, history: KeptResults, observations: Observations) -> Statuses:
    """The statuses of everything in the graph, from the roots down."""
    evaluation = _Evaluation(graph, history, observations)
    for key in graph.order:
        evaluation.judge(key)
    for check, node in graph.checks.items():
        # A check that reads several assets may have been asked before all of them were judged.
        if check not in evaluation.checks or len(node.inputs) > 1:
            evaluation.judge_check(check)
    return Statuses(evaluation.assets, evaluation.checks)


@dataclass(slots=True)
class _Evaluation:
    graph: AssetGraph
    history: KeptResults
    seen: Observations
    assets: dict[AssetKey, AssetStatus] = field(default_factory=dict)
    checks: dict[AssetCheckKey, CheckStatus] = field(default_factory=dict)
    data: dict[AssetKey, str] = field(default_factory=dict)
    stopped: dict[AssetKey, tuple[AssetCheckKey, ...]] = field(default_factory=dict)

    def judge(self, key: AssetKey) -> None:
        """Find the status of one asset whose parents have theirs, and of its checks."""
        node = self.graph.nodes[key]
        if node.definition is None:
            self.data[key] = self.seen.external.get(key, UNOBSERVED)
            self.assets[key] = AssetStatus(key, "external")
        else:
            status = self._judge(node)
            self.assets[key] = status
            if status.materialization is not None:
                self.data[key] = status.materialization.data_version
        for check in self.graph.checks_of(key):
            self.judge_check(check)

    def judge_check(self, key: AssetCheckKey) -> None:
        """Find how a check stands on the data that counts now."""
        node = self.graph.checks[key]
        read = _versions(node.inputs, self.data)
        target = self.data.get(key.asset_key)
        code = self.seen.code[key].digest
        if target is None or len(read) < len(node.inputs):
            self.checks[key] = CheckStatus(key, "missing", code_version=code)
            return
        inputs = read or (InputVersion("", key.asset_key, target),)
        mark = check_fingerprint(code, node, inputs)
        verdict = self.history.verdicts.get(key)
        if verdict is None or verdict.fingerprint != mark:
            verdict = self.history.verdict(key, mark)
        self.checks[key] = CheckStatus(key, judgement_of(verdict), verdict, mark, code, inputs)
        if verdict is not None and verdict.stops and self._settled(key.asset_key):
            self.stopped[key.asset_key] = (*self.stopped.get(key.asset_key, ()), key)

    def _settled(self, key: AssetKey) -> bool:
        status = self.assets.get(key)
        return status is not None and status.is_fresh

    def _judge(self, node: AssetNode) -> AssetStatus:
        key = node.key
        code = self.seen.code[key]
        version = node.spec.code_version or code.digest
        blocked_by, unsettled = self._above(node)
        inputs = self._inputs(node)
        now = self._mark(node, version, inputs)
        current = self.history.current.get(key) or Current(key)
        record = self._counting(current, now)
        restorable = record is not None and record is not current.materialization
        if record is not None:
            causes = self._causes(node, record, now, version, inputs, unsettled)
            state: State = "stale" if causes else "fresh"
            if key in self.seen.lost and not restorable:
                state = "missing"
        else:
            skipped = current.skip is not None and current.skip == now and not unsettled
            state = "fresh" if skipped else "missing"
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
        if agrees and not _doubtful(node, code):
            return ()
        assert node.definition is not None
        facts = Facts(
            record=record,
            upkeep=node.definition.upkeep,
            code=code,
            code_version=version,
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

    def _counting(self, current: Current, now: str | None) -> Materialization | None:
        """The record that counts: the current one where it agrees or is pinned, else any kept one that agrees."""
        own = current.materialization
        if now is None or current.pinned:
            return own
        if own is not None and own.fingerprint == now and own.key not in self.seen.lost:
            return own
        if current.skip == now:
            return None
        return self.history.find(now) or own

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
                blocked.update(dict.fromkeys(self.stopped.get(parent, ())))
        return tuple(blocked), tuple(unsettled)

    def _inputs(self, node: AssetNode) -> tuple[InputVersion, ...]:
        read = _versions(node.inputs, self.data)
        if len(node.parents) == len(node.inputs):
            return read
        names = {item.key for item in node.inputs}
        waited = [
            InputVersion("", key, self.data[key])
            for key in node.parents
            if key not in names and key in self.data
        ]
        return (*read, *waited)

    def _mark(
        self,
        node: AssetNode,
        version: str,
        inputs: tuple[InputVersion, ...],
    ) -> str | None:
        if len(inputs) < len(node.parents):
            return None
        return asset_fingerprint(version, node, inputs, self.seen.others.get(node.key, {}))


def asset_fingerprint(
    version: str, node: AssetNode, inputs: tuple[InputVersion, ...], others: Mapping[str, str]
) -> str:
    """The fingerprint that a run of this asset has with these inputs."""
    definition = node.definition
    output = "result" if definition is None or len(definition.specs) == 1 else node.key.name
    read = [(item.name, item.data_version) for item in inputs if item.name]
    waited = [item.data_version for item in inputs if not item.name]
    return fingerprint(version, output, read, waited, others)


def check_fingerprint(version: str, node: CheckNode, inputs: tuple[InputVersion, ...]) -> str:
    """The fingerprint that a verdict of this check has with these inputs."""
    read = [(item.name, item.data_version) for item in inputs]
    return fingerprint(version, node.spec.name, read, (), {})


def judgement_of(verdict: Verdict | None) -> Judgement:
    """The verdict in one word."""
    if verdict is None:
        return "missing"
    if verdict.passed:
        return "passed"
    return "warned" if verdict.severity == "WARN" else "failed"


def _versions(inputs: tuple[Input, ...], data: Mapping[AssetKey, str]) -> tuple[InputVersion, ...]:
    return tuple([InputVersion(i.name, i.key, data[i.key]) for i in inputs if i.key in data])


def is_steady(node: AssetNode, code: CodeVersion) -> bool:
    """Whether equal fingerprints can mean fresh: nothing untracked is read, and no rule forbids it."""
    definition = node.definition
    always = definition is not None and definition.upkeep.always
    return code.tracked and not code.stale_modules and not always


def _doubtful(node: AssetNode, code: CodeVersion) -> bool:
    definition = node.definition
    assert definition is not None
    return definition.upkeep.max_age is not None or not is_steady(node, code)


def _flags(
    blocked_by: tuple[AssetCheckKey, ...], current: Current, weak: tuple[str, ...]
) -> frozenset[str]:
    if not blocked_by and not current.pinned and not weak:
        return NO_FLAGS
    held = {"blocked": bool(blocked_by), "pinned": current.pinned, "weak": bool(weak)}
    return frozenset(name for name, holds in held.items() if holds)
