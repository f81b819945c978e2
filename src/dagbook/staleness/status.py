"""The status of an asset and of a check at one moment."""

from __future__ import annotations

from typing import Literal, NamedTuple

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import ErrorRecord, InputVersion, Materialization, Verdict
from dagbook.log.projection import Current, LastRun
from dagbook.records import dataclass
from dagbook.staleness.causes import Cause, UpstreamStale

State = Literal["missing", "stale", "fresh", "external"]
Judgement = Literal["passed", "failed", "warned", "missing"]
NO_FLAGS: frozenset[str] = frozenset()
# Of what is so, nothing has to run.
SETTLED: tuple[State, ...] = ("fresh", "external")


class AssetStatus(NamedTuple):
    """How an asset stands: `state`, why (`causes`), how its last run ended, and flags.

    `record` holds the materialization whose value counts: all that counts now, or with `restorable`
    a kept one of the same code and inputs that the next `%materialize` takes over. `fingerprint` is
    what a run would have now, None while something above is not settled; `inputs` what it would
    read, empty for what is fresh, whose record tells it. `flags` may hold `blocked`, `pinned`,
    `unverified`, `weak`, and `mended` where other code failed in the last run than there is now;
    `blocked_by` names the verdicts that block; `unchecked` the globals that a short look took to be
    as they were.
    """

    key: AssetKey
    state: State
    causes: tuple[Cause, ...] = ()
    last_run: LastRun | None = None
    flags: frozenset[str] = NO_FLAGS
    record: Materialization | Current | None = None
    restorable: bool = False
    fingerprint: str | None = None
    code_version: str = ""
    inputs: tuple[InputVersion, ...] = ()
    blocked_by: tuple[AssetCheckKey, ...] = ()
    error: ErrorRecord | None = None
    unchecked: tuple[str, ...] = ()

    @property
    def materialization(self) -> Materialization | None:
        """The materialization whose value counts."""
        record = self.record
        return record.materialization if isinstance(record, Current) else record

    @property
    def is_fresh(self) -> bool:
        """Whether nothing has to run for it; external assets count."""
        return self.state in SETTLED

    @property
    def has_failed(self) -> bool:
        """Whether its last run did, of the code that there is now, and it is not fresh all the same."""
        if self.is_fresh or "mended" in self.flags:
            return False
        return self.last_run == "failed" or self.error is not None

    @property
    def is_skipped(self) -> bool:
        """Whether it is up to date without a value, because its body gave none."""
        return self.state == "fresh" and self.record is None

    @property
    def remark(self) -> str:
        """What is to be said of what is called fresh: accepted by hand, or not wholly looked at."""
        if self.causes:
            return ""
        accepted = self.materialization.accepted if self.materialization is not None else ""
        parts = [f"accepted: {accepted}"] if accepted else []
        if self.unchecked:
            parts.append(f"global {', '.join(self.unchecked)} not re-checked")
        return "; ".join(parts)

    @property
    def why(self) -> str:
        """The causes in one line; empty where it is fresh.

        What was never made is not the staler for what is above it.
        """
        missing = self.state == "missing"
        told = [one for one in self.causes if not (missing and isinstance(one, UpstreamStale))]
        return "; ".join(map(str, told))


@dataclass(frozen=True, slots=True)
class CheckStatus:
    """How a check stands on the data there is now; `missing` where that was never judged.

    `stops` says that what is below must not run; not `steady` that the check reads what can't be
    tracked, so that its verdict does not hold for longer than its run.
    """

    key: AssetCheckKey
    judgement: Judgement
    verdict: Verdict | None = None
    fingerprint: str | None = None
    code_version: str = ""
    inputs: tuple[InputVersion, ...] = ()
    stops: bool = False
    steady: bool = True


@dataclass(frozen=True, slots=True)
class Statuses:
    """The statuses of all assets and checks of a graph, taken together."""

    assets: dict[AssetKey, AssetStatus]
    checks: dict[AssetCheckKey, CheckStatus]
