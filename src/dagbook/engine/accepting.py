"""Marking a stale asset as fresh after a change that did not matter."""

from __future__ import annotations

from dataclasses import replace

from dagbook.definitions.keys import AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.errors.execution import InvalidAcceptance
from dagbook.events.records import ACCEPTED, Accepted, CodeSeen, Event, Materialization
from dagbook.execution.addresses import new_id
from dagbook.staleness.causes import CodeChanged
from dagbook.staleness.observations import Observations
from dagbook.staleness.status import AssetStatus, Statuses
from dagbook.versions.document import encode_parts


def accept_events(
    key: AssetKey, observed: tuple[Observations, Statuses], reason: str, now: float
) -> tuple[Event, ...]:
    """The acceptance, after the text of the code that it is for, which explains later changes.

    Raises as `accepted` does.
    """
    seen, statuses = observed
    event = Accepted(materialization=accepted(statuses.assets[key], reason, now), reason=reason)
    code = seen.code.get(key)
    if code is None:
        return (event,)
    version = event.materialization.code_version
    return (CodeSeen(code_version=version, document=encode_parts(code.parts)), event)


def accepted(status: AssetStatus, reason: str, now: float) -> Materialization:
    """The current record as it counts after the acceptance.

    Raises InvalidAcceptance where no reason is given, there is no value, or more than code changed.
    """
    asset = str(status.key)
    if not reason.strip():
        raise InvalidAcceptance(asset=asset, problem="no reason is given", remedy="Say why.")
    record = status.materialization
    if record is None or status.fingerprint is None:
        raise InvalidAcceptance(
            asset=asset,
            problem="it has no value on the data above it",
            remedy=f"`%materialize {asset}` makes one.",
        )
    if not all(isinstance(cause, CodeChanged) for cause in status.causes):
        raise InvalidAcceptance(
            asset=asset,
            problem=f"more than its code changed ({status.why})",
            remedy=f"`%materialize {asset}` brings it up to date.",
        )
    return replace(
        record,
        id=new_id(now),
        time=now,
        code_version=status.code_version,
        fingerprint=status.fingerprint,
        inputs=record.inputs if status.is_fresh else status.inputs,
        metadata={**record.metadata, ACCEPTED: MetadataValue.text(reason)},
        # What was accepted by a person is nobody else's result.
        tracked=False,
    )
