"""The event log in memory: for runs that keep nothing beyond their result, and for tests."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from threading import RLock
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    Accepted,
    CheckEvaluated,
    CodeSeen,
    ErrorRecord,
    Event,
    FilesSeen,
    Materialization,
    Materialized,
    NotRun,
    OpFinished,
    Pinned,
    Restored,
    RunFinished,
    RunStarted,
    Skipped,
    StepFailed,
    ValueAddress,
    Verdict,
)
from dagbook.log.ops import Kept, OpsInMemory
from dagbook.log.projection import Projection
from dagbook.log.protocol import SMALL_VERSIONS, RunRecord, StepRecord
from dagbook.records import dataclass

_NOT_RUN = ("blocked", "not_run")


@dataclass(slots=True)
class _Result:
    """A materialization, and whether its value is still kept."""

    record: Materialization
    kept: bool = True

    @property
    def value(self) -> ValueAddress | None:
        return self.record.value


@dataclass(slots=True)
class _Verdict:
    """A verdict, and whether its failing rows are still kept."""

    record: Verdict
    kept: bool = True

    @property
    def value(self) -> ValueAddress | None:
        return self.record.rows


def _prune(entries: Sequence[_Result | _Verdict], keep: int, safe: Sequence[object]) -> None:
    """Keep the newest distinct values of one asset or check, and the safe entries."""
    limits = {True: max(keep, SMALL_VERSIONS), False: keep}
    places: dict[bool, dict[str, int]] = {True: {}, False: {}}
    spared = {id(one) for one in safe}
    for one in reversed(entries):
        if one.kept and one.value is not None:
            seen = places[one.value.inline]
            place = seen.setdefault(one.value.address, len(seen))
            one.kept = place < limits[one.value.inline] or id(one) in spared


class MemoryLog:
    """An event log in dictionaries; it answers as the durable one does, and dies with the process.

    >>> MemoryLog().projection("notebook.ipynb").current
    {}
    """

    journal = "memory"

    def __init__(self, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = RLock()
        self._scopes: defaultdict[str, Projection] = defaultdict(Projection)
        self._results: defaultdict[tuple[str, AssetKey], list[_Result]] = defaultdict(list)
        self._adoptable: defaultdict[str, list[_Result]] = defaultdict(list)
        self._verdicts: defaultdict[tuple[str, AssetCheckKey], list[_Verdict]] = defaultdict(list)
        self._given: defaultdict[str, list[Verdict]] = defaultdict(list)
        self._said: defaultdict[str, list[Verdict]] = defaultdict(list)
        self._runs: dict[str, RunRecord] = {}
        self._steps: defaultdict[str, list[StepRecord]] = defaultdict(list)
        self._blobs: dict[str, bytes] = {}
        self._codes: dict[str, bytes] = {}
        self._files: dict[str, tuple[str, ...]] = {}
        self._ops = OpsInMemory()
        self._pins: dict[tuple[str, AssetKey], str] = {}

    def append(self, scope: str, events: Sequence[Event]) -> None:
        """Keep these events; those that are only told are passed over."""
        with self._lock:
            for event in events:
                keep = _KEEPERS.get(type(event))
                if keep is not None:
                    keep(self, scope, event)
                self._scopes[scope].apply(event)

    def projection(self, scope: str) -> Projection:
        """What counts now for the scope's assets and checks; the caller's own."""
        with self._lock:
            return self._scopes[scope].copy()

    def find(self, fingerprint: str) -> Materialization | None:
        """The newest kept, tracked materialization with this fingerprint, in any scope."""
        with self._lock:
            newest_first = reversed(self._adoptable.get(fingerprint, ()))
            return next((one.record for one in newest_first if one.kept), None)

    def find_many(self, fingerprints: Iterable[str]) -> dict[str, Materialization]:
        """What `find` gives for each of these fingerprints, where it gives anything."""
        return {one: found for one in fingerprints if (found := self.find(one)) is not None}

    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None:
        """The newest verdict of a check of this name with this fingerprint, in any scope."""
        with self._lock:
            newest_first = reversed(self._said.get(fingerprint, ()))
            return next((one for one in newest_first if one.check == check), None)

    def history(self, scope: str, key: AssetKey, limit: int = 50) -> list[Materialization]:
        """The asset's materializations, newest first."""
        with self._lock:
            newest_first = reversed(self._results.get((scope, key), ()))
            return [one.record for one in islice(newest_first, limit)]

    def runs(self, scope: str | None, limit: int = 20) -> list[RunRecord]:
        """The runs, newest first; of every scope for None."""
        with self._lock:
            newest_first = reversed(self._runs.values())
            found = (one for one in newest_first if scope is None or one.scope == scope)
            return list(islice(found, limit))

    def open_runs(self, limit: int = 200) -> dict[str, str]:
        """Those of the newest runs that have not ended, each with the session that began it."""
        return {run.run_id: run.session for run in self.runs(None, limit) if run.finished is None}

    def steps(self, run_id: str) -> list[StepRecord]:
        """What became of each asset in a run, in order."""
        with self._lock:
            return list(self._steps.get(run_id, ()))

    def run_verdicts(self, run_id: str) -> list[Verdict]:
        """The verdicts given in a run, in order."""
        with self._lock:
            return list(self._given.get(run_id, ()))

    def ops(self, run_id: str) -> list[OpFinished]:
        """The ops of graphs that a run ran, in order."""
        with self._lock:
            return self._ops.of(run_id)

    def last_ops(self, scope: str, key: AssetKey) -> list[OpFinished]:
        """What became of each op of an asset's graph the last time, in order."""
        with self._lock:
            return self._ops.last(scope, key)

    def kept_ops(self, scope: str, key: AssetKey) -> Kept:
        """What ops gave in the newest run of an asset's graph, where that failed, by fingerprint."""
        with self._lock:
            return self._ops.kept(scope, key)

    def blob(self, address: str) -> bytes | None:
        """The bytes of a small value; None where they are no longer kept."""
        with self._lock:
            return self._blobs.get(address)

    def code(self, code_version: str) -> bytes | None:
        """The document that was kept for a code version."""
        with self._lock:
            return self._codes.get(code_version)

    def codes_among(self, versions: Iterable[str]) -> set[str]:
        """Those of these code versions with a document; of the others nothing was ever kept."""
        with self._lock:
            return {one for one in versions if one in self._codes}

    def files(self) -> dict[str, tuple[str, ...]]:
        """For each code version whose runs opened files, their names."""
        with self._lock:
            return dict(self._files)

    def durations(self, scope: str) -> dict[AssetKey, float]:
        """The seconds that each asset's newest materialization took to compute."""
        found = self.projection(scope).current.items()
        return {key: m.duration for key, one in found if (m := one.materialization) is not None}

    def stamp(self) -> int:
        """A number that is another one after another connection has written: here there is none."""
        return 0

    def changed(self) -> bool:
        """Whether another connection has written since this was last asked."""
        return False

    def mark_interrupted(self, run_ids: Iterable[str]) -> None:
        """Close the open ones of these runs, whose process is gone, as interrupted."""
        for run_id in run_ids:
            run = self._runs.get(run_id)
            if run is not None and run.finished is None:
                now = self._clock()
                finished = RunFinished(run_id=run_id, time=now, outcome="interrupted")
                self.append(run.scope, [finished])

    def prune(self, keep: int, *, forgotten: bool = False, dry_run: bool = False) -> set[str]:
        """Forget values beyond the newest `keep` large ones of each asset, pinned ones excepted.

        Of small values `SMALL_VERSIONS` are kept; with `forgotten`, none of forgotten assets. Gives
        the addresses that are then still referred to; with `dry_run` nothing is forgotten.
        """
        with self._lock:
            entries: list[_Result | _Verdict] = [*chain(*self._results.values())]
            entries += chain(*self._verdicts.values())
            before = [one.kept for one in entries]
            for (scope, key), results in self._results.items():
                current = self._scopes[scope].current.get(key)
                if current is not None:
                    pin = self._pins.get((scope, key)) if current.pinned else None
                    safe = [one for one in results if one.record.id == pin]
                    safe += [one for one in results if one.record is current.materialization]
                    _prune(results, keep, safe)
                elif forgotten:
                    for one in results:
                        one.kept = False
                else:
                    _prune(results, keep, ())
            for verdicts in self._verdicts.values():
                _prune(verdicts, keep, verdicts[-1:])
            addresses = self.addresses()
            if dry_run:
                for entry, kept in zip(entries, before, strict=True):
                    entry.kept = kept
                return addresses
            self._blobs = {at: blob for at, blob in self._blobs.items() if at in addresses}
            return addresses

    def addresses(self) -> set[str]:
        """The addresses of all values that are still referred to."""
        with self._lock:
            results = chain.from_iterable(self._results.values())
            verdicts = chain.from_iterable(self._verdicts.values())
            entries: chain[_Result | _Verdict] = chain(results, verdicts)
            values = (one.value for one in entries if one.kept)
            kept = {value.address for value in values if value is not None}
            return kept | {value.address for value in self._ops.values()}

    def values(self) -> list[ValueAddress]:
        """All values that are still referred to, each address once."""
        with self._lock:
            results = chain.from_iterable(self._results.values())
            verdicts = chain.from_iterable(self._verdicts.values())
            entries: chain[_Result | _Verdict] = chain(results, verdicts)
            kept = [one.value for one in entries if one.kept and one.value is not None]
            kept += self._ops.values()
            return list({value.address: value for value in kept}.values())

    def close(self) -> None:
        """Nothing is held open."""

    def _keep_result(self, scope: str, one: Materialization) -> None:
        kept = _Result(one)
        self._results[scope, one.key].append(kept)
        if one.tracked:
            self._adoptable[one.fingerprint].append(kept)

    def _keep_result_step(self, one: Materialization, outcome: str, detail: str = "") -> None:
        self._keep_step(one.run_id, one.key, one.time, one.duration, outcome, detail)

    def _keep_step(
        self,
        run_id: str,
        key: AssetKey,
        time: float,
        duration: float,
        outcome: str,
        detail: str = "",
        error: ErrorRecord | None = None,
    ) -> None:
        step = StepRecord(
            run_id=run_id,
            key=key,
            time=time,
            duration=duration,
            outcome=outcome,
            detail=detail,
            error=error,
        )
        self._steps[run_id].append(step)

    def _materialized(self, scope: str, event: Materialized) -> None:
        one = event.materialization
        if event.blob is not None and one.value is not None:
            self._blobs.setdefault(one.value.address, event.blob)
        self._keep_result(scope, one)
        self._keep_result_step(one, "materialized")

    def _restored(self, scope: str, event: Restored) -> None:
        self._keep_result(scope, event.materialization)
        self._keep_result_step(event.materialization, "restored", event.source)

    def _accepted(self, scope: str, event: Accepted) -> None:
        self._keep_result(scope, event.materialization)

    def _skipped(self, scope: str, event: Skipped) -> None:
        self._keep_step(event.run_id, event.key, event.time, 0.0, "skipped", event.reason)

    def _failed(self, scope: str, event: StepFailed) -> None:
        for key in event.keys:
            self._keep_step(
                event.run_id, key, event.time, event.duration, "failed", "", event.error
            )

    def _not_run(self, scope: str, event: NotRun) -> None:
        outcome = "blocked" if event.blocked else "not_run"
        self._keep_step(event.run_id, event.key, event.time, 0.0, outcome, event.because)

    def _evaluated(self, scope: str, event: CheckEvaluated) -> None:
        verdict = event.verdict
        if event.blob is not None and verdict.rows is not None:
            self._blobs.setdefault(verdict.rows.address, event.blob)
        self._verdicts[scope, verdict.check].append(_Verdict(verdict))
        self._said[verdict.fingerprint].append(verdict)
        self._given[verdict.run_id].append(verdict)

    def _started(self, scope: str, event: RunStarted) -> None:
        run = RunRecord(
            run_id=event.run_id,
            scope=scope,
            started=event.time,
            finished=None,
            outcome=None,
            command=event.command,
            session=event.session,
            planned=event.planned,
        )
        self._runs.setdefault(event.run_id, run)

    def _finished(self, scope: str, event: RunFinished) -> None:
        run = self._runs.get(event.run_id)
        if run is None or (event.outcome == "interrupted" and run.finished is not None):
            return
        if event.outcome == "interrupted":
            self._interrupt(scope, run)
        self._runs[event.run_id] = replace(run, finished=event.time, outcome=event.outcome)

    def _interrupt(self, scope: str, run: RunRecord) -> None:
        """What the run had planned and not finished, unless a newer run dealt with it."""
        current = self._scopes[scope]
        finished = {step.key for step in self._steps[run.run_id]}
        order = list(self._runs)
        for newer in order[order.index(run.run_id) + 1 :]:
            if self._runs[newer].scope == scope:
                finished |= {one.key for one in self._steps[newer] if one.outcome not in _NOT_RUN}
        for key in run.planned:
            if key not in finished:
                current.put(current.of(key)._replace(last_run="interrupted", error=None))

    def _op_finished(self, scope: str, event: OpFinished) -> None:
        for address, blob in event.blobs.items():
            self._blobs.setdefault(address, blob)
        self._ops.keep(scope, event)

    def _code_seen(self, scope: str, event: CodeSeen) -> None:
        self._codes.setdefault(event.code_version, event.document)

    def _files_seen(self, scope: str, event: FilesSeen) -> None:
        self._files[event.code_version] = event.names

    def _pinned(self, scope: str, event: Pinned) -> None:
        self._pins[scope, event.key] = event.materialization_id


_KEEPERS: Mapping[type, Callable[[MemoryLog, str, Any], None]] = {
    Accepted: MemoryLog._accepted,
    CheckEvaluated: MemoryLog._evaluated,
    CodeSeen: MemoryLog._code_seen,
    FilesSeen: MemoryLog._files_seen,
    Materialized: MemoryLog._materialized,
    NotRun: MemoryLog._not_run,
    OpFinished: MemoryLog._op_finished,
    Pinned: MemoryLog._pinned,
    Restored: MemoryLog._restored,
    RunFinished: MemoryLog._finished,
    RunStarted: MemoryLog._started,
    Skipped: MemoryLog._skipped,
    StepFailed: MemoryLog._failed,
}
