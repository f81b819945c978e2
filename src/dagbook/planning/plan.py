"""What is going to run, in order, and why."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.records import dataclass
from dagbook.staleness.status import AssetStatus

Reason = Literal["selected", "needed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One computation that is planned, with the assets that are wanted from it.

    `reason`: selected, or needed by what is selected; `why`: the causes in words; `certain` is False
    where it runs only if the data above it turns out changed; `forced`: it runs also when fresh;
    `seconds`: what it took the last time. Of a computation of several assets or ops, `computation`
    is the name, `left_out` are the assets that this step does not make, and `ops` are the names of
    the steps that its graph runs, in order.
    """

    keys: tuple[AssetKey, ...]
    reason: Reason
    why: str
    certain: bool = True
    forced: bool = False
    seconds: float | None = None
    computation: str = ""
    left_out: tuple[AssetKey, ...] = ()
    ops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The steps of a run in order, and what of the selection needs none.

    `restored` are taken over from kept results; `fresh` need nothing; `blocked` wait for a verdict
    (named in `blocked_by`); `checks` are judged after their asset, or alone where only the verdict
    is missing; `unasked`: checks that bodies answer themselves and that the selection leaves out.
    """

    selected: tuple[AssetKey, ...]
    steps: tuple[Step, ...] = ()
    restored: tuple[AssetKey, ...] = ()
    fresh: tuple[AssetKey, ...] = ()
    blocked: tuple[AssetKey, ...] = ()
    blocked_by: tuple[AssetCheckKey, ...] = ()
    checks: tuple[AssetCheckKey, ...] = ()
    unasked: frozenset[AssetCheckKey] = frozenset()
    ignore_checks: bool = False
    statuses: dict[AssetKey, AssetStatus] = field(default_factory=dict, repr=False, compare=False)

    @property
    def keys(self) -> tuple[AssetKey, ...]:
        """Every asset that a step is planned for."""
        return tuple(key for step in self.steps for key in step.keys)

    @property
    def needed(self) -> tuple[AssetKey, ...]:
        """The assets that run only because something selected needs them."""
        return tuple(k for step in self.steps if step.reason == "needed" for k in step.keys)

    @property
    def seconds(self) -> float:
        """The cost that is known, in seconds; steps that never ran count nothing."""
        return sum(step.seconds or 0.0 for step in self.steps)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do at all."""
        return not (self.steps or self.restored or self.checks)

    def __str__(self) -> str:
        if self.is_empty:
            return "Nothing to do." if not self.blocked else f"{len(self.blocked)} blocked."
        words = [f"{len(self.keys)} to run"] if self.steps else []
        counts = {
            "restored": self.restored,
            "fresh": self.fresh,
            "blocked": self.blocked,
        }
        words += [f"{len(keys)} {name}" for name, keys in counts.items() if keys]
        if self.checks:
            words.append(f"{len(self.checks)} check{'s' * (len(self.checks) > 1)}")
        return ", ".join(words)
