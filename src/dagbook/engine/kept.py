"""Kept results as the workspace sees them: the history, less what is no longer in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.engine.store import Store
from dagbook.errors.store import StoreError
from dagbook.events.records import KeptOpValue, Materialization, ValueAddress, Verdict
from dagbook.execution.requests import OpValue
from dagbook.log.history import History
from dagbook.log.projection import Current
from dagbook.staleness.kept import Epoch

# Of so many records of an asset, the newest, one is looked for.
_LOOKED_AT = 50


class KeptWithValues:
    """The history; a result whose value has gone from the store is not found."""

    def __init__(self, history: History, present: Callable[[ValueAddress], bool]) -> None:
        self._history = history
        self._present = present
        self._missed = 0

    @property
    def epoch(self) -> Epoch:
        """Another value after everything that may have changed an answer, and while a value is gone."""
        return self._history.epoch, self._missed

    def arrived(self, since: Epoch) -> frozenset[str] | None:
        """The fingerprints for which there may be another answer than in that epoch; None for any."""
        epoch, missed = since
        return self._history.arrived(epoch) if missed == self._missed else None

    @property
    def current(self) -> Mapping[AssetKey, Current]:
        """What counts now."""
        return self._history.current

    @property
    def verdicts(self) -> Mapping[AssetCheckKey, Verdict]:
        """The newest verdict of each check."""
        return self._history.verdicts

    def find(self, fingerprint: str, *, here: bool = False) -> Materialization | None:
        """A kept result with this fingerprint whose value is there."""
        found = self._history.find(fingerprint, here=here)
        if found is None or found.value is None or self._present(found.value):
            return found
        # It may be put back without a word in the log, so that this is asked again.
        self._missed += 1
        return None

    def verdict(self, check: AssetCheckKey, fingerprint: str) -> Verdict | None:
        """A kept verdict with this fingerprint."""
        return self._history.log.verdict(check, fingerprint)

    def alike(self, key: AssetKey, is_one: Callable[[str], bool]) -> Materialization | None:
        """The newest record of this asset that has such a data version, and its value."""
        for record in self._history.log.history(self._history.scope, key, _LOOKED_AT):
            if is_one(record.data_version) and record.value is not None:
                return record if self._present(record.value) else None
        return None

    def document(self, code_version: str) -> bytes | None:
        """What is kept of the code of this version, as long as the store can be asked."""
        try:
            return self._history.log.code(code_version)
        except StoreError:
            return None


def kept_ops(
    store: Store, scope: str, keys: tuple[AssetKey, ...]
) -> dict[str, tuple[OpValue, ...]]:
    """What the ops of the graph of these assets gave in a run that then failed, by their fingerprint.

    Those whose values are no longer in the store are left out.
    """
    found: dict[str, tuple[OpValue, ...]] = {}
    for mark, values in store.log.kept_ops(scope, keys[0]).items():
        loaded = [_op_value(store, one) for one in values]
        if None not in loaded:
            found[mark] = tuple([one for one in loaded if one is not None])
    return found


def _op_value(store: Store, one: KeptOpValue) -> OpValue | None:
    stored = None
    if one.value is not None:
        stored = store.stored(one.value) if store.present(one.value) else None
        if stored is None:
            return None
    return OpValue(
        name=one.name,
        key=one.key,
        data_version=one.data_version,
        stored=stored,
        metadata=one.metadata,
    )
