"""What a body may hand back besides a plain value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Generic, TypeVar

from dagbook.definitions.arguments import amount, by_name, of_kind
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


def severity_of(owner: object, given: AssetCheckSeverity | str) -> AssetCheckSeverity:
    """The severity that is meant; raises InvalidDefinition where there is none of that name."""
    try:
        return AssetCheckSeverity(given)
    except ValueError:
        raise InvalidDefinition(
            name=str(owner),
            problem=f"severity={given!r} is no severity",
            remedy=f"Give one of {', '.join(map(str, AssetCheckSeverity))}.",
        ) from None


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The version that somebody gives to an asset's data: equal texts mean equal data.

    >>> DataVersion("2026-11-20").value
    '2026-11-20'
    """

    value: str


def version_text(version: DataVersion | str | None) -> str | None:
    """The text of a data version, however it is given; raises InvalidDefinition for no text."""
    text = version.value if isinstance(version, DataVersion) else version
    return None if text is None else of_kind("DataVersion", "value", text, str)


@dataclass(frozen=True, slots=True, init=False)
class Output(Generic[T]):
    """A value with what is to be recorded about it.

    >>> Output(3, metadata={"rows": 3}).value
    3
    """

    value: T
    output_name: str
    metadata: Mapping[str, Any]
    data_version: str | None
    tags: Mapping[str, str]

    def __init__(
        self,
        value: T,
        output_name: str = "result",
        metadata: Mapping[str, Any] | None = None,
        data_version: DataVersion | str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "value", value)
        put(self, "output_name", output_name)
        put(self, "metadata", by_name("Output", "metadata", metadata or NO_METADATA))
        put(self, "data_version", version_text(data_version))
        put(self, "tags", tags or NO_METADATA)


def boolean(value: Any) -> bool | None:
    """A bool of Python or of NumPy; None for all else, a boolean Series included."""
    if isinstance(value, bool):
        return value
    kind = type(value)
    if kind.__module__ == "numpy" and kind.__name__ in ("bool", "bool_"):
        return bool(value)
    return None


@dataclass(frozen=True, slots=True, init=False)
class AssetCheckResult:
    """The verdict of a check.

    `passed`; `severity` of a failure; `metadata` to show; `check_name` and `asset_key` where one
    body answers for several; `failing_rows`: a frame of the rows that are wrong. Raises
    InvalidDefinition where `passed` is no bool: no text and no frame may stand for a verdict.

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
        verdict = boolean(passed)
        if verdict is None:
            raise InvalidDefinition(
                name="AssetCheckResult",
                problem=f"passed is of type {type(passed).__name__} and no verdict",
                remedy="Give True or False.",
            )
        put(self, "passed", verdict)
        put(self, "check_name", check_name)
        put(self, "asset_key", None if asset_key is None else as_key(asset_key))
        put(self, "severity", severity_of("AssetCheckResult", severity))
        put(self, "metadata", by_name("AssetCheckResult", "metadata", metadata or NO_METADATA))
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
        put(self, "metadata", by_name("MaterializeResult", "metadata", metadata or NO_METADATA))
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
    without a delay, and for what is no number or below zero.

    >>> RetryPolicy(max_retries=3, delay=0.5, backoff=Backoff.EXPONENTIAL).pause(2)
    1.5
    """

    max_retries: int = 1
    delay: float | None = None
    backoff: Backoff | None = None
    jitter: Jitter | None = None

    def __post_init__(self) -> None:
        of_kind("RetryPolicy", "max_retries", self.max_retries, int)
        amount("RetryPolicy", "max_retries", self.max_retries)
        if self.delay is not None:
            amount("RetryPolicy", "delay", self.delay)
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
