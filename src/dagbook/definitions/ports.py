"""The inputs and outputs that a user declares for ops, graphs and multi-assets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any, Generic, TypeVar

from dagbook.definitions.keys import AssetKey, KeyLike, as_key
from dagbook.definitions.ops import ANY, OpOutput, Parameter
from dagbook.definitions.results import NO_VALUE
from dagbook.definitions.specs import EMPTY, AssetSpec
from dagbook.errors.definitions import InvalidName
from dagbook.records import dataclass

T = TypeVar("T")
MAPPING_KEY = re.compile(r"[A-Za-z0-9_]+\Z")


def declared_type(declared: Any) -> Any:
    """The type as an annotation says it, where one is declared."""
    return ANY if declared is NO_VALUE else declared


@dataclass(frozen=True, slots=True)
class In:
    """An input of an op: its type, its default, what it is.

    `dagster_type` is a type that the value must have, or `Nothing` for an input that is only
    waited for, which is then no parameter of the function.

    >>> In(int, default_value=3).default_value
    3
    """

    dagster_type: Any = NO_VALUE
    description: str | None = None
    default_value: Any = NO_VALUE
    metadata: Mapping[str, Any] | None = None
    input_manager_key: str | None = None

    def parameter(self, known: Parameter) -> Parameter:
        """The parameter of the function with what is declared here."""
        return Parameter(
            known.name,
            known.default if self.default_value is NO_VALUE else self.default_value,
            known.annotation if self.dagster_type is NO_VALUE else self.dagster_type,
            self.input_manager_key,
            self.metadata,
        )


@dataclass(frozen=True, slots=True)
class Out:
    """An output of an op: its type, and whether it must be given.

    >>> Out(int, is_required=False).is_required
    False
    """

    dagster_type: Any = NO_VALUE
    description: str | None = None
    is_required: bool = True
    io_manager_key: str | None = None
    metadata: Mapping[str, Any] | None = None
    code_version: str | None = None

    @property
    def dynamic(self) -> bool:
        """Whether it may be given several times."""
        return False

    def output(self, name: str) -> OpOutput:
        """The op's output of this name."""
        return OpOutput(
            name,
            self.is_required,
            declared_type(self.dagster_type),
            self.dynamic,
            self.io_manager_key or "io_manager",
            self.metadata,
        )


@dataclass(frozen=True, slots=True)
class DynamicOut(Out):
    """An output that an op gives as often as it likes, by DynamicOutput.

    >>> DynamicOut(int).dynamic
    True
    """

    @property
    def dynamic(self) -> bool:
        """Whether it may be given several times."""
        return True


@dataclass(frozen=True, slots=True)
class DynamicOutput(Generic[T]):
    """One of the values of a dynamic output, under a key of its own.

    Raises InvalidName for a key that is not made of letters, digits and underscores.

    >>> DynamicOutput(3, mapping_key="third").mapping_key
    'third'
    """

    value: T
    mapping_key: str
    output_name: str = "result"
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.mapping_key, str) or MAPPING_KEY.match(self.mapping_key) is None:
            raise InvalidName(what="entry of a dynamic output", name=str(self.mapping_key)[:200])


@dataclass(frozen=True, slots=True)
class GraphIn:
    """An input of a graph.

    >>> GraphIn(description="the raw rows").description
    'the raw rows'
    """

    description: str | None = None


@dataclass(frozen=True, slots=True)
class GraphOut:
    """An output of a graph.

    >>> GraphOut(description="the clean rows").description
    'the clean rows'
    """

    description: str | None = None


@dataclass(frozen=True, slots=True)
class AssetOut:
    """An asset that a multi-asset gives: what `@asset` would say of it.

    `key` or `key_prefix`; `is_required`; `dagster_type` is the type of its value; the rest as in
    AssetSpec.

    >>> AssetOut(key_prefix="raw").resolve("flights").key.to_user_string()
    'raw/flights'
    """

    key_prefix: str | Sequence[str] | None = None
    key: KeyLike | None = None
    dagster_type: Any = NO_VALUE
    description: str | None = None
    is_required: bool = True
    io_manager_key: str | None = None
    metadata: Mapping[str, Any] | None = None
    group_name: str | None = None
    code_version: str | None = None
    owners: Sequence[str] | None = None
    tags: Mapping[str, str] | None = None
    kinds: Iterable[str] | None = None

    def resolve(
        self, name: str, deps: Sequence[AssetKey] = (), group: str | None = None
    ) -> AssetSpec:
        """The spec of the asset whose output has this name."""
        key = as_key(self.key if self.key is not None else name)
        return AssetSpec(
            key.with_prefix(self.key_prefix) if self.key_prefix else key,
            deps=deps,
            description=self.description,
            group_name=self.group_name or group,
            kinds=self.kinds or (),
            tags=self.tags or EMPTY,
            owners=self.owners or (),
            metadata=self.metadata or EMPTY,
            code_version=self.code_version,
            io_manager_key=self.io_manager_key or "io_manager",
        )

    def output(self, name: str) -> OpOutput:
        """The op's output of this name."""
        declared = declared_type(self.dagster_type)
        return OpOutput(
            name, self.is_required, declared, False, self.io_manager_key or "io_manager"
        )
