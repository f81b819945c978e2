"""The moments that a cron schedule names: the last one before a moment, and the next one after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from dagbook.errors.definitions import InvalidDefinition
from dagbook.records import dataclass

# Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# A schedule for the 29th of February names a day within eight years, or none at all.
_LONGEST = 366 * 8


@dataclass(frozen=True, slots=True)
class Cron:
    """A schedule of five fields, as `parse_cron` reads it."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def last(self, now: datetime) -> datetime | None:
        """The newest moment of the schedule that is not after `now`; None where there is none."""
        return self._search(now.replace(second=0, microsecond=0), -1)

    def next(self, now: datetime) -> datetime | None:
        """The first moment of the schedule after `now`; None where there is none."""
        return self._search(now.replace(second=0, microsecond=0) + timedelta(minutes=1), 1)

    def _search(self, start: datetime, step: int) -> datetime | None:
        times = sorted(((h, m) for h in self.hours for m in self.minutes), reverse=step < 0)
        for count in range(_LONGEST):
            day = start + timedelta(days=step * count)
            if not self._names(day):
                continue
            for hour, minute in times:
                moment = day.replace(hour=hour, minute=minute)
                if count or (moment <= start if step < 0 else moment >= start):
                    return moment
        return None

    def _names(self, day: datetime) -> bool:
        of_month = day.day in self.days
        of_week = day.isoweekday() % 7 in self.weekdays
        fits = of_month or of_week if self.either_day else of_month and of_week
        return day.month in self.months and fits


def parse_cron(text: str, owner: str) -> Cron:
    """The schedule of a text such as `0 9 * * 1-5`; raises InvalidDefinition.

    >>> parse_cron("30 9 * * *", "check").last(datetime(2024, 5, 2, 8, 0)).isoformat()
    '2024-05-01T09:30:00'
    """
    fields = text.split()
    if len(fields) != 5:
        raise _fault(text, owner, f"has {len(fields)} fields and not 5")
    names = ((), (), (), _MONTHS, _DAYS)
    numbers = []
    for field, (low, high), known in zip(fields, _RANGES, names, strict=True):
        try:
            numbers.append(_numbers(field.casefold(), low, high, known))
        except ValueError:
            raise _fault(text, owner, f"has a field {field!r} that names nothing") from None
    minutes, hours, days, months, weekdays = numbers
    # Where both days are narrowed down, either is enough: cron's own rule.
    either = not fields[2].startswith("*") and not fields[4].startswith("*")
    weekdays = frozenset(day % 7 for day in weekdays)
    return Cron(minutes, hours, days, months, weekdays, either)


def _numbers(field: str, low: int, high: int, names: tuple[str, ...]) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span == "*":
            start, end = low, high
        else:
            start = _number(first, names, low)
            end = _number(last, names, low) if last else (high if step else start)
        width = int(step) if step else 1
        if not low <= start <= end <= high or width < 1:
            raise ValueError(part)
        found.update(range(start, end + 1, width))
    return frozenset(found)


def _number(word: str, names: tuple[str, ...], low: int) -> int:
    return names.index(word) + low if word in names else int(word)


def _fault(text: str, owner: str, problem: str) -> InvalidDefinition:
    return InvalidDefinition(
        name=owner,
        problem=f"the schedule {text!r} {problem}",
        remedy="Write minute, hour, day, month and weekday, as in '0 9 * * 1-5'.",
    )
