"""The decorator `observable_source_asset`: what is made elsewhere, with a function that looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, overload

from dagbook.definitions.current import surroundings
from dagbook.definitions.decorating import decorating
from dagbook.definitions.decorators import declared_key
from dagbook.definitions.keys import AssetKey, KeyLike, as_key
from dagbook.definitions.ops import OpDefinition, op_from_function
from dagbook.definitions.origin import Origin
from dagbook.definitions.results import NO_METADATA, DataVersion, version_text
from dagbook.definitions.specs import EMPTY, AssetSpec
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

Body = Callable[..., Any]


@dataclass(frozen=True, slots=True, init=False, eq=False)
class ObservableSource(AssetSpec):
    """An external asset whose data version a function tells, each time that somebody looks.

    >>> @observable_source_asset
    ... def rates():
    ...     return DataVersion("3")
    >>> rates().value, rates.key.to_user_string()
    ('3', 'rates')
    """

    op: OpDefinition
    resource_defs: Mapping[str, Any]

    def __init__(
        self,
        key: KeyLike,
        *,
        op: OpDefinition,
        resource_defs: Mapping[str, Any] = EMPTY,
        **declared: Any,
    ) -> None:
        AssetSpec.__init__(self, key, **declared)
        object.__setattr__(self, "op", op)
        object.__setattr__(self, "resource_defs", resource_defs)

    @property
    def keys(self) -> tuple[AssetKey, ...]:
        """Its key, as the only one."""
        return (self.key,)

    @property
    def specs(self) -> tuple[AssetSpec, ...]:
        """Itself, as the only one."""
        return (self,)

    @property
    def origin(self) -> Origin:
        """Where it was written."""
        return self.op.origin

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function, as a test does."""
        return self.op.fn(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<source {self.key}>"


@dataclass(frozen=True, slots=True, init=False)
class ObserveResult:
    """What was seen of an external asset: the version of its data.

    >>> ObserveResult(data_version=DataVersion("3")).data_version
    '3'
    """

    asset_key: AssetKey | None
    metadata: Mapping[str, Any]
    data_version: str | None
    tags: Mapping[str, str]

    def __init__(
        self,
        asset_key: KeyLike | None = None,
        metadata: Mapping[str, Any] | None = None,
        *,
        data_version: DataVersion | str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "asset_key", None if asset_key is None else as_key(asset_key))
        put(self, "metadata", metadata or NO_METADATA)
        put(self, "data_version", version_text(data_version))
        put(self, "tags", tags or NO_METADATA)


@overload
def observable_source_asset(fn: Body, /) -> ObservableSource: ...
@overload
def observable_source_asset(
    *,
    key: KeyLike | None = None,
    name: str | None = None,
    key_prefix: str | Sequence[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    io_manager_key: str | None = None,
    description: str | None = None,
    group_name: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Callable[[Body], ObservableSource]: ...
def observable_source_asset(fn: Body | None = None, /, **options: Any) -> Any:
    """Declare an asset that is made elsewhere, by a function that says which version its data has.

    The function returns a DataVersion, or an ObserveResult with one; equal versions mean equal
    data, so that what reads the asset is stale when the version changes. It is asked whenever
    something is planned, and between times where it answers quickly; where it raises, a warning is
    logged and the data counts as changed. `io_manager_key` names the manager that loads the value
    for readers of it; the other arguments are those of `@asset`. Raises InvalidDefinition or
    InvalidName.

    >>> @observable_source_asset(group_name="bank")
    ... def rates():
    ...     return DataVersion("2026-11-20")
    >>> rates.group_name
    'bank'
    """

    return decorating(_observable_source_asset, fn, options)


def _observable_source_asset(
    fn: Body,
    *,
    key: KeyLike | None = None,
    name: str | None = None,
    key_prefix: str | Sequence[str] | None = None,
    metadata: Mapping[str, Any] | None = None,
    io_manager_key: str | None = None,
    description: str | None = None,
    group_name: str | None = None,
    required_resource_keys: Iterable[str] | None = None,
    resource_defs: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
) -> ObservableSource:
    own = declared_key(fn, name, key, key_prefix)
    op = op_from_function(fn, name=own.name, required_resource_keys=required_resource_keys or ())
    if op.ins:
        raise InvalidDefinition(
            name=str(own),
            problem=f"it looks at what is made elsewhere, and has the input `{op.ins[0].name}`",
            remedy="It can take a context, resources and a config.",
        )
    return surroundings.told(
        ObservableSource(
            own,
            op=op,
            resource_defs=resource_defs or EMPTY,
            description=description or fn.__doc__,
            group_name=group_name,
            tags=tags or EMPTY,
            metadata=metadata or EMPTY,
            io_manager_key=io_manager_key or "io_manager",
        )
    )
