"""What an asset and a check are declared to be, apart from how they are computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dagbook.definitions.arguments import by_name, of_kind, several
from dagbook.definitions.keys import AssetCheckKey, AssetKey, KeyLike, as_key
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

DEFAULT_GROUP = "default"
EMPTY: Mapping[str, Any] = {}
NO_KINDS: frozenset[str] = frozenset()
_TEXTS = ("description", "group_name", "code_version", "io_manager_key")


@dataclass(frozen=True, slots=True, init=False)
class AssetSpec:
    """An asset as it is declared: its key and everything that is not code.

    `key`: a name, a path or a key; `deps`: what it waits for without reading it, as for `@asset`;
    `description`; `group_name`; `kinds`: labels such as `sql`; `tags`: text to text; `owners`:
    e-mail addresses or `team:NAME`; `metadata`; `code_version`: replaces the automatic one;
    `skippable`: its computation may give nothing for it. Raises InvalidName or InvalidDefinition.

    >>> AssetSpec("orders", deps=["raw"]).key.to_user_string()
    'orders'
    """

    key: AssetKey
    deps: tuple[AssetKey, ...]
    description: str | None
    group_name: str
    kinds: frozenset[str]
    tags: Mapping[str, str]
    owners: tuple[str, ...]
    metadata: Mapping[str, Any]
    code_version: str | None
    io_manager_key: str
    partitions_def: object
    skippable: bool

    def __init__(
        self,
        key: KeyLike,
        *,
        deps: Iterable[Any] = (),
        description: str | None = None,
        group_name: str | None = None,
        kinds: Iterable[str] = (),
        tags: Mapping[str, str] = EMPTY,
        owners: Iterable[str] = (),
        metadata: Mapping[str, Any] = EMPTY,
        code_version: str | None = None,
        io_manager_key: str = "io_manager",
        partitions_def: object = None,
        skippable: bool = False,
    ) -> None:
        own = as_key(key)
        texts = (description, group_name, code_version, io_manager_key)
        for name, given in zip(_TEXTS, texts, strict=True):
            if given is not None:
                of_kind(own, name, given, str)
        put = object.__setattr__
        put(self, "key", own)
        put(self, "deps", dep_keys(deps, str(own)) if deps else ())
        put(self, "description", description)
        put(self, "group_name", group_name or DEFAULT_GROUP)
        put(self, "kinds", frozenset(several(own, "kinds", kinds, str)) if kinds else NO_KINDS)
        put(self, "tags", by_name(own, "tags", tags))
        put(self, "owners", several(own, "owners", owners, str) if owners else ())
        put(self, "metadata", by_name(own, "metadata", metadata))
        put(self, "code_version", code_version)
        put(self, "io_manager_key", io_manager_key)
        put(self, "partitions_def", partitions_def)
        put(self, "skippable", skippable)
        if tags or owners:
            _check_labels(self)


@dataclass(frozen=True, slots=True)
class AssetDep:
    """A dependency that is waited for and not read; given by name, key or definition.

    >>> AssetDep("raw").asset
    'raw'
    """

    asset: Any


@dataclass(frozen=True, slots=True, init=False)
class AssetCheckSpec:
    """A check as it is declared.

    `name`; `asset`: the asset that is judged, given by name, key or definition; `blocking`: a
    failure of severity ERROR stops what is downstream; `additional_deps`: other assets that the
    check waits for. Raises InvalidName or InvalidDefinition.

    >>> str(AssetCheckSpec("no_nulls", asset="orders").key)
    'orders.no_nulls'
    """

    name: str
    asset: AssetKey
    description: str | None
    blocking: bool
    additional_deps: tuple[AssetKey, ...]
    metadata: Mapping[str, Any]

    def __init__(
        self,
        name: str,
        *,
        asset: Any,
        description: str | None = None,
        blocking: bool = False,
        additional_deps: Iterable[Any] = (),
        metadata: Mapping[str, Any] = EMPTY,
    ) -> None:
        put = object.__setattr__
        put(self, "name", of_kind("AssetCheckSpec", "name", name, str))
        put(self, "asset", only_key(asset, name))
        put(self, "description", description)
        put(self, "blocking", blocking)
        put(self, "additional_deps", dep_keys(additional_deps, name))
        put(self, "metadata", metadata)

    @property
    def key(self) -> AssetCheckKey:
        """The check's own name below its asset's key."""
        return AssetCheckKey(self.asset, self.name)

    @property
    def asset_key(self) -> AssetKey:
        """The key of the asset that is judged."""
        return self.asset


def dep_keys(deps: Iterable[Any], owner: str) -> tuple[AssetKey, ...]:
    """The keys that `deps` names: strings, paths, keys, specs, definitions; duplicates merge.

    Raises InvalidDefinition for a bare string and for another single thing.
    """
    found: dict[AssetKey, None] = {}
    for dep in several(owner, "deps", deps):
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


def only_key(asset: Any, check: str) -> AssetKey:
    """The key of the one asset that a check judges."""
    if isinstance(asset, (str, AssetKey)):
        return as_key(asset)
    found = dep_keys([asset], check)
    if len(found) != 1:
        several = ", ".join(f"`{key}`" for key in found) or "none"
        raise InvalidDefinition(
            name=check,
            problem=f"it judges one asset, and is given {several}",
            remedy="Give the key of one of them.",
        )
    return found[0]


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
    for owner in spec.owners:
        if "@" not in owner and not owner.startswith("team:"):
            _refuse(spec, f"the owner {owner!r} is neither an e-mail address nor `team:NAME`")


def _refuse(spec: AssetSpec, problem: str) -> None:
    raise InvalidDefinition(name=str(spec.key), problem=problem, remedy="Correct the declaration.")
