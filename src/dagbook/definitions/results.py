"""What a body may hand back besides a plain value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from dagbook.definitions.keys import AssetKey, KeyLike, as_key
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

T = TypeVar("T")


class _NoValue:
    """Stands for 'no value was given', which None does not."""

    def __repr__(self) -> str:
        return "NO_VALUE"

    def __reduce__(self) -> str:
        return "NO_VALUE"


NO_VALUE = _NoValue()
NO_METADATA: Mapping[str, Any] = {}


class AssetCheckSeverity(StrEnum):
    """How grave a failing check is: WARN never stops anything; ERROR does where it blocks.

    >>> AssetCheckSeverity("WARN") is AssetCheckSeverity.WARN
    True
    """

    WARN = "WARN"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The version that somebody gives to an asset's data: equal texts mean equal data.

    >>> DataVersion("2026-11-20").value
    '2026-11-20'
    """

    value: str


def version_text(version: DataVersion | str | None) -> str | None:
    """The text of a data version, however it is given."""
    return version.value if isinstance(version, DataVersion) else version


@dataclass(frozen=True, slots=True)
class Output(Generic[T]):
    """A value with what is to be recorded about it.

    >>> Output(3, metadata={"rows": 3}).value
    3
    """

    value: T
    output_name: str = "result"
    metadata: Mapping[str, Any] = field(default_factory=lambda: NO_METADATA)
    data_version: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)


@dataclass(frozen=True, slots=True, init=False)
class AssetCheckResult:
    """The verdict of a check.

    `passed`; `severity` of a failure; `metadata` to show; `check_name` and `asset_key` where one
    body answers for several; `failing_rows`: a frame of the rows that are wrong.

    >>> AssetCheckResult(passed=False, metadata={"nulls": 2}).severity.value
    'ERROR'
    """

    passed: bool
    check_name: str | None
    asset_key: AssetKey | None
    severity: AssetCheckSeverity
    metadata: Mapping[str, Any]
    description: str | None
    failing_rows: Any

    def __init__(
        self,
        *,
        passed: bool,
        asset_key: KeyLike | None = None,
        check_name: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        severity: AssetCheckSeverity = AssetCheckSeverity.ERROR,
        description: str | None = None,
        failing_rows: Any = None,
    ) -> None:
        put = object.__setattr__
        put(self, "passed", passed)
        put(self, "check_name", check_name)
        put(self, "asset_key", None if asset_key is None else as_key(asset_key))
        put(self, "severity", severity)
        put(self, "metadata", metadata or NO_METADATA)
        put(self, "description", description)
        put(self, "failing_rows", failing_rows)


@dataclass(frozen=True, slots=True, init=False)
class MaterializeResult:
    """Says that an asset was materialized, with or without a value to keep.

    >>> MaterializeResult(metadata={"rows": 10}).value
    NO_VALUE
    """

    asset_key: AssetKey | None
    value: Any
    metadata: Mapping[str, Any]
    check_results: Sequence[AssetCheckResult]
    data_version: str | None
    tags: Mapping[str, str]

    def __init__(
        self,
        asset_key: KeyLike | None = None,
        metadata: Mapping[str, Any] | None = None,
        check_results: Sequence[AssetCheckResult] = (),
        data_version: DataVersion | str | None = None,
        tags: Mapping[str, str] | None = None,
        value: Any = NO_VALUE,
    ) -> None:
        put = object.__setattr__
        put(self, "asset_key", None if asset_key is None else as_key(asset_key))
        put(self, "value", value)
        put(self, "metadata", metadata or NO_METADATA)
        put(self, "check_results", check_results)
        put(self, "data_version", version_text(data_version))
        put(self, "tags", tags or NO_METADATA)


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


@dataclass(frozen=True, slots=True)
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
