"""What a body may hand back besides a plain value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from dagbook.definitions.keys import AssetKey

T = TypeVar("T")


class _NoValue:
    """Stands for 'no value was given', which None does not."""

    def __repr__(self) -> str:
        return "NO_VALUE"

    def __reduce__(self) -> str:
        return "NO_VALUE"


NO_VALUE = _NoValue()


class AssetCheckSeverity(StrEnum):
    """How grave a failing check is: WARN never stops anything; ERROR does where it blocks."""

    WARN = "WARN"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class Output(Generic[T]):
    """A value with what is to be recorded about it.

    >>> Output(3, metadata={"rows": 3}).value
    3
    """

    value: T
    output_name: str = "result"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    data_version: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetCheckResult:
    """The verdict of a check.

    `passed`; `severity` of a failure; `metadata` to show; `check_name` and `asset_key` where one
    body answers for several; `failing_rows`: a frame of the rows that are wrong.

    >>> AssetCheckResult(passed=False, metadata={"nulls": 2}).severity.value
    'ERROR'
    """

    passed: bool
    check_name: str | None = None
    asset_key: AssetKey | None = None
    severity: AssetCheckSeverity = AssetCheckSeverity.ERROR
    metadata: Mapping[str, Any] = field(default_factory=dict)
    description: str | None = None
    failing_rows: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterializeResult:
    """Says that an asset was materialized, with or without a value to keep.

    >>> MaterializeResult(metadata={"rows": 10}).value
    NO_VALUE
    """

    asset_key: AssetKey | None = None
    value: Any = NO_VALUE
    metadata: Mapping[str, Any] = field(default_factory=dict)
    check_results: Sequence[AssetCheckResult] = ()
    data_version: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a failed body is tried again: at most `max_retries` times, `delay` seconds apart.

    >>> RetryPolicy(max_retries=2, delay=0.5).max_retries
    2
    """

    max_retries: int = 1
    delay: float = 0.0
