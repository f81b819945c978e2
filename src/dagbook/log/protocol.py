"""The event log: what keeps events durably and answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import (
    ErrorRecord,
    Event,
    KeptOpValue,
    Materialization,
    OpFinished,
    RunOutcome,
    ValueAddress,
    Verdict,
)
from dagbook.log.projection import Projection
from dagbook.records import dataclass

SMALL_VERSIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as the log tells it; `finished` is None while it runs."""

    run_id: str
    scope: str
    started: float
    finished: float | None
    outcome: RunOutcome | None
    command: str
    session: str
    planned: tuple[AssetKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """What became of one asset in a run: `materialized`, `restored`, `skipped`, `failed`, `not_run`, `blocked`."""

    run_id: str
    key: AssetKey
    time: float
    duration: float
    outcome: str
    detail: str = ""
    error: ErrorRecord | None = None


class EventLog(Protocol):
    """Keeps events by scope (a notebook's path, as a rule) and answers questions about them.

    All methods may be called from any thread of one process.
    """

    def append(self, scope: str, events: Sequence[Event]) -> None:
        """Keep these events in one durable transaction; those that are only told are passed over."""

    def projection(self, scope: str) -> Projection:
        """What counts now for the scope's assets and checks; the caller's own."""

    def find(self, fingerprint: str) -> Materialization | None:
        """The newest kept, tracked materialization with this fingerprint, in any scope."""

    def find_many(self, fingerprints: Iterable[str]) -> dict[str, Materialization]:
        """What `find` gives for each of these fingerprints, where it gives anything."""

    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None:
        """The newest verdict of a check of this name with this fingerprint, in any scope."""

    def history(self, scope: str, key: AssetKey, limit: int = 50) -> list[Materialization]:
        """The asset's materializations, newest first."""

    def runs(self, scope: str | None, limit: int = 20) -> list[RunRecord]:
        """The runs, newest first; of every scope for None."""

    def open_runs(self, limit: int = 200) -> dict[str, str]:
        """Those of the newest runs that have not ended, each with the session that began it."""

    def steps(self, run_id: str) -> list[StepRecord]:
        """What became of each asset in a run, in order."""

    def run_verdicts(self, run_id: str) -> list[Verdict]:
        """The verdicts given in a run, in order."""

    def ops(self, run_id: str) -> list[OpFinished]:
        """The ops of graphs that a run ran, in order, without what they gave."""

    def last_ops(self, scope: str, key: AssetKey) -> list[OpFinished]:
        """What became of each op of an asset's graph the last time, in order.

        `key` is the first of those that the graph makes.
        """

    def kept_ops(self, scope: str, key: AssetKey) -> Mapping[str, tuple[KeptOpValue, ...]]:
        """What ops gave in the newest run of an asset's graph, where that failed, by fingerprint.

        `key` is the first of those that the graph makes.
        """

    def blob(self, address: str) -> bytes | None:
        """The bytes of a small value; None where they are no longer kept."""

    def code(self, code_version: str) -> bytes | None:
        """The document that was kept for a code version."""

    def codes_among(self, versions: Iterable[str]) -> set[str]:
        """Those of these code versions with a document; of the others nothing was ever kept."""

    def files(self) -> dict[str, tuple[str, ...]]:
        """For each code version whose runs opened files, their names."""

    def durations(self, scope: str) -> dict[AssetKey, float]:
        """The seconds that each asset's newest materialization took to compute."""

    def stamp(self) -> int:
        """A number that is another one after another connection has written."""

    def changed(self) -> bool:
        """Whether another connection has written since this was last asked."""

    def mark_interrupted(self, run_ids: Iterable[str]) -> None:
        """Close the open ones of these runs, whose process is gone, as interrupted.

        What they had planned and not finished counts as interrupted, unless a newer run dealt
        with it.
        """

    def prune(self, keep: int, *, forgotten: bool = False, dry_run: bool = False) -> set[str]:
        """Forget values beyond the newest `keep` large ones of each asset, pinned ones excepted.

        Of small values `SMALL_VERSIONS` are kept; with `forgotten`, none of forgotten assets. Gives
        the addresses that are then still referred to; with `dry_run` nothing is forgotten.
        """

    def addresses(self) -> set[str]:
        """The addresses of all values that are still referred to."""

    def values(self) -> list[ValueAddress]:
        """All values that are still referred to, each address once."""

    def close(self) -> None:
        """Let go of what is held open."""
