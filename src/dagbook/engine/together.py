"""Definitions that are given together: each of a key just once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition
from dagbook.definitions.keys import AssetCheckKey, AssetKey
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.definitions import DuplicateKey


def each_once(given: Iterable[Any]) -> list[Any]:
    """These definitions, without the plain specs of assets that one of them makes.

    One that is given again counts once. Raises DuplicateKey where two define the same.
    """
    every = list({id(one): one for one in given}.values())
    made = {key for one in every if isinstance(one, AssetsDefinition) for key in one.keys}
    found = [one for one in every if type(one) is not AssetSpec or one.key not in made]
    known: dict[AssetKey | AssetCheckKey, Any] = {}
    for one in found:
        for key in _keys(one):
            if key in known:
                places = [getattr(each, "origin", None) for each in (known[key], one)]
                first, second = [place.place if place is not None else None for place in places]
                raise DuplicateKey(name=str(key), first=first, second=second)
            known[key] = one
    return found


def _keys(definition: Any) -> tuple[AssetKey | AssetCheckKey, ...]:
    if isinstance(definition, AssetsDefinition):
        checks = [spec.key for spec in definition.check_specs]
        return (*definition.keys, *checks)
    if isinstance(definition, AssetChecksDefinition):
        return tuple([spec.key for spec in definition.specs])
    return (definition.key,) if isinstance(definition, AssetSpec) else ()
