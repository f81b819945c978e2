"""Several definitions together: what one project consists of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from dagbook.definitions.assets import AssetChecksDefinition, AssetsDefinition, Definition
from dagbook.definitions.origin import origin_of
from dagbook.definitions.specs import AssetSpec
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

NONE: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Bundle:
    """Assets, checks, resources by name, and jobs; Definitions is what users make."""

    assets: Sequence[AssetsDefinition | AssetSpec] = ()
    asset_checks: Sequence[AssetChecksDefinition] = field(default=(), kw_only=True)
    resources: Mapping[str, Any] = field(default_factory=lambda: NONE, kw_only=True)
    jobs: Sequence[Any] = field(default=(), kw_only=True)

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The assets, then the checks."""
        return (*self.assets, *self.asset_checks)


@dataclass(frozen=True, slots=True)
class LazyDefinitions:
    """A function that gives Definitions, which is called when they are loaded."""

    fn: Callable[[], Bundle]

    def __call__(self) -> Bundle:
        """The Definitions; raises InvalidDefinition where the function gives something else."""
        found = self.fn()
        if isinstance(found, Bundle):
            return found
        raise InvalidDefinition(
            name=self.fn.__name__,
            problem=f"it gave a value of type {type(found).__name__}",
            remedy="Return Definitions.",
            place=origin_of(self.fn).place,
        )


def definitions(fn: Callable[[], Bundle]) -> LazyDefinitions:
    """Mark a function of a module that returns its Definitions: they are made when they are loaded.

    >>> from dagbook import Definitions, asset
    >>> @asset
    ... def orders():
    ...     return [1, 2]
    >>> @definitions
    ... def everything():
    ...     return Definitions(assets=[orders])
    >>> everything().assets
    [<asset orders>]
    """
    return LazyDefinitions(fn)


def spread(
    given: Iterable[Definition | Bundle | LazyDefinitions],
) -> tuple[tuple[Definition, ...], Mapping[str, Any]]:
    """These definitions, with those of bundles in their place, and the resources of the bundles.

    Raises InvalidDefinition for what is no definition.
    """
    found: list[Definition] = []
    resources: dict[str, Any] = {}
    for item in given:
        one = item() if isinstance(item, LazyDefinitions) else item
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
