"""What an asset and a check are declared to be, apart from how they are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dagbook.definitions.keys import AssetCheckKey, AssetKey, KeyLike, as_key
from dagbook.errors.definitions import InvalidDefinition

DEFAULT_GROUP = "default"
EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class AssetSpec:
    """An asset as it is declared: its key and everything that is not code.

    `key`; `deps`: keys that it waits for without reading them; `description`; `group_name`;
    `kinds`: labels such as `sql`; `tags`: text to text; `owners`: e-mail addresses or `team:NAME`;
    `metadata`; `code_version`: replaces the automatic one; `skippable`: its computation may give
    nothing for it.

    >>> AssetSpec("orders", deps=["raw"]).key.to_user_string()
    'orders'
    """

    key: AssetKey
    deps: tuple[AssetKey, ...] = ()
    description: str | None = None
    group_name: str = DEFAULT_GROUP
    kinds: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    owners: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    code_version: str | None = None
    io_manager_key: str = "io_manager"
    partitions_def: object = None
    skippable: bool = False

    def __post_init__(self) -> None:
        if type(self.key) is not AssetKey:
            object.__setattr__(self, "key", as_key(self.key))
        if self.deps:
            object.__setattr__(self, "deps", dep_keys(self.deps, str(self.key)))
        if type(self.kinds) is not frozenset:
            object.__setattr__(self, "kinds", frozenset(self.kinds))
        if self.tags or self.owners:
            _check_labels(self)


@dataclass(frozen=True, slots=True)
class AssetDep:
    """A dependency that is waited for and not read.

    >>> AssetDep("raw").asset
    'raw'
    """

    asset: KeyLike


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCheckSpec:
    """A check as it is declared.

    `name`; `asset`: the asset that is judged; `blocking`: a failure of severity ERROR stops what
    is downstream; `additional_deps`: other assets that the check reads.

    >>> str(AssetCheckSpec(name="no_nulls", asset=AssetKey("orders")).key)
    'orders.no_nulls'
    """

    name: str
    asset: AssetKey
    description: str | None = None
    blocking: bool = False
    additional_deps: tuple[AssetKey, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asset", as_key(self.asset))

    @property
    def key(self) -> AssetCheckKey:
        """The check's own name below its asset's key."""
        return AssetCheckKey(self.asset, self.name)


def dep_keys(deps: Iterable[Any], owner: str) -> tuple[AssetKey, ...]:
    """The keys that `deps` names: strings, paths, keys, specs, definitions; duplicates merge.

    Raises InvalidDefinition for a bare string, which would be read letter by letter.
    """
    if isinstance(deps, str):
        raise InvalidDefinition(
            name=owner, problem=f"deps={deps!r} is a bare string", remedy=f"Write deps=[{deps!r}]."
        )
    found: dict[AssetKey, None] = {}
    for dep in deps:
        found.update(dict.fromkeys(_keys_of(dep)))
    return tuple(found)


def _keys_of(dep: Any) -> Sequence[AssetKey]:
    if isinstance(dep, AssetKey):
        return (dep,)
    if isinstance(dep, AssetDep):
        return _keys_of(dep.asset)
    if isinstance(dep, AssetSpec):
        return (dep.key,)
    keys = getattr(dep, "keys", None)
    if keys is not None and not callable(keys):
        return tuple(keys)
    return (as_key(dep),)


def _check_labels(spec: AssetSpec) -> None:
    for name, value in spec.tags.items():
        parts = name.split("/")
        if len(parts) > 2 or not all(0 < len(part) <= 63 for part in parts):
            _refuse(
                spec,
                f"the tag key {name[:100]!r} is not `[namespace/]key` of 1 to 63 characters a part",
            )
        if not isinstance(value, str):
            _refuse(spec, f"the tag {name!r} has a value that is not text: {value!r}")
    object.__setattr__(spec, "owners", tuple(spec.owners))
    for owner in spec.owners:
        if "@" not in owner and not owner.startswith("team:"):
            _refuse(spec, f"the owner {owner!r} is neither an e-mail address nor `team:NAME`")


def _refuse(spec: AssetSpec, problem: str) -> None:
    raise InvalidDefinition(name=str(spec.key), problem=problem, remedy="Correct the declaration.")
