"""Durations, sizes and moments in the words that people use."""

from __future__ import annotations

from datetime import UTC, datetime

SIZES = ("B", "kB", "MB", "GB", "TB")


def duration(seconds: float) -> str:
    """The time in at most two units.

    >>> duration(0.0123), duration(2.34), duration(75), duration(7300)
    ('12 ms', '2.3 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 0.0095:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def size(count: int) -> str:
    """The bytes in the largest unit that leaves at least one.

    >>> size(912), size(1_250_000)
    ('912 B', '1.2 MB')
    """
    amount = float(count)
    for unit in SIZES:
        if amount < 999.5 or unit == SIZES[-1]:
            break
        amount /= 1000
    return f"{count} B" if unit == "B" else f"{amount:.1f} {unit}"


def moment(seconds: float) -> str:
    """The local date and time of so many seconds since 1970."""
    try:
        return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, OSError, ValueError):
        return f"{seconds} s since 1970"


def moment_utc(seconds: float) -> str:
    """The date and time in UTC, for texts that are the same on every machine.

    >>> moment_utc(1_372_939_200)
    '2013-07-04 12:00:00 UTC'
    """
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, OSError, ValueError):
        return f"{seconds} s since 1970"


def counted(number: int, noun: str) -> str:
    """The number with its noun in singular or plural.

    >>> counted(1, "asset"), counted(2_000, "asset")
    ('1 asset', '2,000 assets')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
