"""What a workspace's looks at code know from outside the code."""

from __future__ import annotations

from collections.abc import Callable, Sized
from dataclasses import replace

from dagbook.engine.settings import Settings
from dagbook.engine.store import Store
from dagbook.io.salt import store_salt
from dagbook.observation.outside import Outside
from dagbook.versions.remembered import Remembered
from dagbook.versions.web import Provenance

# Seconds that a look which nobody asked for may spend on large values.
PASSIVE = 0.05


def outside_of(named: Callable[[str], Sized], store: Store) -> Outside:
    """For all looks of a workspace: `named` gives the assets that bear a name."""
    return Outside(
        is_asset=lambda name: bool(named(name)),
        salt=store_salt(store.folder.root),
        remembered=Remembered(),
    )


def as_set(
    outside: Outside, settings: Settings, provenance: Provenance, passive: bool = False
) -> Outside:
    """For one look: with what is set by now; a `passive` one is short."""
    tracked = settings.packages == "invalidate"
    budget = PASSIVE if passive else None
    return replace(outside, provenance=provenance, packages=tracked, budget=budget)
