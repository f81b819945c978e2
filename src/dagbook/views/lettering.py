"""Prepares names for drawing: what can't be shown is replaced, what is too long loses its middle."""

from __future__ import annotations

import re
import unicodedata

# Controls, surrogates and what turns the direction of writing would break a line or lie about it.
UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff0-\uffff]"
)
UNSHOWABLE_IN_BLOCK = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
ELLIPSIS = "…"

# Widths in ems of a wide sans serif (DejaVu), so that a narrower font never overflows.
NARROW = frozenset("iljtfI.,:;'|!()[]{}/\\ ·")
BROAD = frozenset("mwMWQO@%—…✓✗●○▶⊘◇")


def clean_line(text: object) -> str:
    """The text on one line, with a replacement sign for each character that can't be shown.

    >>> clean_line("a" + chr(10) + "b")
    'a b'
    """
    return UNSHOWABLE.sub("\ufffd", str(text).replace("\n", " ").replace("\t", " "))


def clean_block(text: object) -> str:
    """The text with its lines kept, without the escape codes of terminals and unshowable signs."""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", str(text))
    return UNSHOWABLE_IN_BLOCK.sub("\ufffd", plain.replace("\r\n", "\n"))


def elide(text: str, most: int) -> str:
    """At most `most` characters: the middle gives way to an ellipsis.

    >>> elide("customer_orders", 9)
    'cust…ders'
    """
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return text[: most - 1 - tail] + ELLIPSIS + (text[-tail:] if tail else "")


def cut(text: str, most: int) -> str:
    """At most `most` characters: the end gives way to a note of what is missing.

    >>> cut("abcdefgh", 3)
    'abc… (5 more characters)'
    """
    if len(text) <= most:
        return text
    return f"{text[:most]}{ELLIPSIS} ({len(text) - most:,} more characters)"


def width_of(text: str, size: float) -> float:
    """The width in pixels that the text takes at most, set in `size` pixels."""
    return size * sum(map(_ems, text))


def fit(text: str, size: float, room: float) -> str:
    """The text with so much of its middle left out that it is at most `room` pixels wide."""
    shown = elide(text, max(4, int(room / (size * 0.3))))
    while len(shown) > 4 and width_of(shown, size) > room:
        shown = elide(text, len(shown) - 1)
    return shown


def columns_of(text: str) -> int:
    """The number of terminal columns that the text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _ems(sign: str) -> float:
    if sign in NARROW:
        return 0.41
    if sign in BROAD:
        return 0.96
    if "a" <= sign <= "z" or "0" <= sign <= "9":
        return 0.64
    if sign.isascii():
        return 0.75
    if unicodedata.combining(sign):
        return 0.0
    return 1.05 if unicodedata.east_asian_width(sign) in "WFA" else 0.85
