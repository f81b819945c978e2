"""Judges assets and checks one by one: from what is above them, their records and the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import InputVersion, Materialization
from dagbook.graph.asset_graph import AssetGraph
from dagbook.graph.nodes import AssetNode, CheckNode, Input
from dagbook.log.projection import Current
from dagbook.records import dataclass
from dagbook.staleness.causes import Cause, DependenciesChanged, Facts, UpstreamStale, causes_of
from dagbook.staleness.files import unseen_in
from dagbook.staleness.fingerprint import UNOBSERVED, skip_version
from dagbook.staleness.kept import KeptResults
from dagbook.staleness.marks import (
    NOTHING_ELSE,
    adopts,
    asset_fingerprint,
    check_fingerprint,
    is_doubtful,
    is_steady,
    is_steady_check,
    judgement_of,
    stops_below,
)
from dagbook.staleness.observations import Observations
from dagbook.staleness.status import NO_FLAGS, SETTLED, AssetStatus, CheckStatus, State
from dagbook.versions.code import CodeVersion

AnyKey = AssetKey | AssetCheckKey
_NO_INPUTS: tuple[InputVersion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What has been found so far, asset by asset.

    `data`: the data version that readers see of each asset that has data; `skipped`: those whose
    body gave none; `stopped`: the failed checks that bar what is below; `open`: by fingerprint, what
    another record in the log could make fresh; `borrowed`: those for which a kept result of another record counts;
    `carrying`: whose data holds instances of the user's classes.
    """

    assets: dict[AssetKey, AssetStatus] = field(default_factory=dict)
    checks: dict[AssetCheckKey, CheckStatus] = field(default_factory=dict)
    data: dict[AssetKey, str] = field(default_factory=dict)
    skipped: set[AssetKey] = field(default_factory=set)
    stopped: dict[AssetKey, tuple[AssetCheckKey, ...]] = field(default_factory=dict)
    open: dict[AnyKey, str | None] = field(default_factory=dict)
    borrowed: set[AssetKey] = field(default_factory=set)
    carrying: set[AssetKey] = field(default_factory=set)

    def copy(self) -> Findings:
        """The same findings, to be brought forward."""
        return Findings(
            assets=self.assets.copy(),
            checks=self.checks.copy(),
            data=self.data.copy(),
            skipped=self.skipped.copy(),
            stopped=self.stopped.copy(),
            open=self.open.copy(),
            borrowed=self.borrowed.copy(),
            carrying=self.carrying.copy(),
        )

    def forget(self, key: AssetKey) -> None:
        """Let nothing be found of an asset but the status that it had."""
        self.data.pop(key, None)
        self.open.pop(key, None)
        for found in (self.skipped, self.borrowed, self.carrying):
            found.discard(key)

    def seen_below(self, key: AssetKey) -> tuple[object, ...]:
        """All that the statuses of its readers may depend on."""
        status = self.assets.get(key)
        stands = (
            (status.state, status.has_failed, status.blocked_by) if status is not None else None
        )
        return stands, self.data.get(key), key in self.skipped, self.stopped.get(key)


