"""The evidence for a cause: which data an input had then and has now, and where staleness began."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import Materialization
from dagbook.records import dataclass
from dagbook.staleness.causes import UpstreamDataChanged, UpstreamStale
from dagbook.staleness.status import AssetStatus
from dagbook.versions.carried import content_of

_CHAINS, _LOOKED_AT = 3, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedInput:
    """An input whose data is another one than when the asset was made.

    `then` and `now` are the records of the two versions, None where they are no longer known; the
    versions themselves always are.
    """

    key: AssetKey
    old: str
    new: str
    then: Materialization | None
    now: Materialization | None


def changed_inputs(
    status: AssetStatus,
    statuses: Mapping[AssetKey, AssetStatus],
    history: Callable[[AssetKey], Iterable[Materialization]],
) -> tuple[ChangedInput, ...]:
    """The inputs behind `upstream data changed`, in the order in which they are read."""
    record = status.materialization
    named = [c for c in status.causes if isinstance(c, UpstreamDataChanged)]
    if record is None or not named:
        return ()
    then = {item.key: content_of(item.data_version) for item in record.inputs}
    now = {item.key: content_of(item.data_version) for item in status.inputs}
    found = []
    for key in named[0].keys:
        old, new = then.get(key, ""), now.get(key, "")
        before = next((one for one in history(key) if content_of(one.data_version) == old), None)
        counts = statuses[key].materialization if key in statuses else None
        found.append(ChangedInput(key=key, old=old, new=new, then=before, now=counts))
    return tuple(found)


def chains_to(
    status: AssetStatus, statuses: Mapping[AssetKey, AssetStatus]
) -> tuple[tuple[AssetStatus, ...], ...]:
    """The ways by which staleness came: from the asset up to each that is stale by itself.

    The shortest to each, the nearest first, at most three.
    """
    found: list[tuple[AssetStatus, ...]] = []
    chains: list[tuple[AssetStatus, ...]] = [(status,)]
    met = {status.key}
    # Grows while it is walked; wide graphs are not looked through for every asset of theirs.
    for chain in chains:
        last = chain[-1]
        if len(chain) > 1 and own_causes(last):
            found.append(chain)
        if len(found) == _CHAINS or len(met) > _LOOKED_AT:
            break
        for cause in last.causes:
            for key in cause.keys if isinstance(cause, UpstreamStale) else ():
                if key in statuses and key not in met:
                    met.add(key)
                    chains.append((*chain, statuses[key]))
    return tuple(found)


def own_causes(status: AssetStatus) -> str:
    """Why it is not fresh, apart from what is above it."""
    own = [str(cause) for cause in status.causes if not isinstance(cause, UpstreamStale)]
    return "; ".join(own) or ("never materialized" if status.state == "missing" else "")


def two_versions(
    records: Iterable[Materialization],
) -> tuple[Materialization, Materialization] | None:
    """The newest record with a value and the one before it that has other data; newest last."""
    newest: Materialization | None = None
    for one in records:
        if one.value is None:
            continue
        if newest is None:
            newest = one
        elif content_of(one.data_version) != content_of(newest.data_version):
            return one, newest
    return None


def cheap(record: Materialization | None, limit: int) -> bool:
    """Whether its value is small enough to be looked at only to say how large it is."""
    return record is not None and record.value is not None and record.value.size <= limit


def sizes(records: Iterable[Any]) -> int:
    """The bytes of the values of these records together."""
    return sum(one.value.size for one in records if one is not None and one.value is not None)
