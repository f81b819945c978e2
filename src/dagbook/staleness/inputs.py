"""Compares what an asset reads with what it read when its value was made."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dagbook.definitions.keys import AssetKey
from dagbook.events.records import InputVersion
from dagbook.records import dataclass
from dagbook.versions.carried import content_of


@dataclass(frozen=True, slots=True)
class Exchange:
    """An input that stands where another one stood; `same`: with its data, None where it has none yet."""

    new: AssetKey
    old: AssetKey
    same: bool | None

    def __str__(self) -> str:
        said = {True: ", with the same data", False: ", with other data", None: ""}
        return f"{self.new} in place of {self.old}{said[self.same]}"


def exchanges(
    then: Iterable[InputVersion], now: Iterable[InputVersion], unsettled: Collection[AssetKey]
) -> tuple[list[AssetKey], list[AssetKey], list[Exchange]]:
    """The inputs that joined, those that left, and which of the first stand where the second stood.

    Args:
        then: what was read.
        now: what would be read, as far as it has data.
        unsettled: inputs that are not up to date, with data or without.
    """
    old, new = {item.key: item for item in then}, {item.key: item for item in now}
    keys = {*new, *unsettled}
    removed = sorted(old.keys() - keys)
    if not removed and new.keys() <= old.keys():
        return [], [], []  # what is new and has no data yet is told of as such
    added = sorted(keys - old.keys())
    alone = len(added) == len(removed) == 1
    found = [
        Exchange(one, other, _same(old[other], new.get(one)))
        for one in added
        for other in removed
        if alone or _is_named_alike(one, old[other], new)
    ]
    return added, removed, found


def _is_named_alike(
    key: AssetKey, then: InputVersion, new: Mapping[AssetKey, InputVersion]
) -> bool:
    return key in new and new[key].name == then.name != ""


def _same(then: InputVersion, now: InputVersion | None) -> bool | None:
    return None if now is None else content_of(then.data_version) == content_of(now.data_version)