@dataclass(frozen=True, slots=True)
class Judge:
    """Adds to the findings; whoever calls sees to it that what is above has been judged before."""

    graph: AssetGraph
    history: KeptResults
    seen: Observations
    found: Findings

    def asset(self, key: AssetKey) -> None:
        """Find the status of one asset whose parents have theirs."""
        node, found = self.graph.nodes[key], self.found
        if node.definition is None:
            found.assets[key] = AssetStatus(key, "external")
            found.data[key] = self.seen.external.get(key, UNOBSERVED)
            return
        now, status = self._status(node)
        found.assets[key] = status
        record = status.materialization
        if record is not None:
            read = found.data[key] = self.seen.as_read(record.data_version)
            if read is not record.data_version:
                found.carrying.add(key)
        elif status.is_skipped and status.fingerprint is not None:
            found.data[key] = skip_version(status.fingerprint)
            found.skipped.add(key)
        if status.restorable:
            found.borrowed.add(key)
        if status.restorable or status.state != "fresh":
            found.open[key] = now

    def check(self, key: AssetCheckKey) -> None:
        """Find how a check stands on the data that counts now."""
        node, code, found = self.graph.checks[key], self.seen.code[key], self.found
        found.open.pop(key, None)
        inputs = self._judged(node)
        if inputs is None:
            found.checks[key] = CheckStatus(key, "missing", code_version=code.digest)
            return
        mark = check_fingerprint(code.digest, node, inputs, self.seen.others.get(key, {}))
        verdict = self.history.verdicts.get(key)
        if verdict is None or verdict.fingerprint != mark:
            verdict = self.history.verdict(key, mark)
            found.open[key] = mark
        status = found.assets.get(key.asset_key)
        stops = status is not None and status.is_fresh and stops_below(node, verdict)
        unseen = unseen_in(self.seen.others.get(key, ()))
        steady = node.inline or (is_steady_check(node, code) and not unseen)
        found.checks[key] = CheckStatus(
            key, judgement_of(verdict), verdict, mark, code.digest, inputs, stops, steady
        )

    def stops(self, key: AssetKey) -> None:
        """Find which of an asset's checks bar what is below it."""
        checks = self.found.checks
        now = tuple([c for c in self.graph.checks_of(key) if c in checks and checks[c].stops])
        if now:
            self.found.stopped[key] = now
        else:
            self.found.stopped.pop(key, None)

    def _judged(self, node: CheckNode) -> tuple[InputVersion, ...] | None:
        """The data that a check would judge now; None where some of it is not there."""
        target, data = node.key.asset_key, self.found.data
        if any(key not in data or key in self.found.skipped for key in node.parents):
            return None
        read = _versions(node.inputs, data) or (InputVersion("", target, data[target]),)
        return (*read, *[InputVersion("", key, data[key]) for key in node.waited])

    def _status(self, node: AssetNode) -> tuple[str | None, AssetStatus]:
        """The fingerprint that was looked for, also where it does not count yet, and the status."""
        key = node.key
        code = self.seen.code[key]
        version = node.spec.code_version or code.digest
        blocked_by, unsettled = self._above(node) if node.parents else ((), ())
        inputs = self._inputs(node) if node.parents else _NO_INPUTS
        now = self._mark(node, version, inputs)
        current = self.history.current.get(key) or Current(key)
        record = self._counting(node, current, now)
        restorable = record is not None and record is not current.materialization
        causes: tuple[Cause, ...] = ()
        if record is not None:
            if not (current.pinned and key not in self.seen.lost):
                causes = self._causes(node, record, now, version, inputs, unsettled)
            state: State = "stale" if causes else "fresh"
            if key in self.seen.lost and not restorable:
                state = "missing"
        else:
            skipped = current.skip is not None and current.skip == now and not unsettled
            state = "fresh" if skipped and is_steady(node, code) else "missing"
            upstream = self._upstream(unsettled)
            causes = (upstream,) if upstream else ()
        return now, AssetStatus(
            key,
            state,
            causes,
            current.last_run,
            _flags(blocked_by, current, code),
            record if restorable or record is None else current,
            restorable,
            None if unsettled else now,
            version,
            () if state == "fresh" else inputs,
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
        others = self.seen.others.get(node.key, NOTHING_ELSE)
        # Where the fingerprints agree, these are the others of the record too.
        if agrees and not is_doubtful(node, code) and not (others and unseen_in(others)):
            return ()
        assert node.definition is not None
        facts = Facts(
            record=record,
            upkeep=node.definition.upkeep,
            code=code,
            code_version=version,
            declared=node.spec.code_version is not None,
            inputs=inputs,
            upstream=self._upstream(unsettled),
            others=others,
            lost=lost,
            now=self.seen.now,
            external=self.seen.external,
            document=self.history.document,
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
        assets, stopped = self.found.assets, self.found.stopped
        for parent in node.parents:
            status = assets.get(parent)
            if status is None or status.state not in SETTLED:
                unsettled.append(parent)
            if status is not None and (status.blocked_by or parent in stopped):
                blocked.update(dict.fromkeys(status.blocked_by))
                blocked.update(dict.fromkeys(stopped.get(parent, ())))
        return tuple(blocked), tuple(unsettled)

    def _upstream(self, keys: tuple[AssetKey, ...]) -> UpstreamStale | None:
        """Parents that are not settled, by the words for how they stand, as a cause."""
        if not keys:
            return None
        found = {key: self.found.assets.get(key) for key in keys}
        missing = [key for key, one in found.items() if one is None or one.state == "missing"]
        blocked = [key for key, one in found.items() if one is not None and one.blocked_by]
        failed = [key for key, one in found.items() if one is not None and one.has_failed]
        return UpstreamStale(keys, tuple(missing), tuple(blocked), tuple(failed))

    def _inputs(self, node: AssetNode) -> tuple[InputVersion, ...]:
        data = self.found.data
        read = _versions(node.inputs, data)
        if not node.waited:
            return read
        waited = [InputVersion("", k, data[k]) for k in node.waited if k in data]
        return (*read, *waited)

    def _mark(self, node: AssetNode, version: str, inputs: tuple[InputVersion, ...]) -> str | None:
        if len(inputs) < len(node.inputs) + len(node.waited):
            return None
        others = self.seen.others.get(node.key, NOTHING_ELSE)
        return asset_fingerprint(version, node, inputs, others)


def _versions(inputs: tuple[Input, ...], data: Mapping[AssetKey, str]) -> tuple[InputVersion, ...]:
    return tuple([InputVersion(i.name, i.key, data[i.key]) for i in inputs if i.key in data])


def _flags(
    blocked_by: tuple[AssetCheckKey, ...], current: Current, code: CodeVersion
) -> frozenset[str]:
    error, weak = current.error, code.weak
    mended = error is not None and error.code_version not in ("", code.digest)
    if not blocked_by and not current.pinned and not weak and not mended:
        return NO_FLAGS
    held = {"blocked": blocked_by, "pinned": current.pinned, "weak": weak, "mended": mended}
    return frozenset(name for name, holds in held.items() if holds)
