"""Checks made from a few numbers: that columns stay, that metadata is in bounds, that data is new."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from dagbook.definitions.assets import AssetChecksDefinition
from dagbook.definitions.cron import Cron, parse_cron
from dagbook.definitions.current import surroundings
from dagbook.definitions.keys import AssetKey
from dagbook.definitions.metadata import MetadataValue
from dagbook.definitions.ops import OpDefinition
from dagbook.definitions.results import AssetCheckResult, AssetCheckSeverity
from dagbook.definitions.specs import AssetCheckSpec, dep_keys
from dagbook.definitions.tables import TableSchema
from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

Judge = Callable[["Seen"], AssetCheckResult]


class Made(Protocol):
    """One materialization, as far as these checks look at it."""

    @property
    def time(self) -> float: ...
    @property
    def metadata(self) -> Mapping[str, MetadataValue]: ...


class Seen(Protocol):
    """What these checks ask of their context: the newest materializations, and the time."""

    @property
    def materializations(self) -> Sequence[Made]: ...
    @property
    def now(self) -> float: ...


def build_column_schema_change_checks(
    *, assets: Iterable[Any], severity: AssetCheckSeverity = AssetCheckSeverity.WARN
) -> Sequence[AssetChecksDefinition]:
    """A check `column_schema_change` for each asset: its columns are those of the time before.

    `assets`: keys or definitions, whose materializations have a TableSchema in their metadata;
    `severity` of a failure.

    >>> [str(check) for check in build_column_schema_change_checks(assets=["orders"])]
    ['<check orders.column_schema_change>']
    """
    return _checks(
        assets,
        "column_schema_change",
        SchemaChange(severity),
        description="The columns are those of the materialization before.",
    )


def build_metadata_bounds_checks(
    *,
    assets: Iterable[Any],
    metadata_key: str,
    severity: AssetCheckSeverity = AssetCheckSeverity.WARN,
    min_value: float | None = None,
    max_value: float | None = None,
    exclusive_min: bool = False,
    exclusive_max: bool = False,
) -> Sequence[AssetChecksDefinition]:
    """A check `<key>_bounds_check` for each asset: a number in its metadata is within bounds.

    `metadata_key`: the name of the number; `min_value`, `max_value`: the bounds, which are allowed
    themselves unless `exclusive_min`, `exclusive_max`. Raises InvalidDefinition without any bound,
    and for a lower one above the upper one.

    >>> made = build_metadata_bounds_checks(assets=["a"], metadata_key="rows", min_value=1)
    >>> str(made[0].specs[0].key)
    'a.rows_bounds_check'
    """
    name = f"{re.sub(r'[^A-Za-z0-9_]', '_', metadata_key)}_bounds_check"
    if min_value is None and max_value is None:
        raise InvalidDefinition(
            name=name, problem="it has no bound", remedy="Give `min_value` or `max_value`."
        )
    if min_value is not None and max_value is not None and min_value > max_value:
        raise InvalidDefinition(
            name=name,
            problem=f"its `min_value` {min_value} is above its `max_value` {max_value}",
            remedy="Exchange them.",
        )
    judge = Bounds(metadata_key, severity, min_value, max_value, exclusive_min, exclusive_max)
    return _checks(assets, name, judge, description=f"{metadata_key} is {judge.range}.")


def build_last_update_freshness_checks(
    *,
    assets: Iterable[Any],
    lower_bound_delta: timedelta,
    deadline_cron: str | None = None,
    timezone: str = "UTC",
    severity: AssetCheckSeverity = AssetCheckSeverity.WARN,
    blocking: bool = False,
) -> Sequence[AssetChecksDefinition]:
    """A check `freshness_check` for each asset: it was materialized not too long ago.

    `lower_bound_delta`: how long before now, or before the newest moment of `deadline_cron` (in
    `timezone`), is early enough. The verdict holds for the moment only: every run gives it anew.
    Raises InvalidDefinition for a schedule that can't be read.

    >>> made = build_last_update_freshness_checks(
    ...     assets=["orders"], lower_bound_delta=timedelta(hours=3)
    ... )
    >>> str(made[0].specs[0].key)
    'orders.freshness_check'
    """
    name = "freshness_check"
    cron = parse_cron(deadline_cron, name) if deadline_cron is not None else None
    judge = Freshness(severity, lower_bound_delta.total_seconds(), cron, timezone, deadline_cron)
    return _checks(
        assets,
        name,
        judge,
        description="It was materialized not too long ago.",
        blocking=blocking,
        momentary=True,
    )


@dataclass(frozen=True, slots=True)
class _Judging:
    """The base of what judges: its fields are its code."""

    def __dagbook_code__(self) -> tuple[str, ...]:
        return (type(self).__name__, repr(self))


@dataclass(frozen=True, slots=True)
class SchemaChange(_Judging):
    """Compares the columns of the two newest materializations."""

    severity: AssetCheckSeverity

    def __call__(self, context: Seen) -> AssetCheckResult:
        """The verdict; it passes where there is nothing to compare with yet."""
        if len(context.materializations) < 2:
            return self._result(True, "There is no materialization before to compare with.")
        new, old = [_schema_in(one.metadata) for one in context.materializations[:2]]
        if new is None:
            return self._result(False, "The newest materialization tells no columns.")
        if old is None:
            return self._result(False, "The materialization before tells no columns.")
        changes = list(_changes(old, new))
        if not changes:
            return self._result(True, "The columns are the same.")
        return self._result(False, "; ".join(changes))

    def _result(self, passed: bool, description: str) -> AssetCheckResult:
        return AssetCheckResult(passed=passed, severity=self.severity, description=description)


@dataclass(frozen=True, slots=True)
class Bounds(_Judging):
    """Compares a number in the metadata with its bounds."""

    key: str
    severity: AssetCheckSeverity
    low: float | None
    high: float | None
    above_low: bool
    below_high: bool

    @property
    def range(self) -> str:
        """The bounds in words."""
        words = []
        if self.low is not None:
            words.append(f"above {self.low}" if self.above_low else f"at least {self.low}")
        if self.high is not None:
            words.append(f"below {self.high}" if self.below_high else f"at most {self.high}")
        return " and ".join(words)

    def __call__(self, context: Seen) -> AssetCheckResult:
        """The verdict; what is missing or no number fails."""
        newest = next(iter(context.materializations), None)
        if newest is None:
            return self._result(False, "It was never materialized.")
        if self.key not in newest.metadata:
            return self._result(False, f"The metadata has no `{self.key}`.")
        value = newest.metadata[self.key].value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self._result(False, f"`{self.key}` is no number.")
        passed = self._within(value)
        words = "is" if passed else "should be"
        found = "" if passed else f" and is {value}"
        return self._result(passed, f"`{self.key}` {words} {self.range}{found}.", value)

    def _within(self, value: float) -> bool:
        if math.isnan(value):
            return False
        over = self.low is None or (value > self.low if self.above_low else value >= self.low)
        under = self.high is None or (value < self.high if self.below_high else value <= self.high)
        return over and under

    def _result(self, passed: bool, words: str, value: float | None = None) -> AssetCheckResult:
        said = {} if value is None else {self.key: value}
        return AssetCheckResult(
            passed=passed, severity=self.severity, description=words, metadata=said
        )


@dataclass(frozen=True, slots=True)
class Freshness(_Judging):
    """Compares the time of the newest materialization with what is early enough, in seconds."""

    severity: AssetCheckSeverity
    delta: float
    cron: Cron | None
    timezone: str
    schedule: str | None

    def __call__(self, context: Seen) -> AssetCheckResult:
        """The verdict at this moment."""
        now = datetime.fromtimestamp(context.now, tz=ZoneInfo(self.timezone))
        tick = self.cron.last(now) if self.cron is not None else None
        bound = (tick or now).timestamp() - self.delta
        newest = next(iter(context.materializations), None)
        passed = newest is not None and newest.time >= bound
        metadata: dict[str, Any] = {"earliest allowed": MetadataValue.timestamp(bound)}
        if newest is None:
            words = "It was never materialized."
        else:
            metadata["last update"] = MetadataValue.timestamp(newest.time)
            words = (
                "It was materialized in time."
                if passed
                else f"It is {timedelta(seconds=round(bound - newest.time))} overdue."
            )
        return AssetCheckResult(
            passed=passed, severity=self.severity, description=words, metadata=metadata
        )


def _checks(
    assets: Iterable[Any],
    name: str,
    judge: Judge,
    *,
    description: str,
    blocking: bool = False,
    momentary: bool = False,
) -> list[AssetChecksDefinition]:
    made = []
    for key in _each_once(dep_keys(assets, name), name):
        spec = AssetCheckSpec(name=name, asset=key, description=description, blocking=blocking)
        one = AssetChecksDefinition(
            op=OpDefinition(name=name, fn=judge, takes_context=True),
            specs=(spec,),
            recent=2,
            momentary=momentary,
        )
        made.append(surroundings.told(one))
    return made


def _each_once(keys: Sequence[AssetKey], name: str) -> Iterator[AssetKey]:
    if not keys:
        raise InvalidDefinition(
            name=name, problem="it judges no asset", remedy="Name one in `assets`."
        )
    yield from keys


def _schema_in(metadata: Mapping[str, MetadataValue]) -> TableSchema | None:
    for one in metadata.values():
        if isinstance(one.value, TableSchema):
            return one.value
    return None


def _changes(old: TableSchema, new: TableSchema) -> Iterator[str]:
    before = {column.name: column.type for column in old.columns}
    after = {column.name: column.type for column in new.columns}
    added = [name for name in after if name not in before]
    removed = [name for name in before if name not in after]
    if added:
        yield f"added: {', '.join(added)}"
    if removed:
        yield f"removed: {', '.join(removed)}"
    for name, kind in after.items():
        if name in before and before[name] != kind:
            yield f"{name}: {before[name]} → {kind}"
