"""What the world looked like at one moment, as far as freshness depends on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import field

from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.records import dataclass
from dagbook.versions.code import CodeVersion


def plain(version: str) -> str:
    """The data alone."""
    return version


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """The code versions of computations, digests of files and config, values that are gone.

    `noted` are those of whose code something is to be said; `others` holds name to digest for each
    asset that watches files; `external` the data versions of external assets that were looked at;
    `lost` the keys whose kept value no longer exists; `now` is in seconds since 1970. `as_read` gives
    for a data version what its readers depend on: the data and the code of the user's classes in it.
    """

    code: Mapping[AssetKey | AssetCheckKey, CodeVersion]
    noted: Collection[AssetKey | AssetCheckKey] = ()
    others: Mapping[AssetKey | AssetCheckKey, Mapping[str, str]] = field(default_factory=dict)
    external: Mapping[AssetKey, str] = field(default_factory=dict)
    lost: frozenset[AssetKey] = frozenset()
    now: float = 0.0
    as_read: Callable[[str], str] = plain
