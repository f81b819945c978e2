"""What an evaluation asks of the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.events.records import Materialization, Verdict
from dagbook.log.projection import Current

# Compared for being equal only.
Epoch = tuple[int, int]


class KeptResults(Protocol):
    """What counts now, and what was found before.

    `epoch` is another value after everything that may have changed any of the answers; `arrived`
    gives the fingerprints for which `find` and `verdict` may answer otherwise since, None for any;
    `alike` gives the newest record of an asset whose value is there and whose data version is one of
    those; `document` what is kept of a code version, to tell what changed.
    """

    @property
    def epoch(self) -> Epoch: ...
    def arrived(self, since: Epoch) -> frozenset[str] | None: ...
    @property
    def current(self) -> Mapping[AssetKey, Current]: ...
    @property
    def verdicts(self) -> Mapping[AssetCheckKey, Verdict]: ...
    def find(self, fingerprint: str, *, here: bool = False) -> Materialization | None: ...
    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None: ...
    def alike(self, key: AssetKey, is_one: Callable[[str], bool]) -> Materialization | None: ...
    def document(self, code_version: str) -> bytes | None: ...
