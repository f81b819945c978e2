"""What a run needs to know of the world, handed in by whoever starts it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import field
from typing import Protocol

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import Materialization
from dagbook.execution.cancel import CancelToken
from dagbook.execution.executors import Executor
from dagbook.execution.requests import OpValue
from dagbook.execution.supplies import Supplies
from dagbook.graph.asset_graph import AssetGraph
from dagbook.records import dataclass
from dagbook.staleness.files import Opened
from dagbook.staleness.kept import KeptResults
from dagbook.staleness.observations import Observations
from dagbook.staleness.status import Statuses


class Turnstile(Protocol):
    """Lets one process at a time make an asset."""

    def enter(self, keys: tuple[AssetKey, ...], *, wait: bool) -> bool:
        """Take the turn, if need be after a wait; false where it would have to be waited for.

        What others did meanwhile is in the history afterwards.
        """

    def leave(self, keys: tuple[AssetKey, ...]) -> None:
        """Let the next one in."""


class OpenTurnstile:
    """Lets everybody in: for stores that no other process can see."""

    def enter(self, keys: tuple[AssetKey, ...], *, wait: bool) -> bool:
        """Never waits."""
        return True

    def leave(self, keys: tuple[AssetKey, ...]) -> None:
        """Nothing to do."""


def no_files(opened: Iterable[Opened]) -> Mapping[str, str]:
    """Where files are nobody's concern."""
    return {}


def as_before(known: Mapping[str, str]) -> Mapping[str, str]:
    """Where nothing that a step does changes what counts beside its inputs."""
    return known


def _none_made(_key: AssetKey, _count: int) -> Sequence[Materialization]:
    return ()


def _none_kept(_keys: tuple[AssetKey, ...]) -> Mapping[str, tuple[OpValue, ...]]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The graph, what is known of it, and the means to run it.

    `codes` are those of some code versions of which something was kept;
    `recent` gives an asset's newest materializations, so many of them; `kept_ops` what ops of these
    assets gave in a run that then failed, by their fingerprint; `files` name and digest of the data
    among what a step opened, and `seen_again` how files of known names look by now.
    """

    run_id: str
    command: str
    session: str
    graph: AssetGraph
    history: KeptResults
    statuses: Statuses
    observations: Observations
    executor: Executor
    blob: Callable[[str], bytes | None]
    codes: Callable[[Iterable[str]], Set[str]] = set
    files: Callable[[Iterable[Opened]], Mapping[str, str]] = no_files
    seen_again: Callable[[Mapping[str, str]], Mapping[str, str]] = as_before
    turnstile: Turnstile = field(default_factory=OpenTurnstile)
    cancel: CancelToken = field(default_factory=CancelToken)
    clock: Callable[[], float] = time.time
    kept_ops: Callable[[tuple[AssetKey, ...]], Mapping[str, tuple[OpValue, ...]]] = _none_kept
    supplies: Supplies = field(default_factory=Supplies)
    recent: Callable[[AssetKey, int], Sequence[Materialization]] = _none_made
