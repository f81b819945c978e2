"""What is known in the middle of a run: the data versions and values that count now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal, NamedTuple

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import Event, InputVersion, Materialization, Verdict
from dagbook.execution.addresses import stored_value
from dagbook.execution.world import World
from dagbook.graph.nodes import CheckNode, Input
from dagbook.io.stored import StoredValue
from dagbook.planning.plan import Plan
from dagbook.records import dataclass
from dagbook.staleness.fingerprint import UNOBSERVED, skip_version
from dagbook.staleness.marks import NOTHING_ELSE, stops_below


class Begun(NamedTuple):
    """What an asset reads as it was when its turn came, and the fingerprint of that."""

    inputs: tuple[InputVersion, ...]
    others: Mapping[str, str]
    mark: str


Ending = Literal["ok", "fresh", "restored", "skipped", "failed", "not_run", "blocked"]


@dataclass(slots=True)
class Ledger:
    """The state of a run, asset by asset; begins with what the statuses say."""

    world: World
    ignore_checks: bool = False
    unasked: frozenset[AssetCheckKey] = frozenset()
    endings: dict[AssetKey, Ending] = field(default_factory=dict)
    records: dict[AssetKey, Materialization] = field(default_factory=dict)
    values: dict[str, StoredValue] = field(default_factory=dict)
    skips: dict[AssetKey, str] = field(default_factory=dict)
    stopped: dict[AssetKey, list[AssetCheckKey]] = field(default_factory=dict)
    code_seen: set[str] = field(default_factory=set)
    new_code: set[str] = field(default_factory=set)
    files_seen: dict[str, set[str]] = field(default_factory=dict)
    others_seen: dict[AssetKey | AssetCheckKey, Mapping[str, str]] = field(default_factory=dict)
    has_begun: bool = False
    raised: list[AssetCheckKey] = field(default_factory=list)
    failed_gates: list[AssetCheckKey] = field(default_factory=list)
    failed_ops: list[str] = field(default_factory=list)
    aside: dict[tuple[AssetKey, ...], list[Event]] = field(default_factory=dict)
    begun: dict[AssetKey, Begun] = field(default_factory=dict)

    @classmethod
    def opening(cls, world: World, plan: Plan) -> Ledger:
        """The ledger at the start of a run; kept verdicts that block hold where they are not given anew."""
        ledger = cls(world, plan.ignore_checks, plan.unasked)
        for key in plan.blocked:
            ledger.endings[key] = "blocked"
        if plan.ignore_checks:
            return ledger
        renewed, running = set(plan.checks), set(plan.keys)
        for check, standing in world.statuses.checks.items():
            if standing.stops and check not in renewed and check.asset_key not in running:
                ledger.stopped.setdefault(check.asset_key, []).append(check)
        return ledger

    def record(self, key: AssetKey) -> Materialization | None:
        """The materialization that counts now."""
        found = self.records.get(key)
        if found is None and key not in self.skips:
            status = self.world.statuses.assets.get(key)
            found = status.materialization if status is not None else None
        return found

    def settle(self, record: Materialization, ending: Ending, stored: StoredValue | None) -> None:
        """From now on this materialization counts."""
        self.records[record.key] = record
        self.skips.pop(record.key, None)
        self.endings[record.key] = ending
        if stored is not None and record.value is not None and stored.inline is not None:
            self.values[record.value.address] = stored

    def version(self, key: AssetKey) -> str | None:
        """The data version that counts now; None where there is none."""
        record = self.record(key)
        if record is not None:
            return self.world.observations.as_read(record.data_version)
        if key in self.skips:
            return self.skips[key]
        status = self.world.statuses.assets.get(key)
        if status is not None and status.is_skipped and status.fingerprint is not None:
            return skip_version(status.fingerprint)
        if key in self.world.graph and self.world.graph.is_external(key):
            return self.world.observations.external.get(key, UNOBSERVED)
        return None

    def skip(self, key: AssetKey, mark: str) -> None:
        """From now on it counts that this asset was skipped."""
        self.endings[key] = "skipped"
        self.skips[key] = skip_version(mark)

    def others(self, key: AssetKey | AssetCheckKey) -> Mapping[str, str]:
        """What counts beside the inputs of an asset or a check, as it was when its turn came."""
        found = self.others_seen.get(key)
        if found is None:
            found = self.world.observations.others.get(key, NOTHING_ELSE)
            # A step before it in this run may have written a file that it reads.
            if found and self.has_begun:
                found = self.world.seen_again(found)
            self.others_seen[key] = found
        return found

    def inputs(
        self, read: tuple[Input, ...], waited: tuple[AssetKey, ...]
    ) -> tuple[InputVersion, ...]:
        """The versions of what is read, then of what is only waited for; those without one are left out."""
        found = [
            InputVersion(i.name, i.key, version)
            for i in read
            if (version := self.version(i.key)) is not None
        ]
        for key in waited:
            version = self.version(key)
            if version is not None:
                found.append(InputVersion("", key, version))
        return tuple(found)

    def stored(self, key: AssetKey) -> StoredValue | None:
        """Where the value that counts now lies; None where there is none to hand over."""
        record = self.record(key)
        if record is None or record.value is None:
            return None
        known = self.values.get(record.value.address)
        return known if known is not None else stored_value(record.value, self.world.blob)

    def judge(self, node: CheckNode, verdict: Verdict | None) -> None:
        """Take a verdict into account, whether it was given now or is a kept one that holds."""
        if verdict is not None and verdict.error is not None:
            self.raised.append(verdict.check)
        if stops_below(node, verdict) and not self.ignore_checks:
            self.failed_gates.append(node.key)
            self.stopped.setdefault(node.key.asset_key, []).append(node.key)

    def _ending(self, key: AssetKey) -> Ending | None:
        """How it ended in this run; what was skipped before and is up to date so counts as skipped."""
        found = self.endings.get(key)
        if found in (None, "fresh"):
            status = self.world.statuses.assets.get(key)
            return "skipped" if status is not None and status.is_skipped else found
        return found

    def obstacle(self, parents: tuple[AssetKey, ...]) -> tuple[Ending, str] | None:
        """What keeps an asset below these parents from running, and in which words."""
        found: tuple[Ending, str] | None = None
        for parent in parents:
            ending = self._ending(parent)
            if ending == "skipped":
                return "skipped", f"{parent} was skipped"
            if found is None:
                found = self._hindrance(parent, ending)
        return found

    def _hindrance(self, parent: AssetKey, ending: Ending | None) -> tuple[Ending, str] | None:
        """What of one parent that was not skipped keeps others from running."""
        if ending == "failed":
            return "not_run", f"{parent} failed"
        if ending == "not_run":
            return "not_run", f"{parent} did not run"
        if ending == "blocked":
            return "blocked", f"{parent} is blocked"
        stopping = self.stopped.get(parent)
        return ("blocked", f"{stopping[0]} failed") if stopping else None
