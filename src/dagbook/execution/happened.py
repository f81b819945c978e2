"""Events that belong together, with the exceptions behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import Event
from dagbook.records import dataclass

NO_VALUES: Mapping[AssetKey, Any] = {}


@dataclass(frozen=True, slots=True)
class Happened:
    """Events to be kept in one transaction.

    `errors` are the exceptions that users' code raised, by asset or check; `changed` the (asset,
    input) pairs that a body changed in place; `values` those that went to I/O managers, where the
    run was asked to give them.
    """

    events: tuple[Event, ...] = ()
    errors: dict[str, BaseException] = field(default_factory=dict)
    changed: tuple[tuple[AssetKey, str], ...] = ()
    values: Mapping[AssetKey, Any] = field(default_factory=lambda: NO_VALUES)
