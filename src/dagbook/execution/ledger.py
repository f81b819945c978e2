"""What is known in the middle of a run: the data versions and values that count now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import InputVersion, Materialization, Verdict
from dagbook.execution.world import World, stored_value
from dagbook.graph.nodes import Input
from dagbook.io.stored import StoredValue
from dagbook.planning.plan import Plan
from dagbook.staleness.fingerprint import UNOBSERVED

Ending = Literal["ok", "fresh", "restored", "skipped", "failed", "not_run", "blocked"]


@dataclass(slots=True)
class Ledger:
    """The state of a run, asset by asset; begins with what the statuses say."""

    world: World
    endings: dict[AssetKey, Ending] = field(default_factory=dict)
    records: dict[AssetKey, Materialization] = field(default_factory=dict)
    values: dict[str, StoredValue] = field(default_factory=dict)
    stopped: dict[AssetKey, list[AssetCheckKey]] = field(default_factory=dict)
    code_seen: set[str] = field(default_factory=set)
    failed_checks: list[AssetCheckKey] = field(default_factory=list)

    @classmethod
    def opening(cls, world: World, plan: Plan) -> Ledger:
        """The ledger at the start of a run; kept verdicts that block hold where they are not given anew."""
        ledger = cls(world)
        for key in plan.blocked:
            ledger.endings[key] = "blocked"
        if plan.ignore_checks:
            return ledger
        renewed = set(plan.checks)
        for check, standing in world.statuses.checks.items():
            verdict = standing.verdict
            if verdict is not None and verdict.stops and check not in renewed:
                ledger.stopped.setdefault(check.asset_key, []).append(check)
        return ledger

    def record(self, key: AssetKey) -> Materialization | None:
        """The materialization that counts now."""
        found = self.records.get(key)
        if found is None:
            status = self.world.statuses.assets.get(key)
            found = status.materialization if status is not None else None
        return found

    def settle(self, record: Materialization, ending: Ending, stored: StoredValue | None) -> None:
        """From now on this materialization counts."""
        self.records[record.key] = record
        self.endings[record.key] = ending
        if stored is not None and record.value is not None and stored.inline is not None:
            self.values[record.value.address] = stored

    def version(self, key: AssetKey) -> str | None:
        """The data version that counts now; None where there is none."""
        record = self.record(key)
        if record is not None:
            return record.data_version
        if key in self.world.graph and self.world.graph.is_external(key):
            return self.world.observations.external.get(key, UNOBSERVED)
        return None

    def inputs(
        self, read: tuple[Input, ...], parents: tuple[AssetKey, ...]
    ) -> tuple[InputVersion, ...]:
        """The versions of what is read, then of what is only waited for; those without one are left out."""
        found = [
            InputVersion(i.name, i.key, version)
            for i in read
            if (version := self.version(i.key)) is not None
        ]
        if len(parents) != len(read):
            names = {item.key for item in read}
            for key in parents:
                version = self.version(key) if key not in names else None
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

    def judge(self, verdict: Verdict) -> None:
        """Take a verdict into account."""
        if not verdict.passed and (verdict.error is not None or verdict.severity == "ERROR"):
            self.failed_checks.append(verdict.check)
        if verdict.stops:
            self.stopped.setdefault(verdict.check.asset_key, []).append(verdict.check)

    def obstacle(self, parents: tuple[AssetKey, ...]) -> tuple[Ending, str] | None:
        """What keeps an asset below these parents from running, and in which words."""
        endings = [(self.endings.get(parent), parent) for parent in parents]
        for ending, parent in endings:
            if ending == "skipped":
                return "skipped", f"{parent} was skipped"
        for ending, parent in endings:
            if ending in ("failed", "not_run"):
                return (
                    "not_run",
                    f"{parent} failed" if ending == "failed" else f"{parent} did not run",
                )
            if ending == "blocked":
                return "blocked", f"{parent} is blocked"
            if self.stopped.get(parent):
                return "blocked", f"{self.stopped[parent][0]} failed"
        return None
