"""Events that belong together, with the exceptions behind them."""

from __future__ import annotations

from dataclasses import dataclass, field

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import Event


@dataclass(frozen=True, slots=True)
class Happened:
    """Events to be kept in one transaction.

    `errors` are the exceptions that users' code raised, by asset or check; `changed` the (asset,
    input) pairs that a body changed in place.
    """

    events: tuple[Event, ...] = ()
    errors: dict[str, BaseException] = field(default_factory=dict)
    changed: tuple[tuple[AssetKey, str], ...] = ()
