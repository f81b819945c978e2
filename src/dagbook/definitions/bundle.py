"""Several definitions together: what one project consists of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.definitions import InvalidDefinition

NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Assets, checks, resources by name, and jobs; Definitions is what users make."""

    assets: Sequence[AssetsDefinition | AssetSpec] = ()
    asset_checks: Sequence[AssetChecksDefinition] = ()
    resources: Mapping[str, Any] = field(default_factory=lambda: NONE)
    jobs: Sequence[Any] = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The assets, then the checks."""
        return (*self.assets, *self.asset_checks)


def spread(
    given: Iterable[Definition | Bundle],
) -> tuple[tuple[Definition, ...], Mapping[str, Any]]:
    """These definitions, with those of bundles in their place, and the resources of the bundles.

    Raises InvalidDefinition for what is no definition.
    """
    found: list[Definition] = []
    resources: dict[str, Any] = {}
    for one in given:
        if isinstance(one, Bundle):
            found += one.definitions
            resources.update(one.resources)
        elif isinstance(one, (AssetsDefinition, AssetChecksDefinition, AssetSpec)):
            found.append(one)
        else:
            raise InvalidDefinition(
                name=str(getattr(one, "name", None) or type(one).__name__),
                problem=f"a {type(one).__name__} is no asset and no check",
                remedy="Give assets, checks, AssetSpecs or Definitions.",
            )
    return tuple(found), resources
