"""What a body may hand back besides a plain value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from dagbook.definitions.keys import AssetKey, as_key
from dagbook.errors.definitions import InvalidDefinition

T = TypeVar("T")


class _NoValue:
    """Stands for 'no value was given', which None does not."""

    def __repr__(self) -> str:
        return "NO_VALUE"

    def __reduce__(self) -> str:
        return "NO_VALUE"


NO_VALUE = _NoValue()


class AssetCheckSeverity(StrEnum):
    """How grave a failing check is: WARN never stops anything; ERROR does where it blocks.

    >>> AssetCheckSeverity("WARN") is AssetCheckSeverity.WARN
    True
    """

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

    def __post_init__(self) -> None:
        if self.asset_key is not None and type(self.asset_key) is not AssetKey:
            object.__setattr__(self, "asset_key", as_key(self.asset_key))


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

    def __post_init__(self) -> None:
        if self.asset_key is not None and type(self.asset_key) is not AssetKey:
            object.__setattr__(self, "asset_key", as_key(self.asset_key))


class Backoff(StrEnum):
    """How the delay grows with each attempt: times 1, 2, 3 … or times 1, 3, 7 …

    >>> Backoff.EXPONENTIAL.factor(3)
    7
    """

    LINEAR = "LINEAR"
    EXPONENTIAL = "EXPONENTIAL"

    def factor(self, attempt: int) -> int:
        """What the delay is multiplied with before retry number `attempt`, counted from 1."""
        return attempt if self is Backoff.LINEAR else 2**attempt - 1


class Jitter(StrEnum):
    """Chance in the delay: anything up to it, or as much more or less.

    >>> Jitter.FULL.applied(10.0, 0.5)
    5.0
    """

    FULL = "FULL"
    PLUS_MINUS = "PLUS_MINUS"

    def applied(self, delay: float, chance: float) -> float:
        """The delay that `chance`, from 0 to 1, makes of it."""
        return delay * chance if self is Jitter.FULL else delay * 2 * chance


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often a failed body is tried again: at most `max_retries` times, `delay` seconds apart.

    `backoff` lets the delay grow, `jitter` spreads it. Raises InvalidDefinition for one of these
    without a delay.

    >>> RetryPolicy(max_retries=3, delay=0.5, backoff=Backoff.EXPONENTIAL).pause(2)
    1.5
    """

    max_retries: int = 1
    delay: float | None = None
    backoff: Backoff | None = None
    jitter: Jitter | None = None

    def __post_init__(self) -> None:
        if self.delay is None and (self.backoff or self.jitter):
            raise InvalidDefinition(
                name="RetryPolicy",
                problem="backoff and jitter change a delay, and there is none",
                remedy="Give `delay`, in seconds.",
            )

    def pause(self, attempt: int, chance: float = 0.5) -> float:
        """Seconds to wait before retry number `attempt`, counted from 1; `chance` is for the jitter."""
        delay = (self.delay or 0.0) * (self.backoff.factor(attempt) if self.backoff else 1)
        return self.jitter.applied(delay, chance) if self.jitter else delay
